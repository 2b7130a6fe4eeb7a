import type { FsErrorCode, LabUser } from '../program.ts'
import type { Accounts } from './accounts.ts'
import type { DiskNode } from './disk.ts'
import type { Identity } from './walk.ts'

/** What a change of mode or owner needs to know of the one who asks for it. */
export type Changer = {
  readonly who: Identity
  readonly options: { readonly accounts: Accounts; readonly user: LabUser }
}

/** Sets a node's permission bits: its owner and root may. */
export function chmodNode(changer: Changer, node: DiskNode, mode: number): FsErrorCode | undefined {
  if (changer.who.uid !== 0 && changer.who.uid !== node.uid) return 'EPERM'
  node.mode = mode & 0o7777
  return undefined
}

/** Gives a node to another user (root may) or group (root, or the owner who is a member of it). */
export function chownNode(
  changer: Changer,
  node: DiskNode,
  to: { readonly owner?: string; readonly group?: string },
): FsErrorCode | undefined {
  const { accounts } = changer.options
  const uid = to.owner === undefined ? node.uid : userId(accounts, to.owner)
  const gid = to.group === undefined ? node.gid : groupId(accounts, to.group)
  if (uid === undefined || gid === undefined) return 'EINVAL'
  const isRoot = changer.who.uid === 0
  if (!isRoot && uid !== node.uid) return 'EPERM'
  if (!isRoot && (node.uid !== changer.who.uid || !changer.who.gids.has(gid))) return 'EPERM'
  node.uid = uid
  node.gid = gid
  return undefined
}

function userId(accounts: Accounts, name: string): number | undefined {
  return accounts.users.find((user) => user.name === name)?.uid ?? numeric(name)
}

function groupId(accounts: Accounts, name: string): number | undefined {
  return accounts.groups.get(name) ?? numeric(name)
}

function numeric(name: string): number | undefined {
  return /^\d+$/.test(name) ? Number(name) : undefined
}
