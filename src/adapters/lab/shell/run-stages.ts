import { ShellInterrupt } from './interrupt.ts'
import { linkAbort, ProcessKilled } from './process.ts'
import { forkState, takeSignal } from './state.ts'
import type { ShellState } from './state.ts'
import { nullStream, TextInput } from './stream.ts'
import type { Command } from './syntax.ts'

/** Runs a command in a shell of its own; passed in by the interpreter. */
export type RunSubshell = (state: ShellState, command: Command) => Promise<number>

/** Runs the commands of a pipeline side by side; the status is the last one's, or with pipefail the last failure. */
export async function runStages(
  state: ShellState,
  commands: readonly Command[],
  run: RunSubshell,
): Promise<number> {
  const pipes = commands.slice(1).map(() => new TextInput())
  const statuses = await Promise.all(
    commands.map(async (command, index) => {
      const { controller, release } = linkAbort(state.signal)
      const stage = forkState(state, { signal: controller.signal })
      const before = pipes[index - 1]
      const after = pipes[index]
      if (before !== undefined) stage.streams.set(0, { input: before })
      if (after !== undefined) stage.streams.set(1, { write: (text) => pushTo(after, text) })
      const status = await run(stage, command)
      release()
      after?.end()
      if (before !== undefined) before.isClosed = true
      return status
    }),
  )
  if (state.signal.aborted) throw new ShellInterrupt({ kind: 'killed' })
  const last = statuses.at(-1) ?? 0
  return state.options.pipefail ? (statuses.findLast((status) => status !== 0) ?? 0) : last
}

function pushTo(pipe: TextInput, text: string): 'broken' | undefined {
  if (pipe.isClosed) return 'broken'
  pipe.push(text)
  return undefined
}

/** Starts a command in the background as a process of its own. */
export function startBackground(state: ShellState, command: Command, run: RunSubshell): number {
  const { controller, release } = linkAbort(new AbortController().signal)
  const { host } = state.machine
  let child: ShellState | undefined
  const process = host.startProcess({
    user: state.user.name,
    command: describeCommand(state, command),
    ppid: state.pid,
    group: state.group,
    onSignal: (signal) => signal !== 'KILL' && child !== undefined && takeSignal(child, signal),
    onEnd: (end) => {
      if (end.kind !== 'exit')
        controller.abort(new ProcessKilled(end.kind === 'signal' ? end.signal : 'KILL'))
    },
  })
  const running = forkState(state, { pid: process.pid, signal: controller.signal })
  running.streams.set(0, nullStream)
  child = running
  const bare = command.kind === 'redirected' ? command.command : command
  running.replacedByCommand = bare.kind === 'simple'
  const finished = run(running, command).finally(() => {
    release()
    host.endProcess(process.pid)
  })
  state.background.set(process.pid, finished)
  state.onBackground?.({ streams: running.streams, finished })
  state.lastBackgroundPid = process.pid
  return 0
}

function describeCommand(state: ShellState, command: Command): string {
  const bare = command.kind === 'redirected' ? command.command : command
  if (bare.kind !== 'simple') return state.name
  const words = bare.words.map((word) =>
    word.map((part) => (part.kind === 'text' ? part.text : '$')).join(''),
  )
  return words.join(' ')
}
