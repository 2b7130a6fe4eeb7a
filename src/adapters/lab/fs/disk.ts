import { countBytes } from '../bytes.ts'

/** A node of a disk; exactly one of `text`, `entries` and `target` counts, by `kind`. */
export type DiskNode = {
  readonly id: number
  readonly kind: 'file' | 'directory' | 'symlink'
  mode: number
  uid: number
  gid: number
  mtimeMs: number
  links: number
  text: string
  sizeBytes: number
  /** The entry of the host's program table that this file runs. */
  program: string | undefined
  readonly entries: Map<string, DiskNode>
  readonly target: string
}

/** The data of one disk, without rights: see `fs-view.ts` for what a user may do with it. */
export type Disk = {
  readonly root: DiskNode
  capacityBytes: number
  usedBytes: number
  nextId: number
  readOnly: boolean
}

export type NewNode = {
  readonly kind: DiskNode['kind']
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeMs: number
  readonly target?: string
}

/** The `program` of a file that swallows what is written to it. */
export const nullDevice = 'device:null'

/** Makes an empty disk that holds only its root directory. */
export function buildDisk(
  options: { readonly capacityBytes?: number; readonly mtimeMs?: number } = {},
): Disk {
  const disk = {
    capacityBytes: options.capacityBytes ?? defaultCapacityBytes,
    usedBytes: 0,
    nextId: 2,
    readOnly: false,
  }
  const root = emptyNode(1, { kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtimeMs: options.mtimeMs ?? 0 })
  return { ...disk, root }
}

/** Makes a node that is not yet in any directory. */
export function buildNode(disk: Disk, options: NewNode): DiskNode {
  const node = emptyNode(disk.nextId, options)
  disk.nextId += 1
  return node
}

/** Replaces a file's text; false when the disk is too small for it (the text is then what it was). */
export function setText(disk: Disk, node: DiskNode, text: string): boolean {
  if (node.program === nullDevice) return true
  const sizeBytes = countBytes(text)
  const grownBytes = sizeBytes - node.sizeBytes
  if (grownBytes > 0 && disk.usedBytes + grownBytes > disk.capacityBytes) return false
  node.text = text
  node.sizeBytes = sizeBytes
  disk.usedBytes += grownBytes
  return true
}

/** Adds to a file's text; false when the disk is too small. */
export function appendText(disk: Disk, node: DiskNode, text: string): boolean {
  if (node.program === nullDevice) return true
  const grownBytes = countBytes(text)
  if (grownBytes > 0 && disk.usedBytes + grownBytes > disk.capacityBytes) return false
  node.text += text
  node.sizeBytes += grownBytes
  disk.usedBytes += grownBytes
  return true
}

/** Takes one name away from a node; the space is free when no name is left. */
export function unlinkNode(disk: Disk, parent: DiskNode, name: string): void {
  const node = parent.entries.get(name)
  if (node === undefined) return
  parent.entries.delete(name)
  node.links -= 1
  if (node.kind === 'directory') for (const child of node.entries.keys()) unlinkNode(disk, node, child)
  else if (node.links <= 0) disk.usedBytes -= node.sizeBytes
}

/** 40 GB, the size of a usual virtual machine's root disk. */
const defaultCapacityBytes = 40 * 1024 ** 3

function emptyNode(id: number, options: NewNode): DiskNode {
  return {
    id,
    kind: options.kind,
    mode: options.mode,
    uid: options.uid,
    gid: options.gid,
    mtimeMs: options.mtimeMs,
    links: 1,
    text: '',
    sizeBytes: 0,
    program: undefined,
    entries: new Map(),
    target: options.target ?? '',
  }
}
