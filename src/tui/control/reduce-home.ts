import { editField } from '../term/field.ts'
import type { ActionId } from '../term/key-row.ts'
import { selectHomeItems, selectInventories, type HomeItem } from '../view-models/home-items.ts'
import { only, type Model, type Reduction } from './model.ts'
import { clampIndex, scrollBy } from './scroll.ts'
import { showToast } from './toast.ts'

/** Keys of the home screen and its filter. */
export function reduceHomeKey(model: Model, action: ActionId): Reduction {
  const { ui } = model
  const { home } = ui
  const items = selectHomeItems(model.home, home.filter.text)
  const by = scrollBy(action, 10)
  if (by !== undefined)
    return only({ ...ui, home: { ...home, cursor: clampIndex(home.cursor + by, items.length) } })
  switch (action) {
    case 'filter':
      return only({ ...ui, home: { ...home, isFiltering: true } })
    case 'accept':
      return only({ ...ui, home: { ...home, isFiltering: false } })
    case 'cancel':
      return only({
        ...ui,
        home: { ...home, isFiltering: false, filter: { text: '', cursor: 0 }, cursor: 0 },
      })
    case 'next-pane':
    case 'previous-pane': {
      const count = Math.max(1, selectInventories(model.home).length)
      const step = action === 'next-pane' ? 1 : count - 1
      return only({ ...ui, home: { ...home, inventory: (home.inventory + step) % count } })
    }
    case 'detach':
      return { ui, effects: [{ kind: 'leave' }] }
    case 'open': {
      const item = items[clampIndex(home.cursor, items.length)]
      return item === undefined ? only(ui) : openItem(model, item)
    }
    default:
      return only(
        home.isFiltering
          ? { ...ui, home: { ...home, filter: editField(home.filter, action), cursor: 0 } }
          : ui,
      )
  }
}

function openItem(model: Model, item: HomeItem): Reduction {
  const { ui } = model
  if (item.kind === 'run') return { ui, effects: [{ kind: 'open-run', run: item.entry.run }] }
  const inventories = selectInventories(model.home)
  if (item.kind === 'lab') {
    const index = inventories.findIndex(({ path }) => path === `lab:${item.entry.name}`)
    return only({
      ...showToast(model, `inventory: lab:${item.entry.name}; now choose a runbook`, 'good'),
      home: { ...ui.home, inventory: Math.max(0, index) },
    })
  }
  if (item.entry.problem !== undefined)
    return only(showToast(model, `this runbook cannot be run: ${item.entry.problem}`, 'bad'))
  const inventory = inventories[ui.home.inventory % Math.max(1, inventories.length)]
  if (inventory === undefined)
    return only(showToast(model, 'no inventory yet: `handrail init` makes one', 'warn'))
  return { ui, effects: [{ kind: 'open-form', runbook: item.entry.path, inventory: inventory.path }] }
}
