import type { FsErrorCode, FsResult, LabFs, LabUser, WriteOptions } from '../program.ts'
import { appendText, buildNode, nullDevice, setText, unlinkNode } from './disk.ts'
import type { Disk, DiskNode } from './disk.ts'
import { identityOf } from './accounts.ts'
import type { Accounts } from './accounts.ts'
import { resolvePath } from './path.ts'
import { isAllowed, walk } from './walk.ts'
import type { Identity, Place } from './walk.ts'
import { renameNode } from './rename.ts'
import { statNode } from './stat-node.ts'
import { chmodNode, chownNode } from './change-node.ts'

/** What a view needs to know of the process that looks through it. */
export type FsViewOptions = {
  readonly disk: Disk
  readonly accounts: Accounts
  readonly user: LabUser
  readonly cwd: () => string
  readonly umask: () => number
  readonly nowMs: () => number
}

/** Opens a disk with one user's rights, directory and umask. */
export function openFsView(options: FsViewOptions): LabFs {
  const view = new FsView(options)
  return view
}

/** A view with what its own parts share; programs see it as {@link LabFs}. */
export class FsView implements LabFs {
  readonly options: FsViewOptions
  readonly who: Identity
  constructor(options: FsViewOptions) {
    this.options = options
    this.who = identityOf(options.accounts, options.user)
  }

  resolve(path: string): string {
    return resolvePath(this.options.cwd(), path)
  }

  place(path: string, followLast: boolean): Place | FsErrorCode {
    if (path === '') return 'ENOENT'
    const absolute = path.startsWith('/') ? path : `${this.options.cwd()}/${path}`
    return walk(this.options.disk, this.who, { path: absolute, followLast })
  }

  node(path: string, followLast = true): DiskNode | FsErrorCode {
    const place = this.place(path, followLast)
    return typeof place === 'string' ? place : (place.node ?? 'ENOENT')
  }

  exists(path: string): boolean {
    return typeof this.node(path) !== 'string'
  }

  stat(path: string): ReturnType<LabFs['stat']> {
    const node = this.node(path)
    return typeof node === 'string' ? failed(node) : done(statNode(this.options.accounts, node))
  }

  lstat(path: string): ReturnType<LabFs['stat']> {
    const node = this.node(path, false)
    return typeof node === 'string' ? failed(node) : done(statNode(this.options.accounts, node))
  }

  can(path: string, access: 'read' | 'write' | 'execute'): boolean {
    const node = this.node(path)
    if (typeof node === 'string') return false
    if (access === 'write' && this.options.disk.readOnly) return false
    return isAllowed(node, this.who, { read: 4, write: 2, execute: 1 }[access] as 1 | 2 | 4)
  }

  readFile(path: string): FsResult<string> {
    const node = this.node(path)
    if (typeof node === 'string') return failed(node)
    if (node.kind === 'directory') return failed('EISDIR')
    return isAllowed(node, this.who, 4) ? done(node.text) : failed('EACCES')
  }

  writeFile(path: string, text: string, options: WriteOptions = {}): FsResult<void> {
    const opened = this.openForWriting(path, options.mode ?? 0o666)
    if (typeof opened === 'string') return failed(opened)
    opened.mtimeMs = this.options.nowMs()
    if (opened.program !== nullDevice) opened.program = undefined
    if (options.append === true)
      return appendText(this.options.disk, opened, text) ? nothing : failed('ENOSPC')
    setText(this.options.disk, opened, '')
    return setText(this.options.disk, opened, text) ? nothing : failed('ENOSPC')
  }

  writeProgram(path: string, program: string): FsResult<void> {
    const written = this.writeFile(path, `\u007fELF program ${program}\n`, { mode: 0o755 })
    const node = this.node(path)
    if (written.ok && typeof node !== 'string') node.program = program
    return written
  }

  mkdir(path: string, options: { readonly parents?: boolean; readonly mode?: number } = {}): FsResult<void> {
    const absolute = path === '' ? '' : this.resolve(path)
    if (options.parents === true) {
      const cut = absolute.lastIndexOf('/')
      const found = this.node(absolute)
      if (typeof found !== 'string') return found.kind === 'directory' ? nothing : failed('EEXIST')
      if (cut > 0) {
        const above = this.mkdir(absolute.slice(0, cut), { parents: true })
        if (!above.ok) return above
      }
    }
    const place = this.place(absolute, false)
    if (typeof place === 'string') return failed(place)
    if (place.node !== undefined) return failed('EEXIST')
    const made = this.add(place, 'directory', { mode: options.mode ?? 0o777 })
    return typeof made === 'string' ? failed(made) : nothing
  }

  remove(path: string, options: { recursive?: boolean; directory?: boolean } = {}): FsResult<void> {
    const place = this.place(path.replace(/(.)\/+$/, '$1'), false)
    if (typeof place === 'string') return failed(place)
    if (place.node === undefined) return failed('ENOENT')
    if (place.name === '') return failed('EINVAL')
    const isDirectory = place.node.kind === 'directory'
    if (isDirectory && options.recursive !== true && options.directory !== true) return failed('EISDIR')
    if (!isDirectory && options.directory === true && options.recursive !== true) return failed('ENOTDIR')
    const refused = this.refuseChange(place.parent, place.node)
    if (refused !== undefined) return failed(refused)
    if (isDirectory && place.node.entries.size > 0) {
      if (options.recursive !== true) return failed('ENOTEMPTY')
      if (!isAllowed(place.node, this.who, 2)) return failed('EACCES')
    }
    unlinkNode(this.options.disk, place.parent, place.name)
    place.parent.mtimeMs = this.options.nowMs()
    return nothing
  }

  rename(from: string, to: string): FsResult<void> {
    const refused = renameNode(this, from, to)
    return refused === undefined ? nothing : failed(refused)
  }

  list(path: string): FsResult<readonly string[]> {
    const node = this.node(path)
    if (typeof node === 'string') return failed(node)
    if (node.kind !== 'directory') return failed('ENOTDIR')
    if (!isAllowed(node, this.who, 4)) return failed('EACCES')
    return done([...node.entries.keys()].toSorted())
  }

  chmod(path: string, mode: number): FsResult<void> {
    return this.change(path, (node) => chmodNode(this, node, mode))
  }

  chown(path: string, to: { readonly owner?: string; readonly group?: string }): FsResult<void> {
    return this.change(path, (node) => chownNode(this, node, to))
  }

  symlink(target: string, path: string): FsResult<void> {
    const place = this.place(path, false)
    if (typeof place === 'string') return failed(place)
    if (place.node !== undefined) return failed('EEXIST')
    const made = this.add(place, 'symlink', { mode: 0o777, target })
    return typeof made === 'string' ? failed(made) : nothing
  }

  link(existing: string, path: string): FsResult<void> {
    const node = this.node(existing, false)
    if (typeof node === 'string') return failed(node)
    if (node.kind === 'directory') return failed('EPERM')
    const place = this.place(path, false)
    if (typeof place === 'string') return failed(place)
    if (place.node !== undefined) return failed('EEXIST')
    const refused = this.refuseChange(place.parent)
    if (refused !== undefined) return failed(refused)
    place.parent.entries.set(place.name, node)
    node.links += 1
    return nothing
  }

  readLink(path: string): FsResult<string> {
    const node = this.node(path, false)
    if (typeof node === 'string') return failed(node)
    return node.kind === 'symlink' ? done(node.target) : failed('EINVAL')
  }

  touch(path: string, mtimeMs?: number): FsResult<void> {
    const found = this.node(path)
    if (found === 'ENOENT') {
      const made = this.writeFile(path, '')
      if (!made.ok) return made
    }
    return this.change(path, (node) => {
      if (node.uid !== this.who.uid && !isAllowed(node, this.who, 2)) return 'EACCES'
      node.mtimeMs = mtimeMs ?? this.options.nowMs()
      return undefined
    })
  }

  usage(): { readonly capacityBytes: number; readonly usedBytes: number } {
    const { capacityBytes, usedBytes } = this.options.disk
    return { capacityBytes, usedBytes }
  }

  /** Why this user may not add to or take from a directory; undefined when that is allowed. */
  refuseChange(parent: DiskNode, node?: DiskNode): FsErrorCode | undefined {
    if (this.options.disk.readOnly) return 'EROFS'
    if (!isAllowed(parent, this.who, 2) || !isAllowed(parent, this.who, 1)) return 'EACCES'
    const isSticky = (parent.mode & stickyBit) !== 0
    const isOwner = this.who.uid === 0 || node?.uid === this.who.uid || parent.uid === this.who.uid
    return isSticky && node !== undefined && !isOwner ? 'EPERM' : undefined
  }

  private change(path: string, act: (node: DiskNode) => FsErrorCode | undefined): FsResult<void> {
    const node = this.node(path)
    if (typeof node === 'string') return failed(node)
    const refused = this.options.disk.readOnly ? 'EROFS' : act(node)
    return refused === undefined ? nothing : failed(refused)
  }

  private openForWriting(path: string, mode: number): DiskNode | FsErrorCode {
    const place = this.place(path, true)
    if (typeof place === 'string') return place
    if (place.node === undefined) return path.endsWith('/') ? 'EISDIR' : this.add(place, 'file', { mode })
    if (place.node.kind === 'directory') return 'EISDIR'
    if (this.options.disk.readOnly) return 'EROFS'
    return isAllowed(place.node, this.who, 2) ? place.node : 'EACCES'
  }

  private add(
    place: Place,
    kind: DiskNode['kind'],
    options: { readonly mode: number; readonly target?: string },
  ): DiskNode | FsErrorCode {
    const refused = this.refuseChange(place.parent)
    if (refused !== undefined) return refused
    const { disk, user, umask, nowMs } = this.options
    const node = buildNode(disk, {
      ...options,
      kind,
      mode: kind === 'symlink' ? 0o777 : options.mode & ~umask(),
      uid: user.uid,
      gid: (place.parent.mode & 0o2000) === 0 ? user.gid : place.parent.gid,
      mtimeMs: nowMs(),
    })
    place.parent.entries.set(place.name, node)
    place.parent.mtimeMs = nowMs()
    return node
  }
}

const stickyBit = 0o1000
const nothing: FsResult<void> = { ok: true, value: undefined }

function done<T>(value: T): FsResult<T> {
  return { ok: true, value }
}

function failed(code: FsErrorCode): { readonly ok: false; readonly code: FsErrorCode } {
  return { ok: false, code }
}
