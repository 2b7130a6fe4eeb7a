import { formatFsError } from '../../fs/fs-error.ts'
import { baseName, joinPath } from '../../fs/path.ts'
import type { FsStat, Program, ProgramContext } from '../../program.ts'
import { buildPattern, matchesPattern } from '../pattern.ts'

/**
 * `find [PATH…]` with -name -iname -path -type -maxdepth -mindepth -mtime -mmin -size -user -perm -empty -newer `!`
 * and the actions -print -print0 -delete -exec … `;` or `+`; conditions are joined by "and" only.
 */
export const find: Program = async (context) => {
  const split = context.args.findIndex((text) => text.startsWith('-') || text === '!' || text === '(')
  const paths = split < 0 ? context.args : context.args.slice(0, split)
  const query = parseQuery(context, split < 0 ? [] : context.args.slice(split))
  if (typeof query === 'string') {
    context.writeError(`find: ${query}\n`)
    return 1
  }
  const found: Visit[] = []
  let status = 0
  for (const path of paths.length === 0 ? ['.'] : paths) {
    if (!visit(context, { path, depth: 0, query, found })) status = 1
  }
  const code = await act(context, query, found)
  return status || code
}

type Visit = { readonly path: string; readonly stat: FsStat }
type Test = (visit: Visit) => boolean
type Query = {
  readonly tests: readonly Test[]
  readonly maxDepth: number
  readonly minDepth: number
  readonly action: 'print' | 'print0' | 'delete' | 'exec' | 'exec-all'
  readonly command: readonly string[]
  readonly isDepthFirst: boolean
  /** What holds for a directory that is not entered. */
  readonly prunes: readonly Test[] | undefined
}

function parseQuery(context: ProgramContext, args: readonly string[]): Query | string {
  const tests: Test[] = []
  const query = {
    tests,
    maxDepth: Number.POSITIVE_INFINITY,
    minDepth: 0,
    action: 'print' as Query['action'],
    command: [] as string[],
    isDepthFirst: false,
    prunes: undefined as readonly Test[] | undefined,
  }
  let negated = false
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at] ?? ''
    if (name === '!' || name === '-not') {
      negated = true
      continue
    }
    if (name === '-print' || name === '-print0' || name === '-delete') {
      query.action = name.slice(1) as Query['action']
      query.isDepthFirst ||= name === '-delete'
      continue
    }
    if (name === '-exec') {
      const end = args.findIndex((text, index) => index > at && (text === ';' || text === '+'))
      if (end < 0) return "missing argument to `-exec'"
      query.command = args.slice(at + 1, end)
      query.action = args[end] === '+' ? 'exec-all' : 'exec'
      at = end
      continue
    }
    if (name === '-maxdepth' || name === '-mindepth') {
      query[name === '-maxdepth' ? 'maxDepth' : 'minDepth'] = Number(args[(at += 1)])
      continue
    }
    if (name === '-a' || name === '-and' || name === '-xdev') continue
    if (name === '-prune') {
      query.prunes = [...tests]
      continue
    }
    const hasValue = name !== '-empty'
    const test = buildTest(context, name, args[at + 1] ?? '')
    if (test === undefined) return `unknown predicate \`${name}' (the practice host's find does not have it)`
    if (hasValue) at += 1
    const isNegated = negated
    negated = false
    tests.push(isNegated ? (item) => !test(item) : test)
  }
  return query
}

function buildTest(context: ProgramContext, name: string, value: string): Test | undefined {
  const pattern = buildPattern(name === '-iname' ? value.toLowerCase() : value)
  const nowMs = context.clock.nowMs()
  switch (name) {
    case '-name':
      return ({ path }) => matchesPattern(pattern, baseName(path))
    case '-iname':
      return ({ path }) => matchesPattern(pattern, baseName(path).toLowerCase())
    case '-path':
      return ({ path }) => matchesPattern(pattern, path)
    case '-type':
      return ({ stat }) => value.split(',').includes({ file: 'f', directory: 'd', symlink: 'l' }[stat.kind])
    case '-mtime':
      return ({ stat }) => compare(Math.floor((nowMs - stat.mtimeMs) / 86_400_000), value)
    case '-mmin':
      return ({ stat }) => compare(Math.ceil((nowMs - stat.mtimeMs) / 60_000), value)
    case '-size':
      return ({ stat }) => compare(Math.ceil(stat.sizeBytes / unitOf(value)), value.replace(/[a-zA-Z]$/, ''))
    case '-user':
      return ({ stat }) => stat.owner === value || String(stat.uid) === value
    case '-perm':
      return ({ stat }) =>
        value.startsWith('-')
          ? (stat.mode & Number.parseInt(value.slice(1), 8)) === Number.parseInt(value.slice(1), 8)
          : stat.mode === Number.parseInt(value, 8)
    case '-newer': {
      const reference = context.fs.stat(value)
      return ({ stat }) => reference.ok && stat.mtimeMs > reference.value.mtimeMs
    }
    case '-empty':
      return ({ path, stat }) => {
        const names = context.fs.list(path)
        return stat.kind === 'directory' ? names.ok && names.value.length === 0 : stat.sizeBytes === 0
      }
    default:
      return undefined
  }
}

function compare(actual: number, wanted: string): boolean {
  const size = Number(wanted.replace(/^[-+]/, ''))
  if (wanted.startsWith('+')) return actual > size
  return wanted.startsWith('-') ? actual < size : actual === size
}

function unitOf(value: string): number {
  return { c: 1, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[value.at(-1) ?? ''] ?? 512
}

type Walk = { readonly path: string; readonly depth: number; readonly query: Query; readonly found: Visit[] }

function visit(context: ProgramContext, walk: Walk): boolean {
  const { path, depth, query, found } = walk
  const stat = context.fs.lstat(path)
  if (!stat.ok) {
    context.writeError(`find: '${path}': ${formatFsError(stat.code)}\n`)
    return false
  }
  const item = { path, stat: stat.value }
  const isFound = depth >= query.minDepth && query.tests.every((test) => test(item))
  if (isFound && !query.isDepthFirst) found.push(item)
  let isWhole = true
  const isPruned = query.prunes?.every((test) => test(item)) === true
  if (stat.value.kind === 'directory' && depth < query.maxDepth && !isPruned) {
    const names = context.fs.list(path)
    if (names.ok)
      for (const name of names.value)
        isWhole = visit(context, { ...walk, path: joinPath(path, name), depth: depth + 1 }) && isWhole
    else {
      context.writeError(`find: '${path}': ${formatFsError(names.code)}\n`)
      isWhole = false
    }
  }
  if (isFound && query.isDepthFirst) found.push(item)
  return isWhole
}

async function act(context: ProgramContext, query: Query, found: readonly Visit[]): Promise<number> {
  if (query.action === 'exec-all') {
    if (found.length === 0) return 0
    const words = query.command.flatMap((word) => (word === '{}' ? found.map(({ path }) => path) : [word]))
    return (await context.run(words)) === 0 ? 0 : 1
  }
  let status = 0
  for (const { path } of found) {
    if (query.action === 'print') context.write(`${path}\n`)
    else if (query.action === 'print0') context.write(`${path}\0`)
    else if (query.action === 'exec')
      await context.run(query.command.map((word) => word.replaceAll('{}', path)))
    else {
      const removed = context.fs.remove(path, { directory: true })
      const gone = removed.ok || (removed.code === 'ENOTDIR' && context.fs.remove(path).ok)
      if (gone) continue
      context.writeError(`find: cannot delete '${path}'\n`)
      status = 1
    }
  }
  return status
}
