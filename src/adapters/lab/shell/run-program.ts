import type { LabSignal, Program, ProgramContext, RunOptions } from '../program.ts'
import { FsView } from '../fs/fs-view.ts'
import { linkAbort, ProcessKilled, statusOfAbort, whenAborted } from './process.ts'
import { environmentOf } from './state.ts'
import type { ProgramSetting } from './machine.ts'
import type { ShellState } from './state.ts'
import { emptyInput, inputOf } from './stream.ts'

function ignoredBy(state: ShellState): ReadonlySet<string> {
  const trapped = [...state.traps].filter(([, action]) => action === '').map(([name]) => name)
  return new Set([...state.ignored, ...trapped])
}

/** The setting that a shell gives to the programs it starts. */
export function settingOf(state: ShellState): ProgramSetting {
  return {
    machine: state.machine,
    user: state.user,
    env: environmentOf(state),
    cwd: state.cwd,
    umask: state.umask,
    ppid: state.pid,
    group: state.group,
    streams: state.streams,
    signal: state.signal,
    onBackground: state.onBackground,
    ignored: ignoredBy(state),
  }
}

export type ProgramCall = {
  readonly program: Program
  readonly argv: readonly string[]
  readonly path: string | undefined
  /** Runs a child by its argument list. */
  readonly runChild: (setting: ProgramSetting, argv: readonly string[]) => Promise<number>
  /** Asked first when a signal comes; true: it is handled. */
  readonly onSignal?: (signal: LabSignal) => boolean
}

/** Runs a program as a process: it is in the process table, and a signal ends it even if it does not look. */
export async function runProgram(setting: ProgramSetting, call: ProgramCall): Promise<number> {
  const { controller, release } = linkAbort(setting.signal)
  const pid = enterProcess(setting, call, controller)
  setting.watch?.started(pid)
  const waiter = whenAborted(controller.signal)
  const output = { refusal: undefined as 'broken' | 'full' | 'closed' | undefined }
  const context = buildContext({ setting, call, pid, controller, output })
  const killed = waiter.aborted.then(() => statusOfAbort(controller.signal))
  const status = await Promise.race([call.program(context), killed])
  waiter.stop()
  release()
  if (setting.replaces === undefined) setting.machine.host.endProcess(pid)
  if (output.refusal === undefined || output.refusal === 'broken') return status
  const reason = output.refusal === 'full' ? 'No space left on device' : 'Bad file descriptor'
  context.writeError(`${call.argv[0] ?? ''}: write error: ${reason}\n`)
  return status === 0 ? 1 : status
}

/** Gives the program a row of the process table: a new one, or that of the process whose place it takes. */
function enterProcess(setting: ProgramSetting, call: ProgramCall, controller: AbortController): number {
  const { host } = setting.machine
  const command = call.argv.join(' ')
  const { replaces, ignored } = setting
  const onSignal = (signal: LabSignal): boolean =>
    ignored?.has(signal) === true || call.onSignal?.(signal) === true
  if (replaces !== undefined) {
    const group = setting.ownGroup === true ? replaces : setting.group
    host.changeProcess(replaces, { command, group, user: setting.user.name, onSignal })
    return replaces
  }
  const { pid } = host.startProcess({
    user: setting.user.name,
    command,
    ppid: setting.ppid,
    ...(setting.ownGroup === true ? {} : { group: setting.group }),
    onSignal,
    onEnd: (end) => {
      if (end.kind === 'exit') return
      const signal = end.kind === 'signal' ? end.signal : 'KILL'
      setting.watch?.killed(signal)
      controller.abort(new ProcessKilled(signal))
    },
  })
  return pid
}

type ContextParts = {
  readonly setting: ProgramSetting
  readonly call: ProgramCall
  readonly pid: number
  readonly controller: AbortController
  readonly output: { refusal: 'broken' | 'full' | 'closed' | undefined }
}

function buildContext({ setting, call, pid, controller, output }: ContextParts): ProgramContext {
  const { machine, streams } = setting
  const write = (text: string): void => {
    if (controller.signal.aborted || text === '') return
    const stream = streams.get(1)
    const refusal = stream?.write === undefined ? 'closed' : stream.write(text)
    if (refusal === undefined) return
    output.refusal ??= refusal
    if (refusal === 'broken') controller.abort(new ProcessKilled('PIPE'))
  }
  const context: ProgramContext = {
    args: call.argv.slice(1),
    name: call.argv[0] ?? '',
    path: call.path,
    env: setting.env,
    cwd: setting.cwd,
    user: setting.user,
    pid,
    stdin: streams.get(0)?.input ?? emptyInput,
    fs: new FsView({
      disk: machine.disk,
      accounts: machine.accounts,
      user: setting.user,
      cwd: () => setting.cwd,
      umask: () => setting.umask,
      nowMs: () => machine.clock.nowMs(),
    }),
    host: machine.host,
    clock: machine.clock,
    signal: controller.signal,
    write,
    writeError: (text) => void streams.get(2)?.write?.(text),
    run: (command, options = {}) =>
      call.runChild(childSetting({ setting, options, pid, controller, write }), command),
  }
  return context
}

function groupOf(setting: ProgramSetting, pid: number): number {
  return setting.ownGroup === true ? pid : setting.group
}

function childSetting(parts: {
  readonly setting: ProgramSetting
  readonly options: RunOptions
  readonly pid: number
  readonly controller: AbortController
  readonly write: (text: string) => void
}): ProgramSetting {
  const { setting, options, pid, controller } = parts
  const streams = new Map(setting.streams)
  const { stdin, write, writeError } = options
  if (stdin !== undefined) streams.set(0, { input: inputOf(stdin) })
  if (write !== undefined) streams.set(1, { write: (text) => void write(text) })
  if (writeError !== undefined) streams.set(2, { write: (text) => void writeError(text) })
  return {
    ...setting,
    user: options.user ?? setting.user,
    env: options.env ?? setting.env,
    cwd: options.cwd ?? setting.cwd,
    ppid: pid,
    group: options.ownGroup === true ? pid : groupOf(setting, pid),
    ownGroup: options.ownGroup,
    replaces: options.replaces === true ? pid : undefined,
    watch: undefined,
    streams,
    signal: options.signal ?? controller.signal,
  }
}
