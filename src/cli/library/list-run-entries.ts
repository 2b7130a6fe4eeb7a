import { listRuns, type RunEntry as KeptEntry } from '../../adapters/journal/list-runs.ts'
import { loadRunState } from '../../adapters/journal/load-run-state.ts'
import type { EventOf, RunEvent } from '../../core/run/events.ts'
import { countSteps } from '../../core/run/summary.ts'
import type { RunEntry } from '../../tui/library.ts'
import { findDriver } from '../history/find-driver.ts'

/** Runs that are looked at; older ones are in `handrail runs`. */
const LATEST_RUNS = 100

/** The newest runs of a state directory; those that cannot be read are left to `handrail runs`. */
export async function listRunEntries(stateDirectory: string): Promise<readonly RunEntry[]> {
  const kept = (await listRuns(stateDirectory)).slice(0, LATEST_RUNS)
  const entries = await Promise.all(kept.map((entry) => describeEntry(stateDirectory, entry)))
  return entries.filter((entry) => entry !== undefined)
}

async function describeEntry(stateDirectory: string, entry: KeptEntry): Promise<RunEntry | undefined> {
  const { run, first, last } = entry
  const created = first?.event as RunEvent | undefined
  if (first === null || last === null || created?.type !== 'run-created') return undefined
  const common = describeCreated(created)
  const times = { startedMs: Date.parse(first.t), lastMs: Date.parse(last.t) }
  const end = last.event as unknown as RunEvent
  if (end.type === 'run-aborted') return { run, ...common, ...times, status: 'aborted', isUnfinished: false }
  if (end.type === 'run-finished')
    return { run, ...common, ...times, status: 'finished', isUnfinished: false, deviations: end.deviations }
  try {
    const { state, directory } = await loadRunState(stateDirectory, run)
    const { status, operator } = state
    const driver = await findDriver(directory)
    const { done, skipped, total } = countSteps(state)
    const [question] = state.questions.values()
    const isUnfinished = status !== 'finished' && status !== 'aborted' && status !== 'sealed'
    return {
      run,
      ...common,
      ...times,
      operator,
      status,
      isUnfinished,
      progress: { done: done + skipped, total },
      ...(driver === null ? {} : { driver: driver.operator }),
      ...(question === undefined ? {} : { waiting: question.text }),
    }
  } catch {
    return undefined
  }
}

function describeCreated({ runbook, inventory, operator }: EventOf<'run-created'>) {
  const { name, environment, level } = inventory
  return { title: runbook.title, inventory: name, environment, level, operator }
}
