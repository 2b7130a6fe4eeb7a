import { runCommand, runExitTrap } from './interpreter.ts'
import { ShellInterrupt } from './interrupt.ts'
import type { ProgramSetting, ShellStart } from './machine.ts'
import { statusOfAbort } from './process.ts'
import { runInput, runText } from './run-text.ts'
import { buildState, takeSignal } from './state.ts'
import type { ShellState } from './state.ts'
import { TextInput } from './stream.ts'

/** Runs a shell to its end and gives its exit status; background commands may go on after it. */
export async function startShell(setting: ProgramSetting, start: ShellStart): Promise<number> {
  const state = buildState({
    ...setting,
    name: start.name,
    pid: start.pid,
    environment: setting.env,
    positional: start.positional,
    streams: new Map(setting.streams),
    ignored: setting.ignored ?? new Set(),
  })
  setFlags(state, start.flags ?? '')
  start.onTrap?.((signal) => takeSignal(state, signal))
  try {
    await runAll(state, start)
  } catch (problem) {
    if (!(problem instanceof ShellInterrupt)) throw problem
    if (problem.reason.kind === 'killed') return statusOfAbort(state.signal)
    if ('status' in problem.reason) state.status = problem.reason.status
  }
  return runExitTrap(state)
}

async function runAll(state: ShellState, start: ShellStart): Promise<void> {
  if (start.text !== undefined) {
    await runText(state, start.text, runCommand)
    return
  }
  const input = state.streams.get(0)?.input
  if (input instanceof TextInput) await runInput(state, input, runCommand)
  else await runText(state, (await input?.readAll()) ?? '', runCommand)
}

function setFlags(state: ShellState, flags: string): void {
  state.options.errexit = flags.includes('e')
  state.options.nounset = flags.includes('u')
  state.options.xtrace = flags.includes('x')
  state.options.noglob = flags.includes('f')
  state.options.pipefail = flags.includes('P')
}
