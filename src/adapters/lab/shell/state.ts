import type { LabUser } from '../program.ts'
import { FsView } from '../fs/fs-view.ts'
import type { Machine, OnBackground } from './machine.ts'
import type { Streams } from './stream.ts'
import type { Command } from './syntax.ts'

export type Variable = { value: string | undefined; exported: boolean; readonly: boolean }

export type ShellOptions = {
  errexit: boolean
  nounset: boolean
  xtrace: boolean
  noglob: boolean
  noclobber: boolean
  pipefail: boolean
}

/** A running shell: everything that a subshell gets a copy of. */
export type ShellState = {
  readonly machine: Machine
  readonly user: LabUser
  /** `$0`, which error messages begin with. */
  name: string
  /** `$$`, the same in all subshells. */
  readonly shellPid: number
  /** The process that this (sub)shell is. */
  readonly pid: number
  readonly group: number
  readonly variables: Map<string, Variable>
  readonly functions: Map<string, Command>
  positional: readonly string[]
  readonly options: ShellOptions
  cwd: string
  umask: number
  readonly fs: FsView
  readonly streams: Streams
  readonly traps: Map<string, string>
  /** Signals that were ignored when this shell was started. */
  readonly ignored: ReadonlySet<string>
  /** Signals that came and whose trap has not run yet. */
  readonly pendingTraps: string[]
  /** Called when a trapped signal comes, so that `wait` can stop waiting. */
  readonly trapWaiters: Set<() => void>
  readonly background: Map<number, Promise<number>>
  lastBackgroundPid: number | undefined
  status: number
  /** The status of the last command substitution of the command at hand. */
  substitutionStatus: number
  line: number
  readonly signal: AbortSignal
  functionDepth: number
  loopDepth: number
  /** Above zero: a failure here is looked at, so that `set -e` lets it pass. */
  guarded: number
  /** For each running function, what its `local` variables were before. */
  readonly scopes: Map<string, Variable | undefined>[]
  readonly onBackground: OnBackground | undefined
  commandCount: number
  /** The shell is there for one simple command only, which takes its place. */
  replacedByCommand: boolean
}

export type StateOptions = {
  readonly machine: Machine
  readonly user: LabUser
  readonly name: string
  readonly pid: number
  readonly group: number
  readonly environment: ReadonlyMap<string, string>
  readonly positional: readonly string[]
  readonly cwd: string
  readonly umask: number
  readonly streams: Streams
  readonly signal: AbortSignal
  readonly onBackground: OnBackground | undefined
  readonly ignored: ReadonlySet<string>
}

/** Starts a shell's state from an environment. */
export function buildState(options: StateOptions): ShellState {
  const variables = new Map<string, Variable>()
  for (const [name, value] of options.environment)
    variables.set(name, { value, exported: true, readonly: false })
  if (!variables.has('PATH')) variables.set('PATH', { value: defaultPath, exported: false, readonly: false })
  for (const [name, value] of [
    ['IFS', ' \t\n'],
    ['OPTIND', '1'],
    ['PS4', '+ '],
    ['PPID', '1'],
  ] as const) {
    variables.set(name, { value, exported: false, readonly: false })
  }
  variables.set('PWD', {
    value: options.cwd,
    exported: variables.get('PWD')?.exported ?? false,
    readonly: false,
  })
  return withView({
    ...options,
    variables,
    shellPid: options.pid,
    functions: new Map(),
    options: {
      errexit: false,
      nounset: false,
      xtrace: false,
      noglob: false,
      noclobber: false,
      pipefail: false,
    },
    traps: new Map(),
    pendingTraps: [],
    trapWaiters: new Set(),
    background: new Map(),
    lastBackgroundPid: undefined,
    status: 0,
    substitutionStatus: 0,
    line: 1,
    functionDepth: 0,
    loopDepth: 0,
    guarded: 0,
    scopes: [],
    commandCount: 0,
    replacedByCommand: false,
  })
}

/** Copies a shell's state for a subshell, which can change nothing of its parent. */
export function forkState(
  parent: ShellState,
  own: { readonly pid?: number; readonly signal?: AbortSignal; readonly streams?: Streams } = {},
): ShellState {
  const variables = new Map<string, Variable>()
  for (const [name, variable] of parent.variables) variables.set(name, { ...variable })
  return withView({
    ...parent,
    variables,
    pid: own.pid ?? parent.pid,
    signal: own.signal ?? parent.signal,
    streams: new Map(own.streams ?? parent.streams),
    functions: new Map(parent.functions),
    options: { ...parent.options },
    traps: new Map([...parent.traps].filter(([, action]) => action === '')),
    pendingTraps: [],
    trapWaiters: new Set(),
    background: new Map(),
    scopes: parent.scopes.map((scope) => new Map(scope)),
    loopDepth: 0,
    replacedByCommand: false,
  })
}

/** The value of a variable, or undefined when it is not set. */
export function getVariable(state: ShellState, name: string): string | undefined {
  return state.variables.get(name)?.value
}

/** Sets a variable; false when it is read-only. */
export function setVariable(state: ShellState, name: string, value: string): boolean {
  const variable = state.variables.get(name)
  if (variable === undefined) state.variables.set(name, { value, exported: false, readonly: false })
  else if (variable.readonly) return false
  else variable.value = value
  return true
}

/** The exported variables. */
export function environmentOf(state: ShellState): Map<string, string> {
  const environment = new Map<string, string>()
  for (const [name, { value, exported }] of state.variables)
    if (exported && value !== undefined) environment.set(name, value)
  return environment
}

/** Takes a signal by the shell's traps; false when it has none for it. */
export function takeSignal(state: ShellState, signal: string): boolean {
  const action = state.traps.get(signal)
  if (action === undefined) return state.ignored.has(signal)
  if (action === '') return true
  state.pendingTraps.push(signal)
  for (const wake of state.trapWaiters) wake()
  return true
}

/** Writes to a descriptor; what cannot be written is the caller's to report. */
export function writeTo(
  state: ShellState,
  fd: number,
  text: string,
): 'broken' | 'full' | 'closed' | undefined {
  const write = state.streams.get(fd)?.write
  return write === undefined ? 'closed' : write(text)
}

/** Prints a message of the shell itself, in dash's form. */
export function complain(state: ShellState, message: string): void {
  writeTo(state, 2, `${state.name}: ${state.line}: ${message}\n`)
}

/** dash's own default when the environment has none. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function withView(bare: Omit<ShellState, 'fs'>): ShellState {
  const state = bare as ShellState
  const fs = new FsView({
    disk: state.machine.disk,
    accounts: state.machine.accounts,
    user: state.user,
    cwd: () => state.cwd,
    umask: () => state.umask,
    nowMs: () => state.machine.clock.nowMs(),
  })
  return Object.assign(state, { fs })
}
