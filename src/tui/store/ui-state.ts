import type { HostName, JobId, RunId, StepId } from '../../core/base/ids.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { EditChoice } from '../../core/run/decide-edit.ts'
import type { Choice } from '../../core/run/question.ts'
import type { EditReview } from '../edit-review.ts'
import type { FormSpec, FormValues } from '../form-spec.ts'
import type { CorrectionView } from '../run-client.ts'
import { EMPTY_FIELD, type Field } from '../term/field.ts'
import type { Tone } from '../term/row.ts'

/** All that a screen remembers and a run does not: where one looks, what is being typed. Never changed in place. */
export type UiState = {
  readonly screen: 'home' | 'form' | 'run' | 'report'
  readonly home: HomeUi
  readonly form: FormUi | undefined
  readonly run: RunUi
  readonly overlay: Overlay | undefined
  readonly help: HelpUi | undefined
  readonly toast: Toast | undefined
  /** Answers that were sent and that neither the journal nor a refusal has settled yet. */
  readonly sent: readonly SentAnswer[]
  /** When Ctrl+C was pressed last, on the monotonic clock. */
  readonly interruptedAtMs: number | undefined
  /** A piece of work that is waited for, in words. */
  readonly busy: SafeText | undefined
}

export type HomeUi = {
  readonly filter: Field
  readonly isFiltering: boolean
  readonly cursor: number
  /** Set while it is chosen where a runbook runs, or what runs on practice hosts. */
  readonly pick: PickUi | undefined
}

/** The other half of what to start is being chosen. */
export type PickUi = {
  readonly of:
    | { readonly kind: 'runbook'; readonly path: string }
    | { readonly kind: 'lab'; readonly name: string }
  readonly cursor: number
}

export type FormUi = {
  /** A run to start, or one whose parameters are corrected. */
  readonly purpose:
    | { readonly kind: 'start'; readonly runbook: string; readonly inventory: string }
    | { readonly kind: 'correct' }
  readonly spec: FormSpec
  readonly fields: readonly FormEntry[]
  readonly cursor: number
}

/** One input of the form: a parameter, the second asking of a new secret, or why parameters are corrected. */
export type FormEntry = {
  readonly name: string
  readonly role: 'value' | 'repeat' | 'reason'
  readonly field: Field
  readonly isTouched: boolean
}

export type Pane = 'steps' | 'step' | 'output' | 'checks'
export const PANES: readonly Pane[] = ['steps', 'step', 'output', 'checks']

export type RunUi = {
  readonly pane: Pane
  /** Undefined: the step that goes on, whichever it is. */
  readonly step: StepId | undefined
  readonly host: HostName | undefined
  readonly offsets: { readonly [pane in Exclude<Pane, 'output'>]: number }
  /** Whose output is shown, of the step's earlier jobs on the host; undefined follows the newest. */
  readonly job: JobId | undefined
  /** Number of the line after the last one shown, from the first line ever; undefined follows the end. */
  readonly outputEnd: number | undefined
  readonly isWrapped: boolean
  readonly isZoomed: boolean
  /** A prompt that still waits and is not shown until it is asked for. */
  readonly laterPrompt: string | undefined
  readonly search:
    | { readonly field: Field; readonly isTyping: boolean; readonly line: number | undefined }
    | undefined
}

/** An answer on its way: `words` name the choice. */
export type SentAnswer = {
  readonly question: string
  readonly words: string
  readonly about: string
}

export type Toast = { readonly text: SafeText; readonly tone: Tone; readonly untilMs: number }

/** When something was opened, so that what was typed before it could be read is not taken for an answer. */
export type Opened = { readonly atMs: number; readonly chunk: number }

export type Overlay =
  | QuestionUi
  | {
      readonly kind: 'reason'
      readonly what: 'abort' | 'stop-job'
      readonly step?: StepId
      readonly host?: HostName
      readonly field: Field
      readonly opened: Opened
    }
  | {
      readonly kind: 'notice'
      /** `answering`: answers are on their way; `answered`: somebody else was faster. */
      readonly what: 'since' | 'details' | 'answering' | 'answered'
      readonly offset: number
      readonly opened: Opened
    }
  /** What a correction of parameters changes; Enter makes it. */
  | {
      readonly kind: 'correction'
      readonly values: FormValues
      readonly reason: string
      readonly view: CorrectionView
      readonly offset: number
      readonly opened: Opened
    }
  /** Hosts that are waited for: `cursor` is the key of a choice, so that it stays while hosts come back. */
  | { readonly kind: 'connection'; readonly cursor: string; readonly opened: Opened }
  /** What was edited since the run went by its files, and what is chosen of it so far. */
  | {
      readonly kind: 'edit'
      readonly run: RunId
      readonly review: EditReview
      readonly choices: { readonly [item: string]: EditChoice }
      readonly cursor: number
      readonly offset: number
      readonly opened: Opened
      readonly problem?: string | undefined
    }
  /** What went wrong, with all that is known of it; stays until it is put away. */
  | {
      readonly kind: 'notice'
      readonly what: 'problem'
      readonly title: string
      readonly lines: readonly string[]
      readonly offset: number
      readonly opened: Opened
    }
  | {
      readonly kind: 'prompt'
      readonly id: string
      readonly fields: readonly Field[]
      readonly cursor: number
      readonly opened: Opened
      readonly problem?: string
    }

export type QuestionUi = {
  readonly kind: 'question'
  /** Open questions of one step and kind, the one looked at first. */
  readonly ids: readonly string[]
  /** Those that the answer is for. */
  readonly chosen: readonly string[]
  /** Which of `ids` the keys move over; the choices otherwise. */
  readonly onHosts: boolean
  readonly hostCursor: number
  /** Index into the choices as shown; 0 is "not now" where that is the default. */
  readonly cursor: number
  /** Set while its reason, word or evidence is being typed. */
  readonly choice: Choice | undefined
  readonly field: Field
  readonly problem?: SafeText
  readonly offset: number
  readonly opened: Opened
}

export type HelpUi = { readonly filter: Field; readonly offset: number }

/** The state before the first key. */
export function createUiState(screen: UiState['screen']): UiState {
  return {
    screen,
    home: { filter: EMPTY_FIELD, isFiltering: false, cursor: 0, pick: undefined },
    form: undefined,
    run: createRunUi(),
    overlay: undefined,
    help: undefined,
    toast: undefined,
    sent: [],
    interruptedAtMs: undefined,
    busy: undefined,
  }
}

/** How a run is looked at first: the step that goes on, its output. */
export function createRunUi(): RunUi {
  return {
    pane: 'steps',
    step: undefined,
    host: undefined,
    job: undefined,
    offsets: { steps: 0, step: 0, checks: 0 },
    outputEnd: undefined,
    isWrapped: false,
    isZoomed: false,
    laterPrompt: undefined,
    search: undefined,
  }
}

/** Whether it is a sheet to read, which Enter closes; what becomes of an answer only Esc puts away. */
export function isReading(overlay: Overlay | undefined): boolean {
  return overlay?.kind === 'notice' && overlay.what !== 'answering' && overlay.what !== 'answered'
}
