import type { JournalRecord } from '../../core/journal/record.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import type { Decision } from '../../core/run/decision.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { Intent } from '../../core/run/intents.ts'
import type { HostKeyQuestion, InteractiveQuestion, SecretQuestion } from '../../engine/ports/prompter.ts'
import type { TerminalQuestion, TerminalSize } from '../../engine/ports/terminal.ts'

/** Version of the words between runner and clients; another one is refused with a sentence. */
export const PROTOCOL_VERSION = 1

/** One durable record as a client needs it. */
export type SentRecord = {
  readonly seq: number
  readonly t: string
  readonly actor: string
  readonly event: RunEvent
}

/** A durable record as clients get it: without what only the journal needs. */
export function toSentRecord({ seq, t, actor, event }: JournalRecord): SentRecord {
  return { seq, t, actor, event: event as unknown as RunEvent }
}

/** What a runner asks the person who drives, in the middle of a connection. Secrets never stand in a question. */
export type RunnerQuestion =
  | { readonly kind: 'secret'; readonly question: SecretQuestion }
  | { readonly kind: 'host-key'; readonly question: HostKeyQuestion }
  | { readonly kind: 'interactive'; readonly question: InteractiveQuestion }
  /** May a command have the person's terminal? The answer is `true` or none. */
  | { readonly kind: 'terminal'; readonly question: TerminalQuestion }

/** Live output: none, its bytes, or only the news that there is some, for a client that reads the store. */
export type OutputWatch = boolean | 'news'

/** From a client to the runner. */
export type ClientMessage =
  /** First word: records after `afterSeq` are sent, then everything new. */
  | {
      readonly type: 'hello'
      readonly version: number
      readonly afterSeq: number
      readonly operator: string
      readonly drives: boolean
      /** Absent: this client has none that it could lend. */
      readonly terminal?: TerminalSize
    }
  | { readonly type: 'intent'; readonly id: number; readonly intent: Intent }
  /** Asks for the wheel; `force` takes it from whoever has it. */
  | { readonly type: 'drive'; readonly force: boolean }
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown }
  /** Which output to send live; by default none. */
  | { readonly type: 'watch-output'; readonly on: OutputWatch }
  /** What a person types to a command that has their terminal, and the terminal's size whenever it changes. */
  | { readonly type: 'terminal-input'; readonly id: number; readonly base64: string }
  | { readonly type: 'terminal-size'; readonly size: TerminalSize }
  /** The person took their terminal back; the command goes on. */
  | { readonly type: 'terminal-leave'; readonly id: number }
  /** Ends the runner once it has let go, unless others are connected; jobs on hosts go on. */
  | { readonly type: 'stop-runner' }

/** Why a runner ends; `exitCode` where the state of the run does not tell it. */
export type Farewell = { readonly reason: string; readonly exitCode?: number }

/** What goes on and is not in the journal, as it is sent. */
export type SentProgress = {
  readonly step?: string
  readonly host?: string
  readonly text: string
  /** What the probes of an open manual item said just now. */
  readonly seen?: readonly CheckResult[]
  /** A lost connection: the next attempt begins after so long, in milliseconds. */
  readonly retryMs?: number
}

/** From the runner to a client. */
export type RunnerMessage =
  | {
      readonly type: 'welcome'
      readonly version: number
      readonly run: string
      readonly pid: number
      readonly drives: boolean
      readonly driver: string | undefined
      readonly isResting: boolean
    }
  /** Whether only a person can move the run on. */
  | { readonly type: 'rest'; readonly isResting: boolean }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'records'; readonly records: readonly SentRecord[] }
  | { readonly type: 'decision'; readonly id: number; readonly decision: Decision }
  | {
      readonly type: 'output'
      readonly job: string
      readonly stream: 'stdout' | 'stderr'
      readonly base64: string
    }
  /** Output was left out for this client since it does not keep up; the store has all of it. */
  | { readonly type: 'output-skipped'; readonly bytes: number }
  | ({ readonly type: 'progress' } & SentProgress)
  | { readonly type: 'question'; readonly id: number; readonly ask: RunnerQuestion }
  | { readonly type: 'question-over'; readonly id: number }
  /** A command has the terminal from now on; what it prints; it gives the terminal back. */
  | { readonly type: 'terminal-open'; readonly id: number; readonly host: string }
  | { readonly type: 'terminal-output'; readonly id: number; readonly base64: string }
  | { readonly type: 'terminal-close'; readonly id: number }
  | { readonly type: 'driver'; readonly drives: boolean; readonly driver: string | undefined }
  /** The runner is about to end, or lets this client go, and why. */
  | ({ readonly type: 'goodbye' } & Farewell)
