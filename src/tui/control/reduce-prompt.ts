import type { Prompt, PromptAnswer } from '../run-client.ts'
import type { Overlay } from '../store/ui-state.ts'
import { EMPTY_FIELD, editField } from '../term/field.ts'
import type { ActionId } from '../term/key-row.ts'
import { only, type Effect, type Model, type Reduction } from './model.ts'

export type PromptUi = Extract<Overlay, { readonly kind: 'prompt' }>

/** The fields of a prompt, in order. */
export function selectPromptFields(
  prompt: Prompt,
): readonly { readonly label: string; readonly isHidden: boolean }[] {
  if (prompt.kind === 'secret') {
    const field = { label: prompt.question.prompt, isHidden: true }
    return prompt.question.isNew === true ? [field, { label: 'once more', isHidden: true }] : [field]
  }
  if (prompt.kind === 'host-key') return [{ label: 'type yes to trust it', isHidden: false }]
  if (prompt.kind === 'terminal') return []
  return prompt.question.prompts.map(({ text, echo }) => ({ label: text, isHidden: !echo }))
}

/** The sheet of a prompt, empty. */
export function createPromptUi(prompt: Prompt, opened: PromptUi['opened']): PromptUi {
  return {
    kind: 'prompt',
    id: prompt.id,
    fields: selectPromptFields(prompt).map(() => EMPTY_FIELD),
    cursor: 0,
    opened,
  }
}

/** Keys while a secret, a code or a yes is asked for. */
export function reducePromptKey(model: Model, overlay: PromptUi, action: ActionId): Reduction {
  const { ui, client } = model
  const prompt = client?.prompts().find(({ id }) => id === overlay.id)
  if (prompt === undefined) return only({ ...ui, overlay: undefined })
  // A command that runs already keeps waiting for its terminal.
  if (action === 'cancel' && prompt.kind === 'terminal' && prompt.question.isUnderWay === true)
    return only({ ...ui, overlay: undefined, run: { ...ui.run, laterPrompt: prompt.id } })
  if (action === 'cancel') return close(model, prompt, decline(prompt))
  if (action !== 'accept') {
    const fields = overlay.fields.map((field, index) =>
      index === overlay.cursor ? editField(field, action) : field,
    )
    return only({ ...ui, overlay: { ...overlay, fields } })
  }
  if (overlay.cursor < overlay.fields.length - 1)
    return only({ ...ui, overlay: { ...overlay, cursor: overlay.cursor + 1 } })
  const texts = overlay.fields.map(({ text }) => text)
  if (prompt.kind === 'secret' && texts.length > 1 && texts[0] !== texts[1]) {
    const fields = overlay.fields.map(() => EMPTY_FIELD)
    return only({
      ...ui,
      overlay: { ...overlay, fields, cursor: 0, problem: 'the two were not the same: once more' },
    })
  }
  return close(model, prompt, accept(prompt, texts))
}

function accept(prompt: Prompt, texts: readonly string[]): PromptAnswer {
  if (prompt.kind === 'secret') return { kind: 'secret', value: texts[0] }
  if (prompt.kind === 'host-key') return { kind: 'host-key', trusted: texts[0]?.trim() === 'yes' }
  if (prompt.kind === 'terminal') return { kind: 'terminal', isGiven: true }
  return { kind: 'interactive', values: texts }
}

function decline(prompt: Prompt): PromptAnswer {
  if (prompt.kind === 'secret') return { kind: 'secret', value: undefined }
  if (prompt.kind === 'host-key') return { kind: 'host-key', trusted: false }
  if (prompt.kind === 'terminal') return { kind: 'terminal', isGiven: false }
  return { kind: 'interactive', values: undefined }
}

function close({ ui }: Model, { id }: Prompt, answer: PromptAnswer): Reduction {
  const effect: Effect = { kind: 'answer-prompt', id, answer }
  return { ui: { ...ui, overlay: undefined }, effects: [effect] }
}
