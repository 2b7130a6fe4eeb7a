import type { FormEntry, FormUi } from '../store/ui-state.ts'
import { createField, editField, type Field } from '../term/field.ts'
import type { ActionId } from '../term/key-row.ts'
import type { FormField, FormSpec, FormValues } from '../library.ts'
import { only, type Model, type Reduction } from './model.ts'
import { clampIndex } from './scroll.ts'
import { showToast } from './toast.ts'

/** The form of a runbook, before anything was typed. */
export function createForm(
  place: { readonly runbook: string; readonly inventory: string },
  spec: FormSpec,
): FormUi {
  const fields = spec.fields.flatMap((field) => {
    const entry = { name: field.name, field: createField(field.initial), isRepeat: false, isTouched: false }
    return field.isSecret && field.isNew ? [entry, { ...entry, isRepeat: true }] : [entry]
  })
  return { ...place, spec, fields, cursor: 0, problems: [] }
}

/** Keys of the form of parameters. */
export function reduceFormKey(model: Model, action: ActionId): Reduction {
  const { ui } = model
  const form = ui.form
  if (form === undefined) return only(ui)
  switch (action) {
    case 'cancel':
      return only({ ...ui, screen: 'home', form: undefined })
    case 'next-field':
    case 'previous-field': {
      const cursor = clampIndex(form.cursor + (action === 'next-field' ? 1 : -1), form.fields.length)
      const fields = form.fields.map((entry, index) =>
        index === form.cursor ? { ...entry, isTouched: true } : entry,
      )
      return only({ ...ui, form: { ...form, cursor, fields } })
    }
    case 'start':
      return submit(model, form)
    default:
      return only({ ...ui, form: typeIntoForm(form, (field) => editField(field, action), action) })
  }
}

/** Changes the field under the cursor; among choices, left and right choose. */
export function typeIntoForm(form: FormUi, change: (field: Field) => Field, action?: ActionId): FormUi {
  const choices = selectSpec(form, form.fields[form.cursor])?.choices
  const turn = action === 'left' ? -1 : action === 'right' ? 1 : undefined
  const fields = form.fields.map((entry, index) => {
    if (index !== form.cursor) return entry
    if (choices === undefined) return { ...entry, field: change(entry.field), isTouched: true }
    const field =
      turn === undefined
        ? chooseByTyping(entry.field, choices, change)
        : chooseNext(entry.field, choices, turn)
    return { ...entry, field, isTouched: true }
  })
  return { ...form, fields, problems: [] }
}

function chooseNext(field: Field, choices: readonly string[], turn: number): Field {
  const at = choices.indexOf(field.text)
  const next = at < 0 ? 0 : (at + turn + choices.length) % choices.length
  return createField(choices[next] ?? field.text)
}

/** A letter chooses the next choice that begins with it. */
function chooseByTyping(field: Field, choices: readonly string[], change: (field: Field) => Field): Field {
  const typed = change({ text: '', cursor: 0 }).text.trim().toLowerCase()
  if (typed === '')
    return typed === change({ text: '', cursor: 0 }).text ? field : chooseNext(field, choices, 1)
  const found = choices.find((choice) => choice.toLowerCase().startsWith(typed) && choice !== field.text)
  return found === undefined ? field : createField(found)
}

/** The declaration of an entry. */
export function selectSpec(form: FormUi, entry: FormEntry | undefined): FormField | undefined {
  return entry === undefined ? undefined : form.spec.fields.find(({ name }) => name === entry.name)
}

/** The texts by name. */
export function selectFormValues(form: FormUi): FormValues {
  return Object.fromEntries(
    form.fields.filter(({ isRepeat }) => !isRepeat).map(({ name, field }) => [name, field.text]),
  )
}

/** The problem of each entry, in their order; undefined where there is none. */
export function selectFormProblems(form: FormUi): readonly (string | undefined)[] {
  const values = selectFormValues(form)
  const found = form.spec.validate(values)
  return form.fields.map(({ name, isRepeat, field }) => {
    if (isRepeat) return field.text === values[name] ? undefined : 'not the same as above'
    return found[name]
  })
}

function submit(model: Model, form: FormUi): Reduction {
  const problems = selectFormProblems(form)
  const first = problems.findIndex((problem) => problem !== undefined)
  if (first >= 0) {
    const fields = form.fields.map((entry) => ({ ...entry, isTouched: true }))
    const ui = showToast(model, `${form.fields[first]?.name ?? ''}: ${problems[first] ?? ''}`, 'bad')
    return only({ ...ui, form: { ...form, fields, cursor: first } })
  }
  const { runbook, inventory } = form
  return {
    ui: model.ui,
    effects: [{ kind: 'start', request: { runbook, inventory, values: selectFormValues(form) } }],
  }
}
