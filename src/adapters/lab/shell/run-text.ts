import { ShellInterrupt } from './interrupt.ts'
import { parseNextCommand } from './parser.ts'
import { whenAborted } from './process.ts'
import { writeTo } from './state.ts'
import type { ShellState } from './state.ts'
import type { TextInput } from './stream.ts'
import type { Command } from './syntax.ts'

/** Runs one parsed command; passed in so that this file need not know the interpreter. */
export type RunCommand = (state: ShellState, command: Command) => Promise<number>

/** Runs shell text that is there as a whole, command by command, as `eval`, `.` and `sh -c` do. */
export async function runText(state: ShellState, text: string, run: RunCommand): Promise<number> {
  let rest = text
  let line = 1
  state.status = 0
  for (;;) {
    const parsed = parseNextCommand(rest, { line, isFinal: true })
    if (parsed.kind === 'end') return state.status
    if (parsed.kind === 'error' || parsed.kind === 'incomplete') refuse(state, parsed)
    if (parsed.kind === 'command') await run(state, parsed.command)
    rest = rest.slice(parsed.end)
    line = parsed.line
  }
}

/** Runs shell text as it arrives on an input that the commands may read too, as `sh -s` does. */
export async function runInput(state: ShellState, input: TextInput, run: RunCommand): Promise<number> {
  let line = 1
  for (;;) {
    const text = input.available
    const parsed = parseNextCommand(text, { line, isFinal: input.isEnded })
    if (parsed.kind === 'incomplete' || (parsed.kind === 'end' && !input.isEnded)) {
      if (state.signal.aborted) throw new ShellInterrupt({ kind: 'killed' })
      await waitForMore(state, input)
      continue
    }
    if (parsed.kind === 'end') return state.status
    if (parsed.kind === 'error') refuse(state, parsed)
    input.take(parsed.end)
    line = parsed.line
    if (parsed.kind === 'command') await run(state, parsed.command)
  }
}

async function waitForMore(state: ShellState, input: TextInput): Promise<void> {
  const waiter = whenAborted(state.signal)
  await Promise.race([input.more(), waiter.aborted])
  waiter.stop()
}

function refuse(state: ShellState, problem: { readonly message: string; readonly line: number }): never {
  writeTo(state, 2, `${state.name}: ${problem.line}: Syntax error: ${problem.message}\n`)
  throw new ShellInterrupt({ kind: 'exit', status: 2 })
}
