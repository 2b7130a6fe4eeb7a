import { expandFields } from './expand.ts'
import type { Expansion } from './expand.ts'
import { ShellInterrupt } from './interrupt.ts'
import type { RunCommand } from './run-text.ts'
import { complain, setVariable } from './state.ts'
import type { ShellState } from './state.ts'
import type { Command, ForCommand } from './syntax.ts'

/** Runs a `for` loop. */
export async function runFor(expansion: Expansion, command: ForCommand, run: RunCommand): Promise<number> {
  const { state } = expansion
  const fields: string[] = []
  for (const word of command.words ?? []) fields.push(...(await expandFields(expansion, word)))
  let status = 0
  for (const value of command.words === undefined ? state.positional : fields) {
    if (!setVariable(state, command.name, value)) complain(state, `${command.name}: is read only`)
    const turn = await runTurn(state, () => run(state, command.body))
    status = turn.status
    if (turn.isDone) break
  }
  return status
}

/** Runs a `while` or `until` loop. */
export async function runWhile(
  state: ShellState,
  command: Command & { kind: 'while' },
  run: RunCommand,
): Promise<number> {
  let status = 0
  for (;;) {
    const condition = await runTurn(state, () => runGuarded(state, command.condition, run))
    if (condition.isDone || (condition.status === 0) === command.until) return status
    const turn = await runTurn(state, () => run(state, command.body))
    status = turn.status
    if (turn.isDone) return status
  }
}

async function runTurn(
  state: ShellState,
  turn: () => Promise<number>,
): Promise<{ readonly status: number; readonly isDone: boolean }> {
  state.loopDepth += 1
  try {
    return { status: await turn(), isDone: false }
  } catch (problem) {
    if (!(problem instanceof ShellInterrupt)) throw problem
    const { reason } = problem
    if (reason.kind !== 'break' && reason.kind !== 'continue') throw problem
    if (reason.levels > 1 && state.loopDepth > 1)
      throw new ShellInterrupt({ ...reason, levels: reason.levels - 1 })
    return { status: 0, isDone: reason.kind === 'break' }
  } finally {
    state.loopDepth -= 1
  }
}

/** Runs a command whose failure is looked at, so that `set -e` lets it pass. */
export async function runGuarded(state: ShellState, command: Command, run: RunCommand): Promise<number> {
  state.guarded += 1
  try {
    return await run(state, command)
  } finally {
    state.guarded -= 1
  }
}
