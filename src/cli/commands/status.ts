import { listRuns } from '../../adapters/journal/list-runs.ts'
import { showScreen, wantsScreen } from '../attach/show-screen.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import { formatTable } from '../output/format-table.ts'
import { say } from '../output/say.ts'
import { describeRun } from './runs.ts'

/** Runs that are looked at for what is unfinished: older ones are in `handrail runs`. */
const LATEST_RUNS = 50

/** `handrail` alone: the home screen on a terminal; off one, which runs are not over, and what to type next. */
export async function runStatus(context: CliContext): Promise<CommandEnd> {
  if (wantsScreen(context)) {
    const { createLibrary } = await import('../library/create-library.ts')
    return showScreen(context, { library: createLibrary(context) })
  }
  const { output, json } = context
  const stateDirectory = selectStateDirectory(context)
  const entries = await listRuns(stateDirectory)
  const runs = []
  for (const entry of entries.slice(0, LATEST_RUNS)) runs.push(await describeRun(stateDirectory, entry))
  const open = runs.filter(
    ({ state }) => !state.startsWith('finished') && state !== 'aborted' && state !== 'sealed',
  )
  if (json) {
    output.json({ stateDirectory, runs: entries.length, unfinished: open })
    return DONE
  }
  const [newest] = open
  if (newest === undefined) {
    output.tell(say`No unfinished runs; ${entries.length} in all in ${stateDirectory}.`)
    return { exitCode: 0, next: entries.length === 0 ? 'handrail --help' : 'handrail runs' }
  }
  output.tell(say`Unfinished runs:`, 'strong')
  const rows = open.map(({ run, state, title, inventory, operator }) => [
    `  ${run}`,
    state,
    title ?? '?',
    inventory ?? '?',
    operator ?? '?',
  ])
  for (const line of formatTable(rows)) output.tell(line)
  return { exitCode: 0, next: `handrail show ${newest.run}` }
}
