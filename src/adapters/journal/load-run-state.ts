import type { RunId } from '../../core/base/ids.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import type { JournalCondition } from '../../core/journal/scan-journal.ts'
import type { EventOf, RunEvent } from '../../core/run/events.ts'
import type { PlanOutline } from '../../core/run/outline.ts'
import { reduceEvent } from '../../core/run/reduce.ts'
import { createRunState, type RunState } from '../../core/run/state.ts'
import { openContentStore, type ContentStore } from './content-store.ts'
import { describeNothingRecorded, loadJournal } from './load-journal.ts'
import { selectRunDirectory, selectRunPaths } from './run-directory.ts'

/** A run as its journal tells it. */
export type LoadedRun = {
  readonly run: RunId
  readonly directory: string
  readonly state: RunState
  readonly records: readonly JournalRecord[]
  readonly condition: JournalCondition
}

/** Reads a run's journal without changing anything, and replays what of it is sound. */
export async function loadRunState(stateDirectory: string, run: RunId): Promise<LoadedRun> {
  const directory = selectRunDirectory(stateDirectory, run)
  const scanned = await loadJournal(directory)
  const nothing = describeNothingRecorded(directory, scanned)
  if (nothing !== undefined) throw nothing
  const { records, condition } = scanned
  const state = await replayRecords(directory, records)
  return { run, directory, state, records, condition }
}

/** Replays records into a state; outlines that they name by digest are put in place first. */
export async function replayRecords(directory: string, records: readonly JournalRecord[]): Promise<RunState> {
  const values = openContentStore(selectRunPaths(directory).values)
  const state = createRunState()
  for (const record of records) {
    const event = record.event as unknown as RunEvent
    // To wait a hundred thousand times for nothing takes longer than to reduce.
    reduceEvent(state, isCompleted(event) ? await completeEvent(event, values) : event, Date.parse(record.t))
  }
  return state
}

function isCompleted(event: RunEvent): event is EventOf<'run-created' | 'plan-adopted'> {
  return event.type === 'run-created' || event.type === 'plan-adopted'
}

/** Gives an event with the outline that it names only by digest. */
export async function completeEvent(event: RunEvent, values: Pick<ContentStore, 'get'>): Promise<RunEvent> {
  if (!isCompleted(event)) return event
  const outline = JSON.parse(await values.get(event.outlineDigest)) as PlanOutline
  return { ...event, outline }
}
