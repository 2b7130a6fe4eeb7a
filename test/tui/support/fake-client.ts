import type { Digest, HostName, JobId, StepId } from '../../../src/core/base/ids.ts'
import { decideIntent } from '../../../src/core/run/decide-intent.ts'
import type { Decision } from '../../../src/core/run/decision.ts'
import type { Intent, Refusal } from '../../../src/core/run/intents.ts'
import { reduceEvent } from '../../../src/core/run/reduce.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import type {
  OutputChunk,
  PersonTerminal,
  Prompt,
  PromptAnswer,
  ProgressNote,
  RunClient,
  RunnerConnection,
  StepText,
} from '../../../src/tui/run-client.ts'
import { RUN, STARTED_MS, type RunBuilder } from './run-builder.ts'

export type FakeParts = {
  readonly output?: string
  readonly texts?: { readonly [step: string]: StepText }
  readonly values?: { readonly [digest: string]: string }
  readonly progress?: readonly ProgressNote[]
  readonly prompts?: readonly Prompt[]
  readonly connection?: RunnerConnection
  readonly watching?: string
  /** Nobody drives, this client neither. */
  readonly isUndriven?: boolean
  /** Answers come into the journal when they are released. */
  readonly isSlow?: boolean
  readonly since?: RunClient['sinceYouLeft']
  readonly corrections?: NonNullable<RunClient['corrections']>
}

/** A run without an engine: intents are decided and reduced, nothing else happens. */
export class FakeClient implements RunClient {
  readonly run = RUN
  readonly operator = 'alice'
  readonly state: RunClient['state']
  readonly intents: Intent[] = []
  readonly answers: PromptAnswer[] = []
  readonly sinceYouLeft?: NonNullable<RunClient['sinceYouLeft']>
  readonly corrections?: NonNullable<RunClient['corrections']>
  isDetached = false
  terminal: PersonTerminal | undefined
  #parts: FakeParts
  readonly #held: ((refusal: Refusal | undefined) => void)[] = []
  readonly #listeners = new Set<() => void>()
  readonly #followers = new Map<JobId, Set<(chunk: OutputChunk) => void>>()

  constructor(run: RunBuilder, parts: FakeParts = {}) {
    this.state = run.state()
    this.#parts = parts
    if (parts.since !== undefined) this.sinceYouLeft = parts.since
    if (parts.corrections !== undefined) this.corrections = parts.corrections
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly submit: RunClient['submit'] = async (intent) => {
    this.intents.push(intent)
    if (this.#parts.isSlow !== true) return this.#decide(intent)
    const late = Promise.withResolvers<Decision>()
    this.#held.push((refusal) =>
      late.resolve(refusal === undefined ? this.#decide(intent) : { ok: false, refusal }),
    )
    return late.promise
  }

  #decide(intent: Intent): Decision {
    const decision = decideIntent(this.state, intent)
    if (decision.ok) this.tell(...decision.events)
    return decision
  }

  /** What was sent to a slow run arrives; with a refusal, it is refused. */
  release(refusal?: Refusal): void {
    for (const settle of this.#held.splice(0)) settle(refusal)
  }

  /** A moment ago, this was seen. */
  note(note: ProgressNote): void {
    this.#parts = {
      ...this.#parts,
      progress: [...this.progress().filter(({ host }) => host !== note.host), note],
    }
    this.#notify()
  }

  readonly outputs: RunClient['outputs'] = {
    follow: (job, { onChunk }) => {
      const followers = this.#followers.get(job) ?? new Set()
      this.#followers.set(job, followers.add(onChunk))
      if (this.#parts.output !== undefined)
        onChunk({ stream: 'stdout', bytes: Buffer.from(this.#parts.output) })
      return () => followers.delete(onChunk)
    },
  }

  readonly stepText = async (step: StepId, _host: HostName | undefined): Promise<StepText | undefined> =>
    this.#parts.texts?.[step]
  readonly readValue = async (digest: Digest): Promise<string | undefined> => this.#parts.values?.[digest]
  readonly isDriver = (): boolean => this.#parts.watching === undefined && this.#parts.isUndriven !== true
  readonly driver = (): string | undefined =>
    this.#parts.watching ?? (this.#parts.isUndriven === true ? undefined : this.operator)
  readonly connection = (): RunnerConnection => this.#parts.connection ?? { kind: 'connected' }
  readonly progress = (): readonly ProgressNote[] => this.#parts.progress ?? []
  readonly prompts = (): readonly Prompt[] => this.#parts.prompts ?? []

  readonly takeWheel: RunClient['takeWheel'] = async () => {
    const { watching: _, isUndriven: __, ...rest } = this.#parts
    this.#parts = rest
    return { ok: true }
  }

  readonly answerPrompt = (id: string, answer: PromptAnswer): void => {
    this.answers.push(answer)
    this.#parts = { ...this.#parts, prompts: this.prompts().filter((prompt) => prompt.id !== id) }
    this.#notify()
  }

  readonly lendTerminal: RunClient['lendTerminal'] = (terminal) => {
    this.terminal = terminal
  }

  readonly detach = (): void => {
    this.isDetached = true
  }

  /** Somebody else takes the run up. */
  drivenBy(watching: string): void {
    this.#parts = { ...this.#parts, watching }
    this.#notify()
  }

  /** Events happen. */
  tell(...events: readonly RunEvent[]): void {
    for (const event of events) reduceEvent(this.state, event, STARTED_MS)
    this.#notify()
  }

  /** A host prints. */
  print(text: string, stream: OutputChunk['stream'] = 'stdout'): void {
    const bytes = Buffer.from(text)
    for (const followers of this.#followers.values())
      for (const follower of followers) follower({ stream, bytes })
  }

  /** One job prints. */
  printFor(job: JobId, text: string): void {
    for (const follower of this.#followers.get(job) ?? [])
      follower({ stream: 'stdout', bytes: Buffer.from(text) })
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}
