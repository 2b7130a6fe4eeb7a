import { formatFsError } from '../../fs/fs-error.ts'
import { joinPath } from '../../fs/path.ts'
import type { Program, ProgramContext } from '../../program.ts'
import { parseOptions, refuseOption } from './options.ts'
import type { Options } from './options.ts'
import { buildPosixRegex } from './posix-regex.ts'
import type { PosixRegex } from './posix-regex.ts'
import { linesOf, readInputs } from './read-inputs.ts'
import type { InputText } from './read-inputs.ts'

/** `grep [-EFGqvciohHnxwlLsr] [-e PATTERN] [-f FILE] [-m N] [-A N] [-B N] [-C N] PATTERN [FILE…]`. */
export const grep: Program = async (context) => {
  const { patterns, args } = collectPatterns(context.args)
  const options = parseOptions(args, {
    flags: [
      ...'EFGqvciohHnxwlLsrRaIyZ',
      'extended-regexp',
      'quiet',
      'color',
      'line-buffered',
      'fixed-strings',
      'count',
      'invert-match',
      'ignore-case',
    ],
    values: ['m', 'A', 'B', 'C', 'f', 'color', 'colour', 'include', 'max-count'],
  })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown, 2)
  const files = [...options.rest]
  const patternFile = options.values.get('f')
  if (patternFile !== undefined) {
    const text = context.fs.readFile(patternFile)
    if (!text.ok) return complain(context, `${patternFile}: ${formatFsError(text.code)}`)
    patterns.push(...linesOf(text.value))
  } else if (patterns.length === 0) {
    const first = files.shift()
    if (first === undefined) return complain(context, 'no pattern given')
    patterns.push(first)
  }
  const matchers = buildMatchers(patterns, settingsOf(context.name, options))
  if (typeof matchers === 'string') return complain(context, matchers)
  const isRecursive = options.flags.has('r') || options.flags.has('R')
  const silenced = options.flags.has('s') ? { ...context, writeError: () => {} } : context
  const search: Search = { context, options, matchers, showsName: showsName(options, files, isRecursive) }
  if (files.length === 0 && !isRecursive && canStream(options)) return searchStream(search)
  const { inputs, failed } = await readFiles(silenced, files, isRecursive)
  let isFound = false
  for (const input of inputs) {
    const found = searchInput(search, input)
    isFound ||= found
    if (found && options.flags.has('q')) return 0
  }
  if (failed) return 2
  return isFound ? 0 : 1
}

type Settings = {
  readonly kind: 'basic' | 'extended' | 'fixed'
  readonly ignoreCase: boolean
  readonly edge: 'line' | 'word' | 'none'
}

type Search = {
  readonly context: ProgramContext
  readonly options: Options
  readonly matchers: readonly PosixRegex[]
  readonly showsName: boolean
}

function settingsOf(name: string, { flags }: Options): Settings {
  const isExtended = flags.has('E') || flags.has('extended-regexp') || name.endsWith('egrep')
  const isFixed = flags.has('F') || flags.has('fixed-strings') || name.endsWith('fgrep')
  return {
    kind: isFixed ? 'fixed' : isExtended ? 'extended' : 'basic',
    ignoreCase: flags.has('i') || flags.has('y') || flags.has('ignore-case'),
    edge: flags.has('x') ? 'line' : flags.has('w') ? 'word' : 'none',
  }
}

function collectPatterns(args: readonly string[]): {
  readonly patterns: string[]
  readonly args: readonly string[]
} {
  const patterns: string[] = []
  const rest: string[] = []
  for (let at = 0; at < args.length; at += 1) {
    const text = args[at] ?? ''
    if (text === '--') {
      rest.push(...args.slice(at))
      break
    }
    const bundled = /^-[EFGqvciohHnxwlLsr]*e$/.test(text)
    if (bundled) {
      patterns.push(...(args[(at += 1)] ?? '').split('\n'))
      if (text !== '-e') rest.push(text.slice(0, -1))
    } else if (text.startsWith('--regexp=')) patterns.push(text.slice('--regexp='.length))
    else rest.push(text)
  }
  return { patterns, args: rest }
}

function buildMatchers(patterns: readonly string[], settings: Settings): readonly PosixRegex[] | string {
  const matchers: PosixRegex[] = []
  for (const source of patterns.flatMap((pattern) => pattern.split('\n'))) {
    const literal = settings.kind === 'fixed' ? source.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : source
    const isExtended = settings.kind !== 'basic'
    const [open, close] = isExtended ? ['(', ')'] : ['\\(', '\\)']
    const bounded =
      settings.edge === 'line'
        ? `^${open}${literal}${close}$`
        : settings.edge === 'word'
          ? `\\<${open}${literal}${close}\\>`
          : literal
    const matcher = buildPosixRegex(bounded, { extended: isExtended, ignoreCase: settings.ignoreCase })
    if (typeof matcher === 'string') return matcher
    matchers.push(matcher)
  }
  return matchers
}

function showsName({ flags }: Options, files: readonly string[], isRecursive: boolean): boolean {
  if (flags.has('h')) return false
  return flags.has('H') || files.length > 1 || isRecursive
}

async function readFiles(
  context: ProgramContext,
  files: readonly string[],
  isRecursive: boolean,
): Promise<{ readonly inputs: readonly InputText[]; readonly failed: boolean }> {
  if (isRecursive)
    return readInputs(
      context,
      (files.length === 0 ? ['.'] : files).flatMap((path) => filesUnder(context, path)),
    )
  const directories = files.filter((path) => {
    const stat = context.fs.stat(path)
    return stat.ok && stat.value.kind === 'directory'
  })
  for (const path of directories) context.writeError(`grep: ${path}: Is a directory\n`)
  const rest = files.filter((path) => !directories.includes(path))
  if (directories.length > 0 && rest.length === 0) return { inputs: [], failed: true }
  return readInputs({ ...context, name: 'grep' }, rest)
}

function filesUnder(context: ProgramContext, path: string): string[] {
  const stat = context.fs.stat(path)
  if (!stat.ok || stat.value.kind !== 'directory') return [path]
  const names = context.fs.list(path)
  return names.ok ? names.value.flatMap((name) => filesUnder(context, joinPath(path, name))) : []
}

/** Whether lines can be shown as they come: nothing is counted, cut or shown around them. */
function canStream({ flags, values }: Options): boolean {
  const needsAll = ['c', 'count', 'l', 'L', 'o'].some((flag) => flags.has(flag))
  return !needsAll && !['A', 'B', 'C'].some((name) => values.has(name))
}

async function searchStream({ context, options, matchers, showsName }: Search): Promise<number> {
  const { flags, values } = options
  const inverted = flags.has('v') || flags.has('invert-match')
  const isQuiet = flags.has('q') || flags.has('quiet')
  let left = Number(values.get('m') ?? values.get('max-count') ?? Number.POSITIVE_INFINITY)
  let isFound = false
  for (let number = 1; left > 0 && !context.signal.aborted; number += 1) {
    const line = await context.stdin.readLine()
    if (line === undefined) break
    if (matchers.some((matcher) => matcher.test(line.text)) === inverted) continue
    isFound = true
    left -= 1
    if (isQuiet) return 0
    const prefix = `${showsName ? '(standard input):' : ''}${flags.has('n') ? `${number}:` : ''}`
    context.write(`${prefix}${line.text}\n`)
  }
  return isFound ? 0 : 1
}

function searchInput(search: Search, input: InputText): boolean {
  const { context, options } = search
  const { flags, values } = options
  const prefix = search.showsName ? `${input.path === '-' ? '(standard input)' : input.path}:` : ''
  const limit = Number(values.get('m') ?? values.get('max-count') ?? Number.POSITIVE_INFINITY)
  const inverted = flags.has('v') || flags.has('invert-match')
  const lines = linesOf(input.text)
  const hits: number[] = []
  for (const [index, line] of lines.entries()) {
    if (hits.length >= limit) break
    if (search.matchers.some((matcher) => matcher.test(line)) !== inverted) hits.push(index)
  }
  const name = input.path === '-' ? '(standard input)' : input.path
  if (flags.has('q') || flags.has('quiet')) return hits.length > 0
  if (flags.has('l')) {
    if (hits.length > 0) context.write(`${name}\n`)
  } else if (flags.has('L')) {
    if (hits.length === 0) context.write(`${name}\n`)
  } else if (flags.has('c') || flags.has('count')) context.write(`${prefix}${hits.length}\n`)
  else if (flags.has('o')) {
    for (const hit of hits)
      printMatches(search, {
        line: lines[hit] ?? '',
        prefix: `${prefix}${flags.has('n') ? `${hit + 1}:` : ''}`,
      })
  } else printLines(search, { lines, hits, prefix })
  return hits.length > 0
}

function printMatches(
  { context, matchers }: Search,
  place: { readonly line: string; readonly prefix: string },
): void {
  let from = 0
  while (from <= place.line.length) {
    const found = matchers
      .map((matcher) => matcher.find(place.line, from))
      .filter((match) => match !== undefined)
      .toSorted((a, b) => a.start - b.start || b.end - a.end)[0]
    if (found === undefined) return
    if (found.end > found.start) context.write(`${place.prefix}${place.line.slice(found.start, found.end)}\n`)
    from = found.end > found.start ? found.end : found.end + 1
  }
}

function printLines(
  { context, options }: Search,
  found: { readonly lines: readonly string[]; readonly hits: readonly number[]; readonly prefix: string },
): void {
  const { values, flags } = options
  const around = Number(values.get('C') ?? '0')
  const before = Number(values.get('B') ?? around)
  const after = Number(values.get('A') ?? around)
  const hits = new Set(found.hits)
  let last = -1
  for (const hit of found.hits) {
    const from = Math.max(last + 1, hit - before)
    if (last >= 0 && from > last + 1 && before + after > 0) context.write('--\n')
    for (let at = from; at <= Math.min(hit + after, found.lines.length - 1); at += 1) {
      if (at <= last) continue
      const mark = hits.has(at) ? ':' : '-'
      const number = flags.has('n') ? `${at + 1}${mark}` : ''
      context.write(
        `${hits.has(at) ? found.prefix : found.prefix.replace(/:$/, '-')}${number}${found.lines[at]}\n`,
      )
      last = at
    }
  }
}

function complain(context: ProgramContext, message: string): number {
  context.writeError(`grep: ${message}\n`)
  return 2
}
