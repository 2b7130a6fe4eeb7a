import type { InputEvent } from '../term/input-event.ts'
import { selectAction } from '../term/keymap.ts'
import { only, type Model, type Reduction } from './model.ts'
import { reduceEverywhere } from './reduce-input.ts'

/** What one input does on a screen too small to show anything: nobody answers what cannot be read; one can leave. */
export function reduceUnseen(model: Model, event: InputEvent): Reduction {
  const action = event.type === 'key' ? selectAction(event.key, 'run') : undefined
  if (action === 'detach') return { ui: model.ui, effects: [{ kind: 'leave' }] }
  const isSafe = action === 'interrupt' || action === 'suspend' || action === 'redraw'
  return (isSafe ? reduceEverywhere(model, action) : undefined) ?? only(model.ui)
}
