import { selectRunPaths } from '../../adapters/journal/run-directory.ts'
import type { SentProgress, SentRecord } from '../../adapters/runner/messages.ts'
import { brandAs, type HostName, type JobId, type StepId } from '../../core/base/ids.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { Outputs, ProgressNote, RunClient } from '../../tui/run-client.ts'
import { createOutputs } from './follow-output.ts'
import { saveLastSeen, type LastSeen } from './last-seen.ts'
import type { RunHistory } from './run-history.ts'

/** What every client of a run needs, wherever its engine is. */
export type ClientBase = {
  readonly subscribe: RunClient['subscribe']
  /** Tells the subscribers. */
  readonly changed: () => void
  /** The state holds these records now. */
  readonly applied: (records: readonly SentRecord[]) => void
  /** A job may have printed something; undefined: any may have. */
  readonly outputCame: (job: string | undefined) => void
  readonly progressed: (progress: SentProgress) => void
  readonly progress: () => readonly ProgressNote[]
  readonly outputs: Outputs
  /** Somebody follows output. */
  readonly wantsOutput: () => boolean
  readonly sinceYouLeft: Pick<RunClient, 'sinceYouLeft'>
  /** Remembers how far this person has seen the run, and tells nobody any more. */
  readonly close: () => void
  /** Ends without remembering anything: nobody saw the run here. */
  readonly abandon: () => void
}

/** Places of which the last note is kept. */
const MAX_NOTES = 200
/** How often it is remembered how far a person has seen: what a killed client shows twice at most. */
const SEEN_EVERY_MS = 2000

/** Who looks, and how far they had seen the run before. */
type Seen = {
  readonly operator: string
  readonly last: LastSeen | undefined
  /** Shows nothing to a person: what is new stays new. */
  readonly isGlance?: boolean
}

/** Makes what clients share; `watchOutput` is told when the first one follows output. */
export function createClientBase(
  history: RunHistory,
  seen: Seen,
  watchOutput: (on: boolean) => void,
): ClientBase {
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  const notes = createNotes()
  const news = createOutputNews(watchOutput)
  const memory = openMemory(history, seen)
  const { state } = history
  const sinceYouLeft = selectSinceYouLeft(history, seen)
  const abandon = (): void => {
    memory.stop()
    listeners.clear()
  }
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    changed,
    applied(records) {
      for (const { event } of records)
        if (event.type === 'host-ended') notes.forget(`${event.step}@${event.host}`)
      changed()
    },
    outputCame: news.tell,
    progressed(progress) {
      notes.add(progress)
      changed()
    },
    progress: notes.list,
    outputs: createOutputs({
      outputs: selectRunPaths(history.directory).outputs,
      onNews: news.subscribe,
      isOver: (job) => state.jobs.get(job)?.state === 'ended',
    }),
    wantsOutput: news.isWanted,
    sinceYouLeft,
    close() {
      abandon()
      memory.remember()
    },
    abandon,
  }
}

/** Remembers at times, until it is stopped, how far the person has seen the run. */
function openMemory(history: RunHistory, { operator, isGlance = false }: Seen) {
  const remember = (): void => {
    if (!isGlance)
      void saveLastSeen(history.directory, operator, { seq: history.lastSeq(), atMs: Date.now() })
  }
  const timer = setInterval(remember, SEEN_EVERY_MS).unref()
  return { remember, stop: () => clearInterval(timer) }
}

function createNotes() {
  const notes = new Map<string, ProgressNote>()
  return {
    list: () => [...notes.values()],
    forget: (place: string) => notes.delete(place),
    add({ step, host, text, seen, retryMs }: SentProgress): void {
      const key = `${step ?? ''}@${host ?? ''}`
      // Newest last.
      notes.delete(key)
      notes.set(key, {
        text,
        atMs: Date.now(),
        ...(step === undefined ? {} : { step: brandAs<StepId>(step) }),
        ...(host === undefined ? {} : { host: brandAs<HostName>(host) }),
        ...(seen === undefined ? {} : { seen }),
        ...(retryMs === undefined ? {} : { retryMs }),
      })
      const [oldest] = notes.keys()
      if (notes.size > MAX_NOTES && oldest !== undefined) notes.delete(oldest)
    },
  }
}

function selectSinceYouLeft(
  { records }: RunHistory,
  { operator, last }: { readonly operator: string; readonly last: LastSeen | undefined },
): Pick<RunClient, 'sinceYouLeft'> {
  if (last === undefined) return {}
  const events = records
    .filter(({ seq }) => seq > last.seq)
    .map(({ event }) => event)
    .filter((event) => !isOwnReturn(event, operator))
  return events.length === 0 ? {} : { sinceYouLeft: { leftAtMs: last.atMs, events } }
}

/** What is recorded only since this person left and came back: that nobody was there, and that they are again. */
function isOwnReturn(event: RunEvent, operator: string): boolean {
  if (event.type === 'run-paused') return event.reason === 'waiting'
  return (event.type === 'session-opened' || event.type === 'run-resumed') && event.operator === operator
}

function createOutputNews(watchOutput: (on: boolean) => void) {
  const listeners = new Map<string, Set<() => void>>()
  return {
    isWanted: () => listeners.size > 0,
    tell(job: string | undefined): void {
      const told = job === undefined ? [...listeners.values()] : [listeners.get(job) ?? []]
      for (const each of told) for (const listener of each) listener()
    },
    subscribe(job: JobId, listener: () => void): () => void {
      if (listeners.size === 0) watchOutput(true)
      const own = listeners.get(job) ?? new Set()
      listeners.set(job, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0 && listeners.get(job) === own) listeners.delete(job)
      }
    },
  }
}
