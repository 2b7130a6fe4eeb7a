import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { UsageError } from '../../../core/base/errors.ts'
import { suggestName } from '../../../core/base/suggest-name.ts'
import { parseScenario } from './parse-scenario.ts'
import type { ScenarioData } from './scenario-schema.ts'

/** A scenario with the inventory that it is about, read from disk. */
export type Scenario = {
  readonly name: string
  readonly path: string
  readonly data: ScenarioData
  /** Its inventory as plain data, its rule files by absolute paths and its `vars` put over it. */
  readonly inventory: InventoryData
  /** The runbook that it is for. */
  readonly runbookPath: string | undefined
}

/** The parts of an inventory's file that a lab changes; everything else is passed on. */
export type InventoryData = {
  readonly vars?: Readonly<Record<string, unknown>>
  readonly connection?: Readonly<Record<string, unknown>>
  readonly hosts: readonly HostData[]
  readonly secrets?: Readonly<Record<string, unknown>>
  readonly rules?: readonly string[]
}
export type HostData = {
  readonly name: string
  readonly dc?: string
  readonly fqdn?: string
  readonly address?: { readonly private?: string; readonly public?: string }
}

/** A scenario's file for a list: its title, or why it cannot be used. */
export type ScenarioEntry = {
  readonly name: string
  readonly path: string
  readonly title: string
  readonly summary: string
  readonly runbook: string | undefined
}

/** The scenarios in some folders, by name; files that are none are left out. */
export async function listScenarios(folders: readonly string[]): Promise<readonly ScenarioEntry[]> {
  const found = new Map<string, ScenarioEntry>()
  for (const folder of folders)
    for (const file of (await readdir(folder).catch(() => [])).toSorted()) {
      const name = file.replace(/\.yaml$/, '')
      if (name === file || found.has(name)) continue
      const path = join(folder, file)
      const { value } = parseScenario(await readFile(path, 'utf8'), path)
      if (value === undefined) continue
      const { title, summary, runbook } = value
      found.set(name, { name, path, title, summary, runbook })
    }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Loads a scenario by its name in the folders, or by its path. One that cannot be used is a {@link UsageError}. */
export async function loadScenario(name: string, folders: readonly string[]): Promise<Scenario> {
  const path = await findScenario(name, folders)
  const { value, diagnostics } = parseScenario(await readFile(path, 'utf8'), path)
  const [first] = diagnostics
  if (value === undefined)
    throw new UsageError(`the scenario ${path}:${first?.line ?? 1} cannot be used: ${first?.message ?? ''}`, [
      'docs/lab.md describes the format',
    ])
  const inventory = await readInventory(value, path)
  const base = join(dirname(path), '..')
  const runbookPath = value.runbook === undefined ? undefined : join(base, value.runbook)
  return { name: scenarioName(path), path, data: value, inventory, runbookPath }
}

function scenarioName(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.yaml$/, '')
}

async function findScenario(name: string, folders: readonly string[]): Promise<string> {
  const candidates = name.includes('/') || name.endsWith('.yaml') ? [resolve(name)] : []
  candidates.push(...folders.map((folder) => join(folder, `${name}.yaml`)))
  for (const path of candidates) if ((await stat(path).catch(() => undefined))?.isFile() === true) return path
  const names = (await listScenarios(folders)).map((each) => each.name)
  const near = suggestName(name, names)
  throw new UsageError(`there is no scenario ${name}`, [
    near === undefined ? 'handrail lab list' : `did you mean lab:${near}?`,
  ])
}

async function readInventory(data: ScenarioData, path: string): Promise<InventoryData> {
  const file = isAbsolute(data.inventory) ? data.inventory : join(dirname(path), data.inventory)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new UsageError(`the scenario ${path} names the inventory ${data.inventory}, which is not there`, [
      `write ${file}`,
    ])
  const inventory = parse(text) as InventoryData
  const rules = (inventory.rules ?? []).map((rule) => resolve(dirname(file), rule))
  return { ...inventory, rules, vars: mergeMaps(inventory.vars ?? {}, data.vars) }
}

type Data = Readonly<Record<string, unknown>>

/** Puts one map over another; maps inside are merged too, everything else is replaced. */
function mergeMaps(under: Data, over: Data): Data {
  const merged: Record<string, unknown> = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key]
    merged[key] = isMap(before) && isMap(value) ? mergeMaps(before, value) : value
  }
  return merged
}

function isMap(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
