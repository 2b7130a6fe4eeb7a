import type { LabClock, LabHostHandle, LabUser, Program } from '../program.ts'
import type { Accounts } from '../fs/accounts.ts'
import type { Disk } from '../fs/disk.ts'
import type { Stream } from './stream.ts'

/** What all shells and programs of a host have in common. */
export type Machine = {
  readonly host: LabHostHandle
  readonly accounts: Accounts
  readonly disk: Disk
  readonly clock: LabClock
  readonly programs: ReadonlyMap<string, Program>
  /** Runs a shell as a part of the calling process; here, so that running a program need not know the interpreter. */
  readonly startShell: (setting: ProgramSetting, start: ShellStart) => Promise<number>
}

/** Where and with what a program or a shell runs. */
export type ProgramSetting = {
  readonly machine: Machine
  readonly user: LabUser
  readonly env: ReadonlyMap<string, string>
  readonly cwd: string
  readonly umask: number
  readonly ppid: number
  readonly group: number
  readonly streams: ReadonlyMap<number, Stream>
  readonly signal: AbortSignal
  readonly onBackground: OnBackground | undefined
  /** Signals that the program is started with ignoring, as after `trap ''`. */
  readonly ignored?: ReadonlySet<string> | undefined
  /** The process whose place the program takes, as after exec; absent: it gets a new one. */
  readonly replaces?: number | undefined
  /** True: the program leads a group of its own. */
  readonly ownGroup?: boolean | undefined
  /** Watches the one process that this setting starts; not handed on to its children. */
  readonly watch?: ProcessWatch | undefined
}

export type ProcessWatch = { started(pid: number): void; killed(signal: string): void }

/** Told of each background command: whoever still holds a connection's output keeps it open, as over real SSH. */
export type OnBackground = (started: {
  readonly streams: ReadonlyMap<number, Stream>
  readonly finished: Promise<number>
}) => void

/** How a shell is started. */
export type ShellStart = {
  /** `$0`. */
  readonly name: string
  /** The commands; absent: they come from standard input. */
  readonly text?: string
  readonly positional: readonly string[]
  readonly pid: number
  /** The letters of `set`, as in `sh -eu`. */
  readonly flags?: string
  /** Takes the shell's own signal handling, so that its traps are asked first. */
  readonly onTrap?: (handle: (signal: string) => boolean) => void
}
