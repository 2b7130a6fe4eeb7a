import type { Digest, HostName, JobId, RunId, StepId } from '../core/base/ids.ts'
import type { ContentBlock } from '../core/runbook/model.ts'
import type { CheckResult } from '../core/run/check-result.ts'
import type { PlanChange } from '../core/run/compare-plans.ts'
import type { Decision } from '../core/run/decision.ts'
import type { RunEvent } from '../core/run/events.ts'
import type { Intent } from '../core/run/intents.ts'
import type { RunState } from '../core/run/state.ts'
import type { EditReview } from './edit-review.ts'
import type { FormSpec, FormValues } from './form-spec.ts'
import type { Problem } from './problem.ts'
import type { HostKeyQuestion, InteractiveQuestion, SecretQuestion } from '../engine/ports/prompter.ts'
import type { Terminal, TerminalQuestion } from '../engine/ports/terminal.ts'

/**
 * One run as a screen sees it. Exists because the engine may live in this process or in a runner behind a socket.
 *
 * An implementation guarantees: `state` is changed in place by `reduceEvent` only, with events that are durable;
 * listeners are told after each batch, never during one; nothing here throws or blocks; after `detach` nothing
 * is told any more. Texts may be raw: the screen sanitises all that it shows.
 */
export type RunClient = {
  readonly run: RunId
  /** Who sits here: the `by` of every intent. */
  readonly operator: string
  readonly state: RunState
  /** Tells of anything that may change the screen: events, progress, prompts, the connection. */
  readonly subscribe: (listener: () => void) => () => void
  readonly submit: (intent: Intent) => Promise<Decision>
  readonly outputs: Outputs
  /** What a step says and does on one host; rendered anew when captures changed. Undefined: not known here. */
  readonly stepText: (step: StepId, host: HostName | undefined) => Promise<StepText | undefined>
  /** A value of the run by digest (a diff, evidence, a command as sent); undefined if it is not there. */
  readonly readValue: (digest: Digest) => Promise<string | undefined>
  /** False: watching; intents are refused with a reason. */
  readonly isDriver: () => boolean
  /** Who drives when it is not this person; undefined: nobody. */
  readonly driver: () => string | undefined
  /** Takes the wheel from whoever has it; resolves when this person drives, or with the reason why not. */
  readonly takeWheel: () => Promise<
    | { readonly ok: true }
    /** `edit`: first somebody says what becomes of what was edited. */
    | { readonly ok: false; readonly reason: string; readonly edit?: EditReview }
  >
  /** Opened for looking on alone: `takeWheel` is always refused. */
  readonly isOnlyWatching?: boolean
  readonly connection: () => RunnerConnection
  /** What goes on and is not in the journal, newest last; at most one per place. */
  readonly progress: () => readonly ProgressNote[]
  /** What a connection or a secret needs from a person now; the first is shown. */
  readonly prompts: () => readonly Prompt[]
  readonly answerPrompt: (id: string, answer: PromptAnswer) => void
  /** Gives the person's terminal for interactive commands; each asks for it by a prompt first. */
  readonly lendTerminal: (terminal: PersonTerminal) => void
  /** The engine lives and ends with this process: leaving pauses the run. */
  readonly isInline?: boolean
  /** What happened since this person last looked, for "since you left"; absent when nothing did. */
  readonly sinceYouLeft?: { readonly leftAtMs?: number; readonly events: readonly RunEvent[] }
  /** How parameters can be corrected; absent: not from here. */
  readonly corrections?: Corrections
  /** Lets go; the run goes on. */
  readonly detach: () => void
}

/** What a correction of parameters would do; it is made by the intent `correct-params`. Nothing here throws. */
export type Corrections = {
  /** The parameters as the run has them now, those that a person may correct. */
  readonly openForm: () => Promise<FormSpec | Problem>
  /** What would change in the steps with these texts; changes nothing. */
  readonly look: (values: FormValues) => Promise<CorrectionView | Problem>
}

export type CorrectionView = {
  readonly changes: readonly {
    readonly title: string
    readonly kind: PlanChange['kind']
    /** A unified diff of what runs on the first host. */
    readonly diff?: string
  }[]
}
/** The terminal that a person sits at. */
export type PersonTerminal = Pick<Terminal, 'size' | 'attach'>

/** Raw output of jobs. */
export type Outputs = {
  /**
   * Follows one stream-pair of a job: first what is stored, from at most `tailBytes` before its end (starting
   * after a line break), stdout before stderr, then what comes, as it comes. Chunks of one stream come in order;
   * `stop` is the returned function.
   */
  readonly follow: (
    job: JobId,
    options: { readonly tailBytes: number; readonly onChunk: (chunk: OutputChunk) => void },
  ) => () => void
}

export type OutputChunk = {
  readonly stream: 'stdout' | 'stderr'
  readonly bytes: Uint8Array
  /** It was there before this was followed: its place among the lines of the other stream is not kept. */
  readonly isStored?: boolean
  /** Bytes of the stream before the first chunk that are not shown here. */
  readonly skippedBytes?: number
}

/** `kind: 'lost'`: the socket to the runner is gone and is being dialled again. */
export type RunnerConnection =
  | { readonly kind: 'connected' }
  /** The journal was read; who drives it is still being found out or started. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly reason: string }

export type ProgressNote = {
  readonly step?: StepId
  readonly host?: HostName
  readonly text: string
  /** Wall clock of this machine. */
  readonly atMs: number
  /** What the probes of an open manual item said then. */
  readonly seen?: readonly CheckResult[]
  /** A lost connection: from `atMs` the next attempt begins after so long, in milliseconds. */
  readonly retryMs?: number
}

export type Prompt =
  | { readonly id: string; readonly kind: 'secret'; readonly question: SecretQuestion }
  | { readonly id: string; readonly kind: 'host-key'; readonly question: HostKeyQuestion }
  | { readonly id: string; readonly kind: 'interactive'; readonly question: InteractiveQuestion }
  | { readonly id: string; readonly kind: 'terminal'; readonly question: TerminalQuestion }

/** `undefined` declines: the operation then fails as missing. */
export type PromptAnswer =
  | { readonly kind: 'secret'; readonly value: string | undefined }
  | { readonly kind: 'host-key'; readonly trusted: boolean }
  | { readonly kind: 'interactive'; readonly values: readonly string[] | undefined }
  | { readonly kind: 'terminal'; readonly isGiven: boolean }

/** A step's Markdown with its commands filled in for one host; plain data. */
export type StepText = {
  readonly blocks: readonly StepBlock[]
  /** Why nothing of it may run on this host. */
  readonly problem?: string
  /** A condition is false on this host. */
  readonly skipped?: string
  /** Why its author gives no way back. */
  readonly noWayBack?: string
}

type ProseBlock = Exclude<ContentBlock, { readonly kind: 'fence' | 'task' }>

export type StepBlock =
  | (ProseBlock extends infer Block ? (Block extends ProseBlock ? Omit<Block, 'span'> : never) : never)
  | { readonly kind: 'command'; readonly command: CommandText }
  | { readonly kind: 'task'; readonly number: number; readonly text: string }

/** One marked fence with everything filled in; secrets stand as `«secret NAME»`. */
export type CommandText = {
  readonly verb: 'run' | 'edit' | 'file' | 'fixture' | 'check' | 'verify' | 'require' | 'undo'
  /** `index` of the action, undo or probe. */
  readonly index: number
  readonly language: string
  /** The exact text; newlines kept. */
  readonly text: string
  readonly as?: string
  readonly cwd?: string
  readonly path?: string
  /** Hosts that ask, where it is not the host itself. */
  readonly from?: readonly HostName[]
  /** What the output has to be. */
  readonly wanted?: readonly string[]
  readonly isInteractive?: boolean
  /** `for=`, in milliseconds: polled so long. */
  readonly forMs?: number
}
