import type { HomeData } from '../control/model.ts'
import type { InventoryEntry, LabEntry, RunbookEntry, RunEntry } from '../library.ts'

export type HomeItem =
  | { readonly kind: 'run'; readonly entry: RunEntry }
  | { readonly kind: 'runbook'; readonly entry: RunbookEntry }
  | { readonly kind: 'lab'; readonly entry: LabEntry }

/** Headings of the home screen, in its order. */
export type HomeGroup = 'unfinished' | 'runbooks' | 'recent' | 'labs'

/** Finished runs that are listed. */
const RECENT_RUNS = 5

/** What the home screen lists, filtered, in its order: unfinished runs, runbooks, finished runs, labs. */
export function selectHomeItems(home: HomeData, filter: string): readonly HomeItem[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (...texts: readonly (string | undefined)[]): boolean => {
    const text = texts.join(' ').toLowerCase()
    return words.every((each) => text.includes(each))
  }
  const runs = (home.runs ?? []).filter(({ title, inventory, environment, run }) =>
    fits(title, inventory, environment, run),
  )
  const runbooks = (home.runbooks ?? []).filter(({ title, summary, tags, path }) =>
    fits(title, summary, path, ...tags),
  )
  const labs = (home.labs ?? []).filter(({ name, title }) => fits(`lab:${name}`, title))
  return [
    ...runs.filter(({ isUnfinished }) => isUnfinished).map((entry) => ({ kind: 'run', entry }) as const),
    ...runbooks.map((entry) => ({ kind: 'runbook', entry }) as const),
    ...runs
      .filter(({ isUnfinished }) => !isUnfinished)
      .slice(0, RECENT_RUNS)
      .map((entry) => ({ kind: 'run', entry }) as const),
    ...labs.map((entry) => ({ kind: 'lab', entry }) as const),
  ]
}

/** Under which heading an item stands. */
export function selectGroup(item: HomeItem): HomeGroup {
  if (item.kind === 'run') return item.entry.isUnfinished ? 'unfinished' : 'recent'
  return item.kind === 'runbook' ? 'runbooks' : 'labs'
}

/** What an item is, however the list changes: the cursor stays on it. */
export function selectItemKey(item: HomeItem): string {
  if (item.kind === 'run') return `run ${item.entry.run}`
  return item.kind === 'runbook' ? `runbook ${item.entry.path}` : `lab ${item.entry.name}`
}

/** Where a runbook may run; `lab` is set for practice hosts, of which `isMade` are made for this runbook. */
export type Place = {
  readonly inventory: InventoryEntry
  readonly lab: LabEntry | undefined
  readonly isMade: boolean
}

/**
 * The places of a runbook, the likeliest first: inventories as they were used last, then practice hosts, first those
 * that are made for it, then those that were used last.
 */
export function selectPlaces(home: HomeData, runbook: string): readonly Place[] {
  const known = home.inventories ?? []
  const labs = home.labs ?? []
  const files = known
    .filter(({ path }) => !path.startsWith('lab:'))
    .map((inventory): Place => ({ inventory, lab: undefined, isMade: false }))
  const practice = labs.map((lab): Place => {
    const path = `lab:${lab.name}`
    const fresh = { path, name: lab.name, environment: lab.name, level: 'lab', hosts: lab.hosts }
    const inventory = known.find((each) => each.path === path) ?? fresh
    return { inventory, lab, isMade: lab.runbook === runbook }
  })
  const rank = ({ inventory, isMade }: Place): number => {
    const used = known.indexOf(inventory)
    return (isMade ? 0 : 10_000) + (used < 0 ? 1000 : used)
  }
  return [...files, ...practice.toSorted((a, b) => rank(a) - rank(b))]
}

/** The runbooks to choose from for a lab: first the one that it is made for; those that cannot be run are left out. */
export function selectRunbooks(home: HomeData, lab: LabEntry): readonly RunbookEntry[] {
  const all = (home.runbooks ?? []).filter(({ problem }) => problem === undefined)
  const made = all.filter(({ path }) => path === lab.runbook)
  return [...made, ...all.filter(({ path }) => path !== lab.runbook)]
}
