import type { Farewell, SentRecord } from '../../adapters/runner/messages.ts'
import type { HostName, StepId } from '../../core/base/ids.ts'
import type { Progress } from '../../engine/context.ts'
import type { RunClient, RunnerConnection, StepText } from '../../tui/run-client.ts'

/** What plain lines and JSON show of a run; a screen has `subscribe`. */
export type ClientObserver = {
  /** Records that the state holds already, in order. */
  readonly onRecords: (records: readonly SentRecord[]) => void
  /** Live output; a client that is slow misses some of it (the store has all). */
  readonly onOutput: (job: string, stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  readonly onOutputSkipped: (bytes: number) => void
  readonly onProgress: (progress: Progress) => void
  readonly onRest: (isResting: boolean) => void
  readonly onDriver: (drives: boolean, driver: string | undefined) => void
  readonly onConnection: (connection: RunnerConnection) => void
}

/** A client of a run whose engine is in another process. */
export type SocketClient = RunClient & {
  /** All records that the state holds; it grows. */
  readonly records: readonly SentRecord[]
  /** Only a person can move the run on. */
  readonly isResting: () => boolean
  /** Why the runner ended the connection that is lost; undefined: it was cut off, or the runner died. */
  readonly farewell: () => Farewell | undefined
  readonly runnerPid: () => number | undefined
  /** Tells of what comes from now on. One at a time. */
  readonly observe: (observer: ClientObserver) => void
  /** Ends the runner if nobody else is connected; what runs on hosts goes on. Resolves when the connection is gone. */
  readonly stopRunner: () => Promise<void>
}

/** Renders what a step says and does, as far as this process knows the plan. */
export type RenderStepText = (step: StepId, host: HostName | undefined) => Promise<StepText | undefined>
