import type { FsStat } from '../program.ts'
import type { Accounts } from './accounts.ts'
import type { DiskNode } from './disk.ts'

/** What `stat` says of a node; a number without a name is its own name, as in `ls -l`. */
export function statNode(accounts: Accounts, node: DiskNode): FsStat {
  const owner = accounts.users.find((user) => user.uid === node.uid)?.name ?? String(node.uid)
  const group = [...accounts.groups].find(([, gid]) => gid === node.gid)?.[0] ?? String(node.gid)
  return {
    kind: node.kind,
    mode: node.mode,
    uid: node.uid,
    gid: node.gid,
    owner,
    group,
    sizeBytes: sizeOf(node),
    mtimeMs: node.mtimeMs,
    inode: node.id,
    links: node.kind === 'directory' ? 2 + countDirectories(node) : node.links,
  }
}

/** The size that an ext4 directory of few names shows. */
const directorySizeBytes = 4096

function sizeOf(node: DiskNode): number {
  if (node.kind === 'directory') return directorySizeBytes
  return node.kind === 'symlink' ? node.target.length : node.sizeBytes
}

function countDirectories(node: DiskNode): number {
  let count = 0
  for (const child of node.entries.values()) if (child.kind === 'directory') count += 1
  return count
}
