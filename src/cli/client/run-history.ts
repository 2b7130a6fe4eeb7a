import { loadRunState, completeEvent } from '../../adapters/journal/load-run-state.ts'
import { openContentStore } from '../../adapters/journal/content-store.ts'
import { selectRunPaths } from '../../adapters/journal/run-directory.ts'
import { toSentRecord, type SentRecord } from '../../adapters/runner/messages.ts'
import type { Digest, RunId } from '../../core/base/ids.ts'
import { reduceEvent } from '../../core/run/reduce.ts'
import type { RunState } from '../../core/run/state.ts'

/** A run as its journal told it when it was opened, and what brings it up to date. */
export type RunHistory = {
  readonly run: RunId
  readonly directory: string
  readonly state: RunState
  /** All that `state` holds; it grows. */
  readonly records: readonly SentRecord[]
  /** Number of the last record that `state` holds. */
  readonly lastSeq: () => number
  /** Applies records in order, each once; gives those that were new. Values that they name are put in place first. */
  readonly apply: (records: readonly SentRecord[]) => Promise<readonly SentRecord[]>
  readonly readValue: (digest: Digest) => Promise<string | undefined>
}

/** Replays a run's journal for a client, which never writes to it. */
export async function openRunHistory(stateDirectory: string, run: RunId): Promise<RunHistory> {
  const { directory, state, ...loaded } = await loadRunState(stateDirectory, run)
  const records = loaded.records.map(toSentRecord)
  const values = openContentStore(selectRunPaths(directory).values)
  let lastSeq = records.at(-1)?.seq ?? 0
  let turn: Promise<unknown> = Promise.resolve()
  const applyNow = async (given: readonly SentRecord[]): Promise<readonly SentRecord[]> => {
    const fresh: SentRecord[] = []
    for (const record of given) {
      if (record.seq <= lastSeq) continue
      const event = await completeEvent(record.event, values)
      reduceEvent(state, event, Date.parse(record.t))
      lastSeq = record.seq
      records.push(record)
      fresh.push(record)
    }
    return fresh
  }
  return {
    run,
    directory,
    state,
    records,
    lastSeq: () => lastSeq,
    apply(given) {
      const applied = turn.then(() => applyNow(given))
      turn = applied.catch(() => undefined)
      return applied
    },
    readValue: (digest) => values.get(digest).catch(() => undefined),
  }
}
