import type { LabSignal } from '../program.ts'

/** Signal numbers as on Linux. */
export const signalNumbers: Readonly<Record<LabSignal, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  TERM: 15,
  CONT: 18,
  STOP: 19,
}

/** SIGPIPE's number; it is only ever raised by a write. */
const pipeNumber = 13

/** Reads `TERM`, `SIGTERM` or `15`. */
export function parseSignal(text: string): LabSignal | undefined {
  const name = text.replace(/^SIG/, '')
  for (const [signal, number] of Object.entries(signalNumbers) as [LabSignal, number][]) {
    if (signal === name || String(number) === text) return signal
  }
  return undefined
}

/** The exit status of a process that a signal ended. */
export function statusOfSignal(signal: LabSignal | 'PIPE'): number {
  return 128 + (signal === 'PIPE' ? pipeNumber : signalNumbers[signal])
}

/** An abort controller that is also aborted by its parent's signal; call `release` when done. */
export function linkAbort(parent: AbortSignal): { readonly controller: AbortController; release(): void } {
  const controller = new AbortController()
  const abort = (): void => controller.abort(parent.reason)
  if (parent.aborted) abort()
  else parent.addEventListener('abort', abort, { once: true })
  return { controller, release: () => parent.removeEventListener('abort', abort) }
}

/** Resolves when the signal is aborted, or with `stop`, whichever comes first. */
export function whenAborted(signal: AbortSignal): { readonly aborted: Promise<void>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const finish = (): void => resolve()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', finish, { once: true })
  return {
    aborted: promise,
    stop: () => {
      signal.removeEventListener('abort', finish)
      resolve()
    },
  }
}

/** What an abort's reason says of the status to report: the signal's, or SIGTERM's when it is not told. */
export function statusOfAbort(signal: AbortSignal): number {
  return signal.reason instanceof ProcessKilled
    ? statusOfSignal(signal.reason.signal)
    : statusOfSignal('TERM')
}

/** The reason of an abort that a signal (or a broken pipe) caused. */
export class ProcessKilled extends Error {
  override readonly name = 'ProcessKilled'
  readonly signal: LabSignal | 'PIPE'
  constructor(signal: LabSignal | 'PIPE') {
    super(`SIG${signal}`)
    this.signal = signal
  }
}
