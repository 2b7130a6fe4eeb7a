import { listRuns, type RunEntry } from '../../adapters/journal/list-runs.ts'
import { loadRunState } from '../../adapters/journal/load-run-state.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import { selectRunState } from '../../core/report/build-report.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import { formatTable } from '../output/format-table.ts'
import { say } from '../output/say.ts'

/** `handrail runs`: all runs of the state directory, newest first. */
export async function runRuns(context: CliContext): Promise<CommandEnd> {
  const { output, json } = context
  const stateDirectory = selectStateDirectory(context)
  const entries = await listRuns(stateDirectory)
  const runs = []
  for (const entry of entries) runs.push(await describeRun(stateDirectory, entry))
  if (json) {
    output.json(runs)
    return DONE
  }
  if (runs.length === 0) {
    output.tell(say`No runs in ${stateDirectory}.`)
    return DONE
  }
  const rows = runs.map((run) => [
    run.run,
    run.state,
    run.title ?? '?',
    run.inventory ?? '?',
    run.operator ?? '?',
    formatMinute(run.started),
    formatMinute(run.finished),
  ])
  const [heading, ...lines] = formatTable([
    ['RUN', 'STATE', 'TITLE', 'INVENTORY', 'OPERATOR', 'STARTED', 'FINISHED'],
    ...rows,
  ])
  if (heading !== undefined) output.tell(heading, 'quiet')
  for (const line of lines) output.tell(line)
  return DONE
}

/** One run as `runs` tells it; `state` is `damaged` where the journal cannot be read. */
export async function describeRun(stateDirectory: string, { run, first, last }: RunEntry) {
  const created = first === null ? undefined : eventOf(first)
  const known = created?.type === 'run-created' ? created : undefined
  const state = await selectState(stateDirectory, { run, last, known: known !== undefined })
  const isOver = state.startsWith('finished') || state === 'aborted'
  return {
    run,
    state,
    title: known?.runbook.title ?? null,
    runbook: known?.runbook.path ?? null,
    inventory: known?.inventory.name ?? null,
    operator: known?.operator ?? null,
    started: first?.t ?? null,
    finished: isOver ? (last?.t ?? null) : null,
  }
}

/** The last record decides where it can; else the journal is replayed. */
async function selectState(
  stateDirectory: string,
  { run, last, known }: Pick<RunEntry, 'run' | 'last'> & { known: boolean },
): Promise<string> {
  if (last === null || !known) return 'damaged'
  const event = eventOf(last)
  if (event.type === 'run-finished') return event.deviations > 0 ? 'finished with deviations' : 'finished'
  if (event.type === 'run-aborted') return 'aborted'
  try {
    return selectRunState((await loadRunState(stateDirectory, run)).state)
  } catch {
    // One damaged run must not hide the others; `verify` says what is wrong with it.
    return 'damaged'
  }
}

function eventOf(record: JournalRecord): RunEvent {
  return record.event as unknown as RunEvent
}

function formatMinute(time: string | null): string {
  return time === null ? '-' : time.slice(0, 16).replace('T', ' ')
}
