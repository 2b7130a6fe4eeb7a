import { readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { loadInventory } from '../../adapters/files/load-inventory.ts'
import { hashText } from '../../adapters/journal/hash-text.ts'
import { listRuns } from '../../adapters/journal/list-runs.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { InventoryEntry } from '../../tui/library.ts'
import type { CliContext } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import { formatListedPath } from './format-listed-path.ts'

/** Most inventories that are read for a list to choose from. */
const MAX_INVENTORIES = 30

/** Inventories of earlier runs, the latest first, then those of the working directory. */
export async function listInventories(context: CliContext): Promise<readonly InventoryEntry[]> {
  const { cwd } = context.world
  const used = (await listRuns(selectStateDirectory(context)).catch(() => [])).flatMap(({ first }) => {
    const event = first?.event as RunEvent | undefined
    return event?.type === 'run-created' ? [resolve(cwd, event.inventory.path)] : []
  })
  const found = (await Promise.all([cwd, join(cwd, 'inventories')].map(listYaml))).flat()
  const paths = [...new Set([...used, ...found])].slice(0, MAX_INVENTORIES)
  const labs = join(selectStateDirectory(context), 'labs')
  const entries = await Promise.all(
    paths.map(async (path) => {
      const entry = await describeInventory(path, cwd)
      // A lab is known by its name; its file is nobody's to choose.
      return entry !== undefined && dirname(dirname(path)) === labs
        ? { ...entry, path: `lab:${basename(dirname(path))}` }
        : entry
    }),
  )
  return entries.filter((entry) => entry !== undefined)
}

async function listYaml(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(folder, name))
}

/** Undefined for a file that is no inventory, or is gone. */
async function describeInventory(path: string, cwd: string): Promise<InventoryEntry | undefined> {
  try {
    const { inventory } = await loadInventory(path, { cwd, hash: hashText })
    if (inventory === undefined) return undefined
    const { name, environment, hosts } = inventory
    return {
      path: formatListedPath(path, cwd),
      name,
      environment: environment.name,
      level: environment.level,
      hosts: hosts.length,
    }
  } catch {
    return undefined
  }
}
