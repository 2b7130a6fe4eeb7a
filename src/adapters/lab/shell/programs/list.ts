import { formatFsError } from '../../fs/fs-error.ts'
import { joinPath } from '../../fs/path.ts'
import type { FsStat, LabFs, Program } from '../../program.ts'
import { formatTime } from './date.ts'
import { formatMode } from './file-mode.ts'
import { parseOptions, refuseOption } from './options.ts'

/** `ls [-laA1dRthrSFn] [PATH…]`. */
export const ls: Program = async (context) => {
  const options = parseOptions(context.args, {
    flags: [...'laA1dLRthrSFnipC', 'color', 'all', 'time-style'],
    values: ['color', 'time-style'],
  })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown, 2)
  const { fs } = context
  const { flags } = options
  let status = 0
  const files: Entry[] = []
  const directories: string[] = []
  for (const path of options.rest.length === 0 ? ['.'] : options.rest) {
    const stat =
      flags.has('L') || !(flags.has('l') || flags.has('d')) ? fs.stat(path) : statBoth(fs, path, true)
    if (!stat.ok) {
      context.writeError(`ls: cannot access '${path}': ${formatFsError(stat.code)}\n`)
      status = 2
    } else if (stat.value.kind === 'directory' && !flags.has('d')) directories.push(path)
    else files.push({ name: path, path, stat: stat.value })
  }
  const print = (entries: readonly Entry[]): void =>
    context.write(formatEntries(entries, { flags, fs, nowMs: context.clock.nowMs() }))
  print(sortEntries(files, flags))
  const showsNames = directories.length > 1 || files.length > 0 || flags.has('R') || status > 0
  const queue = sortEntries(
    directories.map((path) => ({ name: path, path })),
    new Set(),
  ).map(({ path }) => path)
  for (let isFirst = files.length === 0; queue.length > 0; isFirst = false) {
    const path = queue.shift() ?? ''
    const names = fs.list(path)
    if (!names.ok) {
      context.writeError(`ls: cannot open directory '${path}': ${formatFsError(names.code)}\n`)
      status = 2
      continue
    }
    const entries = entriesOf(fs, path, visible(names.value, flags))
    if (showsNames) context.write(`${isFirst ? '' : '\n'}${path}:\n`)
    if (flags.has('l')) context.write(`total ${entries.reduce((sum, { stat }) => sum + blocksOf(stat), 0)}\n`)
    print(sortEntries(entries, flags))
    if (flags.has('R')) {
      queue.unshift(
        ...entries
          .filter(({ stat, name }) => stat?.kind === 'directory' && name !== '.' && name !== '..')
          .map((entry) => entry.path),
      )
    }
  }
  return status
}

type Entry = { readonly name: string; readonly path: string; readonly stat?: FsStat }

function statBoth(fs: LabFs, path: string, ofLink: boolean): ReturnType<LabFs['stat']> {
  const stat = fs.lstat(path)
  if (stat.ok && stat.value.kind === 'symlink' && (!ofLink || path.endsWith('/'))) return fs.stat(path)
  return stat
}

function visible(names: readonly string[], flags: ReadonlySet<string>): readonly string[] {
  if (flags.has('a') || flags.has('all')) return ['.', '..', ...names]
  return flags.has('A') ? names : names.filter((name) => !name.startsWith('.'))
}

function entriesOf(fs: LabFs, directory: string, names: readonly string[]): Entry[] {
  return names.flatMap((name) => {
    const path = joinPath(directory, name)
    const stat = fs.lstat(path)
    return stat.ok ? [{ name, path, stat: stat.value }] : []
  })
}

function sortEntries(entries: readonly Entry[], flags: ReadonlySet<string>): readonly Entry[] {
  const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  const sorted = entries.toSorted((a, b) => {
    if (flags.has('t')) return (b.stat?.mtimeMs ?? 0) - (a.stat?.mtimeMs ?? 0) || byName(a, b)
    if (flags.has('S')) return (b.stat?.sizeBytes ?? 0) - (a.stat?.sizeBytes ?? 0) || byName(a, b)
    return byName(a, b)
  })
  return flags.has('r') ? sorted.toReversed() : sorted
}

/** Kilobytes that an entry takes up, as `ls` totals them. */
function blocksOf(stat: FsStat | undefined): number {
  return stat === undefined || stat.kind === 'symlink' ? 0 : Math.ceil(stat.sizeBytes / 4096) * 4
}

type Look = { readonly flags: ReadonlySet<string>; readonly fs: LabFs; readonly nowMs: number }

function formatEntries(entries: readonly Entry[], look: Look): string {
  const { flags } = look
  const nameOf = ({ name, path, stat }: Entry): string => {
    const isDirectory = stat?.kind === 'directory'
    const mark =
      flags.has('F') || flags.has('p')
        ? isDirectory
          ? '/'
          : flags.has('F') && stat !== undefined && (stat.mode & 0o111) !== 0
            ? '*'
            : ''
        : ''
    const target = flags.has('l') && stat?.kind === 'symlink' ? look.fs.readLink(path) : undefined
    return `${name}${mark}${target?.ok === true ? ` -> ${target.value}` : ''}`
  }
  if (!flags.has('l') && !flags.has('n')) return entries.map((entry) => `${nameOf(entry)}\n`).join('')
  const rows = entries.map((entry) => columnsOf(entry, look))
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)))
  return entries
    .map((entry, index) => {
      const [links = '', owner = '', group = '', size = '', time = ''] = rows[index] ?? []
      const mode = formatMode(entry.stat?.kind ?? 'file', entry.stat?.mode ?? 0)
      return `${mode} ${links.padStart(widths[0] ?? 0)} ${owner.padEnd(widths[1] ?? 0)} ${group.padEnd(widths[2] ?? 0)} ${size.padStart(widths[3] ?? 0)} ${time} ${nameOf(entry)}\n`
    })
    .join('')
}

function columnsOf({ stat }: Entry, { flags, nowMs }: Look): readonly string[] {
  if (stat === undefined) return []
  const isRecent = Math.abs(nowMs - stat.mtimeMs) < halfYearMs
  return [
    String(stat.links),
    flags.has('n') ? String(stat.uid) : stat.owner,
    flags.has('n') ? String(stat.gid) : stat.group,
    flags.has('h') ? formatHuman(stat.sizeBytes) : String(stat.sizeBytes),
    formatTime(stat.mtimeMs, isRecent ? '%b %e %H:%M' : '%b %e  %Y'),
  ]
}

/** A size as `-h` shows it. */
export function formatHuman(sizeBytes: number): string {
  if (sizeBytes < 1024) return String(sizeBytes)
  const power = Math.min(6, Math.floor(Math.log2(sizeBytes) / 10))
  const value = sizeBytes / 1024 ** power
  return `${value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${'BKMGTPE'[power]}`
}

/** `ls` shows the time of younger files and the year of older ones. */
const halfYearMs = 182 * 24 * 3600 * 1000
