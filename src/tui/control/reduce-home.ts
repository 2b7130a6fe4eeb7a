import { editField } from '../term/field.ts'
import type { ActionId } from '../term/key-row.ts'
import type { PickUi, UiState } from '../store/ui-state.ts'
import { selectGroup, selectHomeItems, selectItemKey, type HomeItem } from '../view-models/home-items.ts'
import { selectPickItems } from '../view-models/pick-items.ts'
import { only, type HomeData, type Model, type Reduction } from './model.ts'
import { clampIndex, scrollBy } from './scroll.ts'
import { showToast } from './toast.ts'

const PAGE = 10

/** Keys of the home screen, its filter, and the choice of the other half of what to start. */
export function reduceHomeKey(model: Model, action: ActionId): Reduction {
  const { ui } = model
  const { home } = ui
  if (home.pick !== undefined) return reducePickKey(model, home.pick, action)
  const items = selectHomeItems(model.home, home.filter.text)
  const by = scrollBy(action, PAGE)
  if (by !== undefined)
    return only({ ...ui, home: { ...home, cursor: clampIndex(home.cursor + by, items.length) } })
  switch (action) {
    case 'filter':
      return only({ ...ui, home: { ...home, isFiltering: true } })
    case 'cancel':
      return only({
        ...ui,
        home: { ...home, isFiltering: false, filter: { text: '', cursor: 0 }, cursor: 0 },
      })
    case 'next-pane':
    case 'previous-pane': {
      const cursor = selectGroupStart(items, home.cursor, action === 'next-pane' ? 1 : -1)
      return only({ ...ui, home: { ...home, cursor } })
    }
    case 'refresh':
      return { ui: showToast(model, 'reading runs, runbooks and labs again'), effects: [{ kind: 'refresh' }] }
    case 'detach':
      return { ui, effects: [{ kind: 'leave' }] }
    case 'open': {
      const item = items[clampIndex(home.cursor, items.length)]
      const found = { ...model, ui: { ...ui, home: { ...home, isFiltering: false } } }
      return item === undefined || ui.busy !== undefined ? only(ui) : openItem(found, item)
    }
    default:
      return only(
        home.isFiltering
          ? { ...ui, home: { ...home, filter: editField(home.filter, action), cursor: 0 } }
          : ui,
      )
  }
}

/** The first item of the next or previous part of the list, around its ends. */
function selectGroupStart(items: readonly HomeItem[], cursor: number, step: 1 | -1): number {
  const starts = items.flatMap((item, index) => {
    const before = items[index - 1]
    return before === undefined || selectGroup(before) !== selectGroup(item) ? [index] : []
  })
  if (starts.length === 0) return 0
  const here = starts.findLastIndex((start) => start <= cursor)
  return starts[(here + step + starts.length) % starts.length] ?? 0
}

function openItem(model: Model, item: HomeItem): Reduction {
  const { ui } = model
  if (item.kind === 'run')
    return {
      ui,
      effects: [{ kind: 'open-run', run: item.entry.run }],
    }
  if (item.kind === 'lab')
    return only({
      ...ui,
      home: { ...ui.home, pick: { of: { kind: 'lab', name: item.entry.name }, cursor: 0 } },
    })
  if (item.entry.problem !== undefined)
    return only(showToast(model, `this runbook cannot be run: ${item.entry.problem}`, 'bad'))
  return only({
    ...ui,
    home: { ...ui.home, pick: { of: { kind: 'runbook', path: item.entry.path }, cursor: 0 } },
  })
}

function reducePickKey(model: Model, pick: PickUi, action: ActionId): Reduction {
  const { ui } = model
  const items = selectPickItems(model.home, pick)
  const by = scrollBy(action, PAGE)
  if (by !== undefined)
    return only({
      ...ui,
      home: { ...ui.home, pick: { ...pick, cursor: clampIndex(pick.cursor + by, items.length) } },
    })
  if (action === 'cancel') return only({ ...ui, home: { ...ui.home, pick: undefined } })
  const item = items[clampIndex(pick.cursor, items.length)]
  if (action !== 'open' || item === undefined || ui.busy !== undefined) return only(ui)
  const { runbook, inventory } = item
  return { ui, effects: [{ kind: 'open-form', runbook, inventory }] }
}

/** The screen after the lists were read anew: the cursor stays on what it stood on, or goes to `focus`. */
export function keepCursor(
  ui: UiState,
  { before, after, focus }: { readonly before: HomeData; readonly after: HomeData; readonly focus?: string },
): UiState {
  const { pick } = ui.home
  if (pick !== undefined) {
    const chosen = selectPickItems(before, pick)[pick.cursor]
    const same = selectPickItems(after, pick).findIndex(
      ({ runbook, inventory }) => runbook === chosen?.runbook && inventory === chosen.inventory,
    )
    if (same >= 0) ui = { ...ui, home: { ...ui.home, pick: { ...pick, cursor: same } } }
  }
  const filter = ui.home.filter.text
  const was = selectHomeItems(before, filter)[ui.home.cursor]
  const key = focus ?? (was === undefined ? undefined : selectItemKey(was))
  const at = selectHomeItems(after, filter).findIndex((item) => selectItemKey(item) === key)
  return at < 0 ? ui : { ...ui, home: { ...ui.home, cursor: at } }
}
