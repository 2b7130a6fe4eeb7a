import type { HomeData } from '../control/model.ts'
import type { RunbookEntry } from '../library.ts'
import type { PickUi } from '../store/ui-state.ts'
import { selectPlaces, selectRunbooks, type Place } from './home-items.ts'

/** One thing to choose: what would run where. */
export type PickItem = {
  readonly runbook: string
  readonly inventory: string
  readonly shown:
    | { readonly kind: 'place'; readonly place: Place }
    | { readonly kind: 'runbook'; readonly entry: RunbookEntry; readonly isMade: boolean }
}

/** What there is to choose: the places of a runbook, or the runbooks for practice hosts. */
export function selectPickItems(home: HomeData, { of }: PickUi): readonly PickItem[] {
  if (of.kind === 'runbook')
    return selectPlaces(home, of.path).map((place) => ({
      runbook: of.path,
      inventory: place.inventory.path,
      shown: { kind: 'place', place },
    }))
  const lab = home.labs?.find(({ name }) => name === of.name)
  if (lab === undefined) return []
  return selectRunbooks(home, lab).map((entry) => ({
    runbook: entry.path,
    inventory: `lab:${of.name}`,
    shown: { kind: 'runbook', entry, isMade: entry.path === lab.runbook },
  }))
}
