import { homedir } from 'node:os'

/** Where text goes; a process's own streams fit. */
export type TextStream = {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** What a command line sees of its surroundings; tests give their own. */
export type CliWorld = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  readonly stdout: TextStream
  readonly stderr: TextStream
  readonly stdin: NodeJS.ReadStream
  readonly now: () => Date
  /** Calls back at every SIGINT until it is told to stop. */
  readonly onInterrupt: (listener: () => void) => () => void
}

/** The surroundings of this process. */
export function openProcessWorld(): CliWorld {
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    now: () => new Date(),
    onInterrupt(listener) {
      process.on('SIGINT', listener)
      return () => process.off('SIGINT', listener)
    },
  }
}
