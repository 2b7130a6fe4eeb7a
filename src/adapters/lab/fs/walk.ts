import type { FsErrorCode } from '../program.ts'
import type { Disk, DiskNode } from './disk.ts'

/** Who looks, by numbers. */
export type Identity = { readonly uid: number; readonly gids: ReadonlySet<number> }

/** Where a path leads: the directory that holds the last name, and the node if it exists. */
export type Place = { readonly parent: DiskNode; readonly name: string; readonly node: DiskNode | undefined }

/** Follows an absolute path with a user's rights; a missing last name is a place without a node. */
export function walk(
  disk: Disk,
  who: Identity,
  options: { readonly path: string; readonly followLast: boolean },
): Place | FsErrorCode {
  const wantsDirectory = options.path.length > 1 && options.path.endsWith('/')
  const stack: DiskNode[] = [disk.root]
  const pending = options.path.split('/').filter((part) => part !== '' && part !== '.')
  let place: Place = { parent: disk.root, name: '', node: disk.root }
  let linksLeft = maxLinks
  while (pending.length > 0) {
    const name = pending.shift() ?? ''
    const parent = stack.at(-1) ?? disk.root
    if (parent.kind !== 'directory') return 'ENOTDIR'
    if (!isAllowed(parent, who, 1)) return 'EACCES'
    if (name === '..') {
      if (stack.length > 1) stack.pop()
      place = { parent: stack.at(-2) ?? disk.root, name: '', node: stack.at(-1) }
      continue
    }
    const node = parent.entries.get(name)
    place = { parent, name, node }
    if (node === undefined) return pending.length > 0 ? 'ENOENT' : place
    const isLast = pending.length === 0
    if (node.kind === 'symlink' && (!isLast || options.followLast || wantsDirectory)) {
      linksLeft -= 1
      if (linksLeft < 0) return 'ELOOP'
      if (node.target.startsWith('/')) stack.length = 1
      pending.unshift(...node.target.split('/').filter((part) => part !== '' && part !== '.'))
      if (pending.length === 0) place = { parent: disk.root, name: '', node: stack.at(-1) }
    } else stack.push(node)
  }
  if (wantsDirectory && place.node !== undefined && place.node.kind !== 'directory') return 'ENOTDIR'
  return place
}

/** Whether a node's permission bits give a user `bit` (4 read, 2 write, 1 execute). */
export function isAllowed(node: DiskNode, who: Identity, bit: 1 | 2 | 4): boolean {
  if (who.uid === 0) return bit !== 1 || node.kind === 'directory' || (node.mode & 0o111) !== 0
  if (node.uid === who.uid) return ((node.mode >> 6) & bit) !== 0
  if (who.gids.has(node.gid)) return ((node.mode >> 3) & bit) !== 0
  return (node.mode & bit) !== 0
}

/** As Linux's MAXSYMLINKS. */
const maxLinks = 40
