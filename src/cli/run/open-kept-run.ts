import { listRuns } from '../../adapters/journal/list-runs.ts'
import { loadRunState, replayRecords } from '../../adapters/journal/load-run-state.ts'
import { openRun, type RunStore } from '../../adapters/journal/run-store.ts'
import { EnvironmentError, UsageError } from '../../core/base/errors.ts'
import type { Digest, RunId } from '../../core/base/ids.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { RunState } from '../../core/run/state.ts'
import type { CliContext } from '../cli-context.ts'
import { selectAmong, selectStateDirectory } from '../history/open-history.ts'
import type { PlanInputs } from '../prepare/prepare-plan.ts'
import { buildStoreOptions } from './run-identity.ts'
import { parseInputs } from './store-plan.ts'

/** A run that is not over, held by this process, with what its plan was made from. */
export type KeptRun = {
  readonly store: RunStore
  readonly state: RunState
  readonly records: readonly JournalRecord[]
  readonly inputs: PlanInputs
  readonly snapshot: ReadonlyMap<string, string>
}

/** Opening for driving: held by this process, or by somebody else. */
export type OpenedKeptRun =
  | { readonly kind: 'held'; readonly kept: KeptRun }
  | { readonly kind: 'busy'; readonly run: RunId; readonly driver: string }

/** Opens the run that a command names, or the newest that is not over. Nothing to resume is a {@link UsageError}. */
export async function openKeptRun(
  context: CliContext,
  prefix: string | undefined,
  operator: string,
): Promise<OpenedKeptRun> {
  const stateDirectory = selectStateDirectory(context)
  const run = await selectUnfinished(stateDirectory, prefix)
  const opened = await openRun(stateDirectory, run, buildStoreOptions(operator, context.world.now()))
  if (opened.kind === 'busy') {
    const { holder } = opened
    const driver =
      holder === null
        ? 'another process'
        : `${holder.operator} (process ${holder.pid} on ${holder.host}, since ${holder.since})`
    return { kind: 'busy', run, driver }
  }
  if (opened.kind === 'corrupt')
    throw new EnvironmentError(`the journal of ${run} is damaged: ${opened.reason}`, [
      `handrail verify ${run}`,
    ])
  try {
    const kept = await loadKept(opened.store, opened.records)
    if (isOver(kept.state))
      throw new UsageError(`run ${run} is ${kept.state.status}: nothing to resume`, [`handrail show ${run}`])
    return { kind: 'held', kept }
  } catch (error) {
    await opened.store.close()
    throw error
  }
}

async function selectUnfinished(stateDirectory: string, prefix: string | undefined): Promise<RunId> {
  const runs = await listRuns(stateDirectory)
  if (prefix !== undefined) return selectAmong(runs, prefix)
  for (const { run, first, last } of runs) {
    const type = (last?.event as RunEvent | undefined)?.type
    if (first === null || type === 'run-finished' || type === 'run-aborted') continue
    if (!isOver((await loadRunState(stateDirectory, run)).state)) return run
  }
  throw new UsageError('there is no unfinished run: nothing to resume', ['handrail runs'])
}

function isOver({ status }: RunState): boolean {
  return status === 'finished' || status === 'aborted' || status === 'sealed'
}

async function loadKept(store: RunStore, records: readonly JournalRecord[]): Promise<KeptRun> {
  const state = await replayRecords(store.directory, records)
  const { inputs, snapshot } = selectSources(records)
  if (inputs === undefined || snapshot === undefined)
    throw new EnvironmentError(`run ${store.run} keeps no copy of its runbook`, [
      `handrail verify ${store.run}`,
    ])
  const files = await store.loadSnapshot(snapshot)
  return {
    store,
    state,
    records,
    inputs: parseInputs(await store.getValue(inputs)),
    snapshot: new Map(files.map(({ path, text }) => [path, text])),
  }
}

/** The sources of the plan that was adopted last. */
export function selectSources(records: readonly Pick<JournalRecord, 'event'>[]): {
  inputs?: Digest
  snapshot?: Digest
} {
  let found: { inputs?: Digest; snapshot?: Digest } = {}
  for (const record of records) {
    const event = record.event as unknown as RunEvent
    if (event.type !== 'run-created' && event.type !== 'plan-adopted') continue
    const { inputs, snapshot } = event
    found = {
      ...found,
      ...(inputs === undefined ? {} : { inputs }),
      ...(snapshot === undefined ? {} : { snapshot }),
    }
  }
  return found
}
