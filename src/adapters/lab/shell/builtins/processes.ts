import { parseSignal, signalNumbers, whenAborted } from '../process.ts'
import { ShellInterrupt } from '../interrupt.ts'
import type { ShellState } from '../state.ts'
import type { Builtin, BuiltinCall } from './builtin.ts'

/** `trap [ACTION SIGNAL…]`: for EXIT and for signals; `-` resets. */
export const trap: Builtin = ({ state, args, write, complain }) => {
  const rest = args[0] === '--' ? args.slice(1) : args
  if (rest.length === 0) {
    for (const [name, action] of state.traps) write(`trap -- '${action.replaceAll("'", `'"'"'`)}' ${name}\n`)
    return 0
  }
  const action = rest[0] ?? ''
  const isReset = action === '-' || /^\d+$/.test(action)
  const names = rest.slice(/^\d+$/.test(action) ? 0 : 1)
  if (rest.length === 1 && parseCondition(action) !== undefined) names.push(action)
  for (const text of names) {
    const name = parseCondition(text)
    if (name === undefined) {
      complain(`${text}: bad trap`)
      return 1
    }
    if (isReset || rest.length === 1) state.traps.delete(name)
    else state.traps.set(name, action)
  }
  return 0
}

/** `wait [PID…]`: for the given, or all, background commands; a trapped signal ends the waiting with 128 + its number. */
export const wait: Builtin = async ({ state, args }) => {
  if (args.length === 0) {
    const outcome = await untilInterrupted(state, Promise.all(state.background.values()))
    if (outcome.kind === 'trapped') return outcome.status
    state.background.clear()
    return 0
  }
  let status = 0
  for (const text of args) {
    const finished = state.background.get(Number(text.replace(/^%/, '')))
    if (finished === undefined) {
      status = 127
      continue
    }
    const outcome = await untilInterrupted(state, finished)
    if (outcome.kind === 'trapped') return outcome.status
    status = outcome.value
  }
  return status
}

/** `kill [-SIGNAL|-s SIGNAL|-l] PID…`; a negative number is a process group. */
export const kill: Builtin = (call) => {
  const { state, args, write } = call
  if (args[0] === '-l') {
    write(`${Object.keys(signalNumbers).join('\n')}\n`)
    return 0
  }
  const parsed = parseKill(args)
  if (parsed === undefined || parsed.targets.length === 0) {
    call.writeError(
      'sh: 1: kill: Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]\n',
    )
    return 2
  }
  let status = 0
  for (const target of parsed.targets) {
    if (!/^-?\d+$/.test(target)) {
      call.complain(`Illegal number: ${target}`)
      return 2
    }
    const problem = signalTarget(call, Number(target), parsed.signal)
    if (problem === undefined) continue
    call.complain(problem)
    status = 1
  }
  return state.signal.aborted ? endKilled() : status
}

function endKilled(): never {
  throw new ShellInterrupt({ kind: 'killed' })
}

function parseCondition(text: string): string | undefined {
  if (text === '0' || text === 'EXIT') return 'EXIT'
  return text === 'PIPE' || text === '13' ? 'PIPE' : parseSignal(text)
}

type KillRequest = { readonly signal: string; readonly targets: readonly string[] }

function parseKill(args: readonly string[]): KillRequest | undefined {
  const [first, second] = args
  if (first === '-s' || first === '-n') return withSignal(second ?? '', args.slice(2))
  if (first !== undefined && /^-[A-Z0-9]/.test(first)) return withSignal(first.slice(1), args.slice(1))
  return { signal: 'TERM', targets: first === '--' ? args.slice(1) : args }
}

function withSignal(text: string, targets: readonly string[]): KillRequest | undefined {
  const signal = text === '0' ? '0' : parseSignal(text)
  return signal === undefined
    ? undefined
    : { signal, targets: targets[0] === '--' ? targets.slice(1) : targets }
}

function signalTarget({ state }: BuiltinCall, target: number, signalName: string): string | undefined {
  const { host } = state.machine
  const group = target === 0 ? state.group : -target
  const found = host
    .processes()
    .filter(({ pid, group: own }) => (target > 0 ? pid === target : own === group))
  if (found.length === 0) return 'No such process'
  const isRoot = state.user.uid === 0
  const allowed = found.filter(({ user }) => isRoot || user === state.user.name)
  if (allowed.length === 0) return 'Operation not permitted'
  const signal = parseSignal(signalName)
  if (signal !== undefined) for (const { pid } of allowed) host.signalProcess(pid, signal)
  return undefined
}

type WaitOutcome<T> =
  | { readonly kind: 'finished'; readonly value: T }
  | { readonly kind: 'trapped'; readonly status: number }

async function untilInterrupted<T>(state: ShellState, work: Promise<T>): Promise<WaitOutcome<T>> {
  const waiter = whenAborted(state.signal)
  const trapped = Promise.withResolvers<undefined>()
  const wake = (): void => trapped.resolve(undefined)
  state.trapWaiters.add(wake)
  if (state.pendingTraps.length > 0) wake()
  const result = await Promise.race([
    work.then((value) => ({ value })),
    waiter.aborted.then(() => undefined),
    trapped.promise,
  ])
  state.trapWaiters.delete(wake)
  waiter.stop()
  if (result !== undefined) return { kind: 'finished', value: result.value }
  const signal = parseSignal(state.pendingTraps[0] ?? '')
  return signal === undefined ? endKilled() : { kind: 'trapped', status: 128 + signalNumbers[signal] }
}
