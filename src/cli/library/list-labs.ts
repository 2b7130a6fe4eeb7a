import { askLab } from '../../adapters/lab/process/ask-lab.ts'
import { listScenarios, loadScenario } from '../../adapters/lab/scenario/load-scenario.ts'
import type { LabEntry } from '../../tui/library.ts'
import type { CliContext } from '../cli-context.ts'
import { scenarioFolders } from '../lab/lab-places.ts'
import { findLab } from '../lab/open-lab.ts'

/** All practice labs, and whether they are up. */
export async function listLabs(context: CliContext): Promise<readonly LabEntry[]> {
  const folders = scenarioFolders(context)
  const entries = await Promise.all(
    (await listScenarios(folders)).map(async ({ name, path, title }): Promise<LabEntry | undefined> => {
      try {
        const { inventory } = await loadScenario(path, folders)
        const { socketPath } = await findLab(context, path)
        const isUp = (await askLab(socketPath, { ask: 'ping' })) !== undefined
        return { name, title, hosts: inventory.hosts.length, isUp }
      } catch {
        // A scenario that cannot be used is told by `handrail lab list`.
        return undefined
      }
    }),
  )
  return entries.filter((entry) => entry !== undefined)
}
