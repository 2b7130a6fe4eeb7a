import { formatFsError } from '../../fs/fs-error.ts'
import { findProgram } from '../find-program.ts'
import { ShellInterrupt } from '../interrupt.ts'
import { runArguments } from '../run-arguments.ts'
import { runText } from '../run-text.ts'
import { getVariable } from '../state.ts'
import type { ShellState } from '../state.ts'
import type { Builtin, BuiltinCall } from './builtin.ts'

/** What a name means to the shell, for `command` and `type`. */
export type Lookup = (name: string) => Builtin | undefined

/** `eval [TEXT…]`. */
export const evalText: Builtin = ({ state, args, run }) => runText(state, args.join(' '), run)

/** `. FILE`: runs a file's commands in this shell. */
export const readFile: Builtin = async (call) => {
  const { state, args, run } = call
  const name = args[0] ?? ''
  const path = name.includes('/') ? name : findAlongPath(state, name)
  const text = path === undefined ? undefined : state.fs.readFile(path)
  if (text === undefined || !text.ok) {
    const reason =
      text === undefined ? 'not found' : text.code === 'ENOENT' ? 'No such file' : formatFsError(text.code)
    call.complain(text === undefined ? `${name}: ${reason}` : `cannot open ${name}: ${reason}`)
    throw new ShellInterrupt({ kind: 'exit', status: 2 })
  }
  try {
    return await runText(state, text.value, run)
  } catch (problem) {
    if (problem instanceof ShellInterrupt && problem.reason.kind === 'return') return problem.reason.status
    throw problem
  }
}

/** `exec [COMMAND…]`: the command takes the shell's place; without one the redirections stay. */
export const execCommand: Builtin = async ({ state, args }) => {
  if (args.length === 0) return 0
  throw new ShellInterrupt({ kind: 'exit', status: await runArguments(state, args, { replaces: true }) })
}

/** Makes `command [-v|-V] NAME…`. */
export function buildCommand(lookup: Lookup): Builtin {
  return async (call) => {
    const { state, args, run } = call
    const option = /^-[vVp]$/.test(args[0] ?? '') ? args[0] : undefined
    const rest = option === undefined ? args : args.slice(1)
    if (option === '-v') {
      const found = describe(state, rest[0] ?? '', lookup)
      if (found === undefined) return 127
      call.write(`${found.short}\n`)
      return 0
    }
    if (option === '-V') return describeAll(call, rest, lookup)
    const name = rest[0]
    if (name === undefined) return 0
    const builtin = lookup(name)
    if (builtin === undefined) return runArguments(state, rest)
    return builtin({ ...call, name, args: rest.slice(1), run })
  }
}

/** Makes `type NAME…`. */
export function buildType(lookup: Lookup): Builtin {
  return (call) => describeAll(call, call.args, lookup)
}

const keywords = new Set('! { } case do done elif else esac fi for if in then until while'.split(' '))

function describeAll(call: BuiltinCall, names: readonly string[], lookup: Lookup): number {
  let status = 0
  for (const name of names) {
    const found = describe(call.state, name, lookup)
    if (found === undefined) status = 127
    call.write(`${name}${found === undefined ? ': not found' : ` is ${found.long}`}\n`)
  }
  return status
}

function describe(
  state: ShellState,
  name: string,
  lookup: Lookup,
): { readonly short: string; readonly long: string } | undefined {
  if (keywords.has(name)) return { short: name, long: 'a shell keyword' }
  if (state.functions.has(name)) return { short: name, long: 'a shell function' }
  if (lookup(name) !== undefined) {
    const isSpecial = specialNames.has(name)
    return { short: name, long: isSpecial ? 'a special shell builtin' : 'a shell builtin' }
  }
  const found = findProgram(state.machine, state.fs, { name, searchPath: getVariable(state, 'PATH') ?? '' })
  return found.kind === 'refused' ? undefined : { short: found.path, long: found.path }
}

const specialNames = new Set(
  ': . break continue eval exec exit export local readonly return set shift times trap unset'.split(' '),
)

function findAlongPath(state: ShellState, name: string): string | undefined {
  for (const directory of (getVariable(state, 'PATH') ?? '').split(':')) {
    const path = `${directory}/${name}`
    if (state.fs.stat(path).ok) return path
  }
  return undefined
}
