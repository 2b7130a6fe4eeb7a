import { join } from 'node:path'
import { askLab } from '../../adapters/lab/process/ask-lab.ts'
import { launchLab } from '../../adapters/lab/process/launch-lab.ts'
import { readLabNote, selectLabDirectory } from '../../adapters/lab/process/lab-directory.ts'
import { loadScenario } from '../../adapters/lab/scenario/load-scenario.ts'
import { openStateDirectory } from '../../adapters/journal/state-directory.ts'
import { openSocketPath } from '../../adapters/runner/socket-path.ts'
import type { CliContext } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import type { LabPlace, OpenLab } from './lab-model.ts'
import { OWN_COMMAND, scenarioFolders } from './lab-places.ts'

const PREFIX = 'lab:'

/** The scenario that an inventory's name means; undefined for a file. */
export function parseLabName(inventory: string): string | undefined {
  return inventory.startsWith(PREFIX) ? inventory.slice(PREFIX.length) : undefined
}

/** Finds a lab by its scenario's name without starting it. */
export async function findLab(context: CliContext, name: string): Promise<LabPlace> {
  const scenario = await loadScenario(name, scenarioFolders(context))
  const stateDirectory = await openStateDirectory(selectStateDirectory(context))
  const directory = selectLabDirectory(stateDirectory, scenario.name)
  const socketPath = await openSocketPath(directory.path, context.world.env)
  return { scenario, directory, socketPath, stateDirectory }
}

/** Opens a lab: uses the one that is up, or starts it. */
export async function openLab(context: CliContext, name: string): Promise<OpenLab> {
  const place = await findLab(context, name)
  const found = await askLab(place.socketPath, { ask: 'ping' })
  if (found?.ok === true) return { ...place, pid: found.pid, wasUp: true }
  const { scenario, directory, socketPath, stateDirectory } = place
  const command = [...OWN_COMMAND, 'lab', 'serve', scenario.path, '--state-dir', stateDirectory] as const
  const pid = await launchLab({ directory, socketPath, command: [...command], env: context.world.env })
  return { ...place, pid, wasUp: false }
}

/** Opens the lab of `-i lab:SCENARIO`, and puts its inventory's file in the place of that option. */
export async function useLab(context: CliContext): Promise<CliContext> {
  const { input } = context
  const lab = await openLab(context, parseLabName(input.text('inventory') ?? '') ?? '')
  const text = (name: string) => (name === 'inventory' ? lab.directory.inventory : input.text(name))
  return { ...context, lab, input: { ...input, text } }
}

/** Brings the lab up again to which the inventory of a kept run belongs; does nothing for any other inventory. */
export async function wakeLab(context: CliContext, inventory: string | undefined): Promise<void> {
  if (inventory === undefined || !inventory.startsWith(join(selectStateDirectory(context), 'labs'))) return
  const note = await readLabNote(inventory)
  if (note !== undefined) await openLab(context, note.scenario)
}

/** The file of an inventory: `lab:SCENARIO` starts that lab if need be and gives its inventory. */
export async function resolveInventoryPath(context: CliContext, inventory: string): Promise<string> {
  const name = parseLabName(inventory)
  return name === undefined ? inventory : (await openLab(context, name)).directory.inventory
}
