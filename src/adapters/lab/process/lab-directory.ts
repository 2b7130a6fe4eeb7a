import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Lab, SavedLab } from '../scenario/start-lab.ts'

/** Where the files of one lab are; all of it is ours alone (0700). */
export type LabDirectory = {
  readonly path: string
  readonly inventory: string
  readonly identity: string
  readonly knownHosts: string
  readonly state: string
  readonly log: string
  readonly pid: string
}

/** The directory of a scenario's lab below the state directory. */
export function selectLabDirectory(stateDirectory: string, scenario: string): LabDirectory {
  const path = join(stateDirectory, 'labs', scenario)
  return {
    path,
    inventory: join(path, 'inventory.yaml'),
    identity: join(path, 'id_ed25519'),
    knownHosts: join(path, 'known_hosts'),
    state: join(path, 'state.json'),
    log: join(path, 'lab.log'),
    pid: join(path, 'lab.pid'),
  }
}

/**
 * Writes what a tool needs to reach a lab: inventory, key, known hosts and the lab-only secrets. `isNew`: its hosts
 * are as at the scenario's beginning, so that nothing that was done before counts.
 */
export async function writeLabFiles(lab: Lab, directory: LabDirectory, isNew: boolean): Promise<void> {
  await mkdir(join(directory.path, 'secrets'), { recursive: true, mode: 0o700 })
  const secrets: Record<string, string> = {}
  for (const [name, value] of Object.entries(lab.scenario.data.secrets)) {
    const path = join(directory.path, 'secrets', name.replaceAll(/[^\w.-]/g, '_'))
    await writeFile(path, value, { mode: 0o600 })
    secrets[name] = path
  }
  await writeFile(directory.identity, lab.identity, { mode: 0o600 })
  await writeFile(directory.knownHosts, lab.knownHosts, { mode: 0o600 })
  const { path: scenario, data } = lab.scenario
  const known = isNew ? undefined : await readLabNote(directory.inventory)
  const note: LabNote = {
    scenario,
    completed: data.completed,
    generation: known?.generation ?? randomUUID(),
  }
  await replaceFile(join(directory.path, NOTE), `${JSON.stringify(note)}\n`)
  const { identity, knownHosts } = directory
  await replaceFile(directory.inventory, lab.formatInventory({ identity, knownHosts, secrets }))
}

/** What a lab's inventory says beside itself. */
export type LabNote = {
  /** The scenario's file. */
  readonly scenario: string
  /** Runbooks that count as finished. */
  readonly completed: readonly string[]
  /** Changes whenever the hosts begin anew; absent in a note of an earlier version. */
  readonly generation?: string
}

/** The note beside a lab's inventory; undefined for any other file. */
export async function readLabNote(inventory: string): Promise<LabNote | undefined> {
  const text = await readFile(join(dirname(inventory), NOTE), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as LabNote)
}

const NOTE = 'lab.json'

/** The state in which a lab was left; undefined where there is none, or it cannot be read. */
export async function readSavedLab(directory: LabDirectory): Promise<SavedLab | undefined> {
  const text = await readFile(directory.state, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const saved = JSON.parse(text) as SavedLab
    return saved.format === 1 ? saved : undefined
  } catch {
    return undefined
  }
}

/** Keeps a lab's state; a reader sees the old one or the new one, never half of it. */
export async function saveLab(lab: Lab, directory: LabDirectory): Promise<void> {
  await replaceFile(directory.state, JSON.stringify(lab.snapshot()))
}

/** Forgets everything of a lab, so that it begins anew. */
export async function forgetLab(directory: LabDirectory): Promise<void> {
  await rm(directory.path, { recursive: true, force: true })
}

async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`
  await writeFile(next, text, { mode: 0o600 })
  await rename(next, path)
}
