import type { FsKind, FsResult, FsStat, LabFs } from '../../../src/adapters/lab/program.ts'

type Entry = { kind: FsKind; text: string; mode: number; owner: string; group: string }

const done: FsResult<void> = { ok: true, value: undefined }
const missing = { ok: false, code: 'ENOENT' } as const

/** A file system without users' rights for tests of programs: directories exist as soon as something lies in them. */
export function createMemoryFs(): LabFs & {
  readonly programs: Map<string, string>
  readonly locked: Set<string>
} {
  const entries = new Map<string, Entry>([
    ['/', { kind: 'directory', text: '', mode: 0o755, owner: 'root', group: 'root' }],
  ])
  const programs = new Map<string, string>()
  const locked = new Set<string>()
  const put = (path: string, kind: FsKind, text: string): void => {
    entries.set(path, { kind, text, mode: 0o644, owner: 'root', group: 'root' })
  }
  const below = (path: string): string[] => [...entries.keys()].filter((each) => each.startsWith(`${path}/`))
  const stat = (path: string): FsResult<FsStat> => {
    const entry = entries.get(path) ?? (below(path).length > 0 ? entries.get('/') : undefined)
    if (entry === undefined) return missing
    const { kind, mode, owner, group, text } = entry
    const numbers = { uid: 0, gid: 0, mtimeMs: 0, inode: 1, links: 1, sizeBytes: text.length }
    return { ok: true, value: { kind, mode, owner, group, ...numbers } }
  }
  return {
    programs,
    locked,
    resolve: (path) => (path.startsWith('/') ? path : `/root/${path}`),
    exists: (path) => stat(path).ok,
    stat,
    lstat: stat,
    can: (path) => stat(path).ok,
    readFile: (path) => {
      const entry = entries.get(path)
      return entry?.kind === 'file' ? { ok: true, value: entry.text } : missing
    },
    writeFile: (path, text, options) => {
      if ([...locked].some((each) => path.startsWith(each))) return { ok: false, code: 'EACCES' }
      const before = options?.append === true ? (entries.get(path)?.text ?? '') : ''
      put(path, 'file', before + text)
      return done
    },
    writeProgram: (path, program) => {
      put(path, 'file', `program ${program}\n`)
      programs.set(path, program)
      return done
    },
    mkdir: (path) => {
      if (!entries.has(path)) put(path, 'directory', '')
      return done
    },
    remove: (path) => {
      if (!stat(path).ok) return missing
      for (const each of [path, ...below(path)]) entries.delete(each)
      return done
    },
    rename: (from, to) => {
      const entry = entries.get(from)
      if (entry === undefined) return missing
      entries.delete(from)
      entries.set(to, entry)
      return done
    },
    list: (path) => {
      const prefix = path === '/' ? '/' : `${path}/`
      const names = below(path === '/' ? '' : path).map(
        (each) => each.slice(prefix.length).split('/')[0] ?? '',
      )
      return { ok: true, value: [...new Set(names)].filter((name) => name !== '').toSorted() }
    },
    chmod: () => done,
    chown: (path, to) => {
      const entry = entries.get(path)
      if (entry !== undefined)
        entries.set(path, { ...entry, owner: to.owner ?? entry.owner, group: to.group ?? entry.group })
      return done
    },
    symlink: () => done,
    link: () => done,
    readLink: () => missing,
    touch: () => done,
    usage: () => ({ capacityBytes: 1e10, usedBytes: 0 }),
  }
}
