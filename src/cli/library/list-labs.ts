import { askLab } from '../../adapters/lab/process/ask-lab.ts'
import { listScenarios, loadScenario } from '../../adapters/lab/scenario/load-scenario.ts'
import type { LabEntry } from '../../tui/library.ts'
import type { CliContext } from '../cli-context.ts'
import { scenarioFolders } from '../lab/lab-places.ts'
import { findLab } from '../lab/open-lab.ts'
import { formatListedPath } from './format-listed-path.ts'

/** All practice labs, whether they are up, and how far one has come in them. */
export async function listLabs(context: CliContext): Promise<readonly LabEntry[]> {
  const folders = scenarioFolders(context)
  const entries = await Promise.all(
    (await listScenarios(folders)).map(async ({ name, path, title }): Promise<LabEntry | undefined> => {
      try {
        const { inventory, runbookPath } = await loadScenario(path, folders)
        const { socketPath } = await findLab(context, path)
        const answer = await askLab(socketPath, { ask: 'goals' })
        const goals = answer?.ok === true ? (answer.goals ?? []) : []
        return {
          name,
          title,
          hosts: inventory.hosts.length,
          isUp: answer !== undefined,
          ...(runbookPath === undefined ? {} : { runbook: formatListedPath(runbookPath, context.world.cwd) }),
          ...(goals.length === 0
            ? {}
            : { goals: { reached: goals.filter(({ met }) => met).length, total: goals.length } }),
        }
      } catch {
        // A scenario that cannot be used is told by `handrail lab list`.
        return undefined
      }
    }),
  )
  return entries.filter((entry) => entry !== undefined)
}
