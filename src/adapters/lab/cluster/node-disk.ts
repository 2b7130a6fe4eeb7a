import type { NodeState, SavedIdentity } from './cluster-state.ts'
import { traitsOf } from './world.ts'
import type { World } from './world.ts'

const LOCAL_TABLE = 'local-7ad54392bcdd35a684174e047860b377'
const ROLES_TABLE = 'roles-5bc52802de2535edaeab188eecebb090'

/** Whether the node's own table still lies in its data directory: without it the node remembers nothing. */
export function hasSavedTables(world: World, node: NodeState, dataDir: string): boolean {
  return world.bindings.get(node.name)?.files.exists(localTable(dataDir)) ?? node.saved !== undefined
}

/** Writes the files that a node has once its first start got through the checks; false when it may not. */
export function writeSavedTables(
  world: World,
  node: NodeState,
  saved: { readonly identity: SavedIdentity; readonly dataDir: string },
): boolean {
  const files = world.bindings.get(node.name)?.files
  if (files === undefined) return true
  const { identity, dataDir } = saved
  const row = `cluster_name=${identity.clusterName} host_id=${identity.hostId} bootstrapped=${identity.joined ? 'COMPLETED' : 'NEEDS_BOOTSTRAP'}\n`
  const isWritten = files.write(localTable(dataDir), row)
  return (
    isWritten && files.write(`${dataDir}/system_auth/${ROLES_TABLE}/${sstable(node)}`, 'system_auth.roles\n')
  )
}

/** Where a snapshot of a keyspace lies. */
export function snapshotManifest(node: NodeState, snapshot: { keyspace: string; tag: string }): string {
  const table = snapshot.keyspace === 'system_auth' ? ROLES_TABLE : `data-${snapshot.keyspace}`
  return `${node.config?.dataDir ?? ''}/${snapshot.keyspace}/${table}/snapshots/${snapshot.tag}/manifest.json`
}

function localTable(dataDir: string): string {
  return `${dataDir}/system/${LOCAL_TABLE}/local.marker-Data.db`
}

function sstable(node: NodeState): string {
  const format = {
    '2.2': 'la-1-big',
    '3.11': 'md-1-big',
    '4.0': 'nb-1-big',
    '4.1': 'nb-1-big',
    '5.0': 'nb-1-big',
  }
  return `${format[traitsOf(node).line]}-Data.db`
}
