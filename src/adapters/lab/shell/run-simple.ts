import { builtins, specialBuiltins } from './builtins/table.ts'
import type { Builtin } from './builtins/builtin.ts'
import { expandFields, expandText, failExpansion } from './expand.ts'
import type { Expansion } from './expand.ts'
import { ShellInterrupt } from './interrupt.ts'
import { applyRedirects, restoreStreams } from './redirect.ts'
import { runArguments } from './run-arguments.ts'
import type { RunCommand } from './run-text.ts'
import { complain, getVariable, setVariable, writeTo } from './state.ts'
import type { ShellState, Variable } from './state.ts'
import type { Stream } from './stream.ts'
import type { Assignment, SimpleCommand } from './syntax.ts'

/** Runs a simple command: expansions, redirections, then a function, a built-in or a program. */
export async function runSimple(
  expansion: Expansion,
  command: SimpleCommand,
  run: RunCommand,
): Promise<number> {
  const { state } = expansion
  state.line = command.line
  state.substitutionStatus = 0
  const argv: string[] = []
  for (const word of command.words) argv.push(...(await expandFields(expansion, word)))
  const saved = new Map(state.streams)
  const name = argv[0]
  const keepsStreams = name === 'exec'
  try {
    if (!(await applyRedirects(expansion, command.redirects))) return refuseRedirect(name)
    if (name === undefined) return await assign(expansion, command.assignments, saved.get(2))
    return await runNamed({ expansion, command, argv, name, run, saved })
  } finally {
    if (!keepsStreams) restoreStreams(state, saved)
  }
}

type NamedCall = {
  readonly expansion: Expansion
  readonly command: SimpleCommand
  readonly argv: readonly string[]
  readonly name: string
  readonly run: RunCommand
  readonly saved: ReadonlyMap<number, Stream>
}

async function runNamed({ expansion, command, argv, name, run, saved }: NamedCall): Promise<number> {
  const { state } = expansion
  const special = specialBuiltins.get(name)
  const before = special === undefined ? rememberVariables(state, command.assignments) : undefined
  const values = await assignAll(expansion, command.assignments, special === undefined)
  trace(state, { values, argv, stderr: saved.get(2) })
  try {
    if (special !== undefined) return await callBuiltin(state, special, { argv, run })
    const body = state.functions.get(name)
    if (body !== undefined) return await callFunction(state, argv, () => run(state, body))
    const builtin = builtins.get(name)
    if (builtin !== undefined) return await callBuiltin(state, builtin, { argv, run })
    return await runArguments(state, argv, { replaces: state.replacedByCommand })
  } finally {
    if (before !== undefined) restoreVariables(state, before)
  }
}

function refuseRedirect(name: string | undefined): number {
  if (name !== undefined && specialBuiltins.has(name)) throw new ShellInterrupt({ kind: 'exit', status: 2 })
  return 2
}

async function assign(
  expansion: Expansion,
  assignments: readonly Assignment[],
  stderr: Stream | undefined,
): Promise<number> {
  const values = await assignAll(expansion, assignments, false)
  trace(expansion.state, { values, argv: [], stderr })
  return expansion.state.substitutionStatus
}

async function assignAll(
  expansion: Expansion,
  assignments: readonly Assignment[],
  exports: boolean,
): Promise<readonly string[]> {
  const { state } = expansion
  const values: string[] = []
  for (const { name, value } of assignments) {
    const text = await expandText(expansion, value)
    if (!setVariable(state, name, text)) failExpansion(state, `${name}: is read only`)
    const variable = state.variables.get(name)
    if (exports && variable !== undefined) variable.exported = true
    values.push(`${name}=${text}`)
  }
  return values
}

function rememberVariables(
  state: ShellState,
  assignments: readonly Assignment[],
): Map<string, Variable | undefined> {
  const before = new Map<string, Variable | undefined>()
  for (const { name } of assignments) {
    const variable = state.variables.get(name)
    before.set(name, variable === undefined ? undefined : { ...variable })
  }
  return before
}

/** Gives variables back the values they had; undefined means that they did not exist. */
function restoreVariables(state: ShellState, before: ReadonlyMap<string, Variable | undefined>): void {
  for (const [name, variable] of before) {
    if (variable === undefined) state.variables.delete(name)
    else state.variables.set(name, variable)
  }
}

async function callBuiltin(
  state: ShellState,
  builtin: Builtin,
  call: { readonly argv: readonly string[]; readonly run: RunCommand },
): Promise<number> {
  const name = call.argv[0] ?? ''
  let refused: string | undefined
  const status = await builtin({
    state,
    name,
    args: call.argv.slice(1),
    run: call.run,
    write: (text) => {
      refused ??= writeTo(state, 1, text)
    },
    writeError: (text) => void writeTo(state, 2, text),
    complain: (message) => complain(state, `${name}: ${message}`),
  })
  if (refused === undefined) return status
  if (refused === 'broken') throw new ShellInterrupt({ kind: 'exit', status: brokenPipeStatus })
  complain(state, `${name}: ${name}: ${refused === 'full' ? 'No space left on device' : 'I/O error'}`)
  return status === 0 ? 1 : status
}

async function callFunction(
  state: ShellState,
  argv: readonly string[],
  body: () => Promise<number>,
): Promise<number> {
  if (state.functionDepth >= maxFunctionDepth) {
    failExpansion(state, `Maximum function recursion depth (${maxFunctionDepth}) reached`)
  }
  const { positional, loopDepth } = state
  state.positional = argv.slice(1)
  state.functionDepth += 1
  state.loopDepth = 0
  state.scopes.push(new Map())
  try {
    return await body()
  } catch (problem) {
    if (problem instanceof ShellInterrupt && problem.reason.kind === 'return') return problem.reason.status
    throw problem
  } finally {
    restoreVariables(state, state.scopes.pop() ?? new Map())
    state.positional = positional
    state.functionDepth -= 1
    state.loopDepth = loopDepth
  }
}

type Traced = {
  readonly values: readonly string[]
  readonly argv: readonly string[]
  /** Where errors went before the command's own redirections. */
  readonly stderr: Stream | undefined
}

function trace(state: ShellState, { values, argv, stderr }: Traced): void {
  if (!state.options.xtrace || values.length + argv.length === 0) return
  stderr?.write?.(`${getVariable(state, 'PS4') ?? '+ '}${[...values, ...argv].join(' ')}\n`)
}

/** As dash's own limit, which keeps a runaway recursion from using up the stack. */
const maxFunctionDepth = 1000
/** 128 + SIGPIPE. */
const brokenPipeStatus = 141
