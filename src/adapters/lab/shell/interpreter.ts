import { ShellInterrupt } from './interrupt.ts'
import { buildPattern, matchesPattern } from './pattern.ts'
import { expandPattern, expandText } from './expand.ts'
import type { Expansion } from './expand.ts'
import { statusOfAbort } from './process.ts'
import { applyRedirects, restoreStreams } from './redirect.ts'
import { runSimple } from './run-simple.ts'
import { runText } from './run-text.ts'
import { startBackground, runStages } from './run-stages.ts'
import { runFor, runGuarded, runWhile } from './run-loop.ts'
import { forkState } from './state.ts'
import type { ShellState } from './state.ts'
import type { CaseBranch, Command } from './syntax.ts'

/** Runs a parsed command in a shell; gives and remembers its status. Leaves by {@link ShellInterrupt} on `exit` and its kin. */
export async function runCommand(state: ShellState, command: Command): Promise<number> {
  await breathe(state)
  state.status = await dispatch(state, command)
  if (state.status !== 0 && state.options.errexit && state.guarded === 0 && failsShell(command)) {
    throw new ShellInterrupt({ kind: 'exit', status: state.status })
  }
  if (state.pendingTraps.length > 0) await runPendingTraps(state)
  return state.status
}

/** Runs a command in a shell of its own; `exit` ends just that one. */
export async function runSubshell(state: ShellState, command: Command): Promise<number> {
  try {
    await runCommand(state, command)
  } catch (problem) {
    if (!(problem instanceof ShellInterrupt)) throw problem
    if (problem.reason.kind === 'killed') return statusOfAbort(state.signal)
    if ('status' in problem.reason) state.status = problem.reason.status
  }
  return runExitTrap(state)
}

/** Runs the EXIT trap, if there is one, and gives the status that the shell ends with. */
export async function runExitTrap(state: ShellState): Promise<number> {
  const action = state.traps.get('EXIT')
  if (action === undefined || action === '') return state.status
  state.traps.delete('EXIT')
  const { status } = state
  try {
    await runText(state, action, runCommand)
    state.status = status
  } catch (problem) {
    if (!(problem instanceof ShellInterrupt)) throw problem
    if (problem.reason.kind === 'exit') state.status = problem.reason.status
  }
  return state.status
}

/** The expansions of a shell, with command substitution by this interpreter. */
export function expansionOf(state: ShellState): Expansion {
  return { state, substitute }
}

/** Commands that run without a turn of the event loop before one is forced, so that a busy loop can be stopped. */
const commandsPerTurn = 200

async function breathe(state: ShellState): Promise<void> {
  state.commandCount += 1
  if (state.commandCount % commandsPerTurn === 0) await new Promise<void>((resolve) => setImmediate(resolve))
  if (state.signal.aborted) throw new ShellInterrupt({ kind: 'killed' })
}

async function runPendingTraps(state: ShellState): Promise<void> {
  const { status } = state
  for (const name of state.pendingTraps.splice(0))
    await runText(state, state.traps.get(name) ?? '', runCommand)
  state.status = status
}

function failsShell(command: Command): boolean {
  return (
    ['simple', 'subshell', 'redirected'].includes(command.kind) ||
    (command.kind === 'pipeline' && !command.negated)
  )
}

async function substitute(state: ShellState, body: Command): Promise<string> {
  let output = ''
  const streams = new Map(state.streams)
  streams.set(1, {
    write: (text) => {
      output += text
      return undefined
    },
  })
  const child = forkState(state, { streams })
  state.substitutionStatus = await runSubshell(child, body)
  state.commandCount = child.commandCount
  if (state.signal.aborted) throw new ShellInterrupt({ kind: 'killed' })
  return output.replaceAll('\0', '')
}

async function dispatch(state: ShellState, command: Command): Promise<number> {
  switch (command.kind) {
    case 'simple':
      return runSimple(expansionOf(state), command, runCommand)
    case 'pipeline':
      return runPipeline(state, command)
    case 'and-or': {
      const left = await runGuarded(state, command.left, runCommand)
      return (left === 0) === (command.operator === '&&') ? runCommand(state, command.right) : left
    }
    case 'sequence':
      return runSequence(state, command)
    case 'if':
      return runIf(state, command)
    case 'for':
      return runFor(expansionOf(state), command, runCommand)
    case 'while':
      return runWhile(state, command, runCommand)
    case 'case':
      return runCase(state, command)
    case 'group':
      return runCommand(state, command.body)
    case 'subshell':
      return runSubshell(forkState(state), command.body)
    case 'function':
      state.functions.set(command.name, command.body)
      return 0
    case 'redirected':
      return runRedirected(state, command)
  }
}

async function runSequence(state: ShellState, command: Command & { kind: 'sequence' }): Promise<number> {
  let status = 0
  for (const item of command.items) {
    status = item.background
      ? startBackground(state, item.command, runSubshell)
      : await runCommand(state, item.command)
  }
  return status
}

async function runPipeline(state: ShellState, command: Command & { kind: 'pipeline' }): Promise<number> {
  const only = command.commands[0]
  if (command.negated) state.guarded += 1
  try {
    const status =
      command.commands.length === 1 && only !== undefined
        ? await runCommand(state, only)
        : await runStages(state, command.commands, runSubshell)
    if (!command.negated) return status
    return status === 0 ? 1 : 0
  } finally {
    if (command.negated) state.guarded -= 1
  }
}

async function runIf(state: ShellState, command: Command & { kind: 'if' }): Promise<number> {
  for (const branch of command.branches) {
    if ((await runGuarded(state, branch.condition, runCommand)) === 0) return runCommand(state, branch.body)
  }
  return command.otherwise === undefined ? 0 : runCommand(state, command.otherwise)
}

async function runCase(state: ShellState, command: Command & { kind: 'case' }): Promise<number> {
  const text = await expandText(expansionOf(state), command.word)
  const branch = await findBranch(state, command.branches, text)
  return branch?.body === undefined ? 0 : runCommand(state, branch.body)
}

async function findBranch(
  state: ShellState,
  branches: readonly CaseBranch[],
  text: string,
): Promise<CaseBranch | undefined> {
  for (const branch of branches) {
    for (const word of branch.patterns) {
      const pattern = buildPattern(await expandPattern(expansionOf(state), word))
      if (matchesPattern(pattern, text)) return branch
    }
  }
  return undefined
}

async function runRedirected(state: ShellState, command: Command & { kind: 'redirected' }): Promise<number> {
  const saved = new Map(state.streams)
  try {
    if (!(await applyRedirects(expansionOf(state), command.redirects))) return 2
    return await runCommand(state, command.command)
  } finally {
    restoreStreams(state, saved)
  }
}
