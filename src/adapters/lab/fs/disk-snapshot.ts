import { buildDisk, buildNode, setText } from './disk.ts'
import type { Disk, DiskNode } from './disk.ts'

/** A disk as plain JSON; hard links come back as such. */
export type DiskSnapshot = {
  readonly version: 1
  readonly capacityBytes: number
  readonly readOnly: boolean
  readonly nodes: readonly NodeSnapshot[]
}

export type NodeSnapshot = {
  readonly path: string
  readonly kind: DiskNode['kind']
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeMs: number
  readonly text?: string
  readonly program?: string
  readonly target?: string
  /** The path of an earlier node that this one is another name of. */
  readonly same?: string
}

/** Takes a picture of a disk that survives `JSON.stringify`. */
export function buildDiskSnapshot(disk: Disk): DiskSnapshot {
  const nodes: NodeSnapshot[] = []
  const seen = new Map<number, string>()
  const visit = (node: DiskNode, path: string): void => {
    const same = seen.get(node.id)
    if (same === undefined) seen.set(node.id, path)
    nodes.push(snapshotNode(node, path, same))
    for (const [name, child] of node.entries) {
      if (path === '/proc' && name !== 'sys') continue
      visit(child, `${path === '/' ? '' : path}/${name}`)
    }
  }
  visit(disk.root, '/')
  return { version: 1, capacityBytes: disk.capacityBytes, readOnly: disk.readOnly, nodes }
}

/** Builds the disk of which {@link buildDiskSnapshot} took the picture. */
export function restoreDisk(snapshot: DiskSnapshot): Disk {
  const disk = buildDisk()
  const byPath = new Map<string, DiskNode>([['/', disk.root]])
  for (const saved of snapshot.nodes) {
    const linked = saved.same === undefined ? undefined : byPath.get(saved.same)
    const node = saved.path === '/' ? disk.root : (linked ?? buildNode(disk, saved))
    Object.assign(node, { mode: saved.mode, uid: saved.uid, gid: saved.gid, mtimeMs: saved.mtimeMs })
    if (linked === undefined) {
      node.program = saved.program
      setText(disk, node, saved.text ?? '')
    } else node.links += 1
    byPath.set(saved.path, node)
    const cut = saved.path.lastIndexOf('/')
    if (saved.path !== '/')
      byPath.get(saved.path.slice(0, cut) || '/')?.entries.set(saved.path.slice(cut + 1), node)
  }
  disk.capacityBytes = snapshot.capacityBytes
  disk.readOnly = snapshot.readOnly
  return disk
}

function snapshotNode(node: DiskNode, path: string, same: string | undefined): NodeSnapshot {
  const { kind, mode, uid, gid, mtimeMs } = node
  return {
    path,
    kind,
    mode,
    uid,
    gid,
    mtimeMs,
    ...(node.text === '' || same !== undefined ? {} : { text: node.text }),
    ...(node.program === undefined ? {} : { program: node.program }),
    ...(kind === 'symlink' ? { target: node.target } : {}),
    ...(same === undefined ? {} : { same }),
  }
}
