import type { HomeData } from '../control/model.ts'
import type { InventoryEntry, LabEntry, RunbookEntry, RunEntry } from '../library.ts'

export type HomeItem =
  | { readonly kind: 'run'; readonly entry: RunEntry }
  | { readonly kind: 'runbook'; readonly entry: RunbookEntry }
  | { readonly kind: 'lab'; readonly entry: LabEntry }

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
  const labs = (home.labs ?? []).filter(({ name, title }) => fits('lab', name, title))
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

/** Inventories to choose from: those known, then the labs. */
export function selectInventories(home: HomeData): readonly InventoryEntry[] {
  const known = home.inventories ?? []
  const labs = (home.labs ?? [])
    .filter(({ name }) => !known.some(({ path }) => path === `lab:${name}`))
    .map(({ name, hosts }) => ({ path: `lab:${name}`, name, environment: name, level: 'lab', hosts }))
  return [...known, ...labs]
}
