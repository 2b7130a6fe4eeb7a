import type { FsErrorCode } from '../program.ts'
import { unlinkNode } from './disk.ts'
import type { Disk, DiskNode } from './disk.ts'
import type { Place } from './walk.ts'

/** The part of a view that a rename needs. */
export type Renamer = {
  readonly options: { readonly disk: Disk; readonly nowMs: () => number }
  place(path: string, followLast: boolean): Place | FsErrorCode
  refuseChange(parent: DiskNode, node?: DiskNode): FsErrorCode | undefined
}

/** Does what rename(2) does: atomic, replaces a file by a file and an empty directory by a directory. */
export function renameNode(view: Renamer, from: string, to: string): FsErrorCode | undefined {
  const source = view.place(from.replace(/(.)\/+$/, '$1'), false)
  if (typeof source === 'string') return source
  if (source.node === undefined) return 'ENOENT'
  const target = view.place(to.replace(/(.)\/+$/, '$1'), false)
  if (typeof target === 'string') return target
  if (source.name === '' || target.name === '') return 'EINVAL'
  if (source.node === target.node) return undefined
  const refused =
    refuseReplacement(source.node, target) ??
    view.refuseChange(source.parent, source.node) ??
    view.refuseChange(target.parent, target.node)
  if (refused !== undefined) return refused
  if (target.node !== undefined) unlinkNode(view.options.disk, target.parent, target.name)
  source.parent.entries.delete(source.name)
  target.parent.entries.set(target.name, source.node)
  source.parent.mtimeMs = view.options.nowMs()
  target.parent.mtimeMs = view.options.nowMs()
  return undefined
}

function refuseReplacement(node: DiskNode, target: Place): FsErrorCode | undefined {
  if (node.kind === 'directory' && contains(node, target.parent)) return 'EINVAL'
  if (target.node === undefined) return undefined
  const isDirectory = target.node.kind === 'directory'
  if (node.kind !== 'directory') return isDirectory ? 'EISDIR' : undefined
  if (!isDirectory) return 'ENOTDIR'
  return target.node.entries.size > 0 ? 'ENOTEMPTY' : undefined
}

function contains(node: DiskNode, sought: DiskNode): boolean {
  if (node === sought) return true
  for (const child of node.entries.values())
    if (child.kind === 'directory' && contains(child, sought)) return true
  return false
}
