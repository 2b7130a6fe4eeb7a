import type { FormEntry, FormUi } from '../store/ui-state.ts'
import { createField, editField, EMPTY_FIELD, type Field } from '../term/field.ts'
import type { ActionId } from '../term/key-row.ts'
import type { FormField, FormSpec, FormValues } from '../form-spec.ts'
import { only, type Model, type Reduction } from './model.ts'
import { clampIndex } from './scroll.ts'
import { showToast } from './toast.ts'

/** The form of a runbook, before anything was typed; a correction also asks why. */
export function createForm(purpose: FormUi['purpose'], spec: FormSpec): FormUi {
  const fields = spec.fields.flatMap((field): FormEntry[] => {
    const { name, initial } = field
    const entry = { name, field: createField(initial), role: 'value', isTouched: false } as const
    return field.isSecret && field.isNew ? [entry, { ...entry, role: 'repeat' }] : [entry]
  })
  const why: FormEntry = { name: 'why', field: EMPTY_FIELD, role: 'reason', isTouched: false }
  return { purpose, spec, fields: purpose.kind === 'correct' ? [...fields, why] : fields, cursor: 0 }
}

/** Keys of the form of parameters. */
export function reduceFormKey(model: Model, action: ActionId): Reduction {
  const { ui } = model
  const form = ui.form
  if (form === undefined) return only(ui)
  switch (action) {
    case 'cancel':
      return only({ ...ui, screen: form.purpose.kind === 'start' ? 'home' : 'run', form: undefined })
    case 'next-field':
    case 'previous-field':
      return only({ ...ui, form: moveField(form, action === 'next-field' ? 1 : -1) })
    case 'accept':
      return form.cursor < form.fields.length - 1
        ? only({ ...ui, form: moveField(form, 1) })
        : submit(model, form)
    case 'start':
      return submit(model, form)
    default:
      return only({ ...ui, form: typeIntoForm(form, (field) => editField(field, action), action) })
  }
}

function moveField(form: FormUi, by: 1 | -1): FormUi {
  const fields = form.fields.map((entry, index) =>
    index === form.cursor ? { ...entry, isTouched: true } : entry,
  )
  return { ...form, fields, cursor: clampIndex(form.cursor + by, form.fields.length) }
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
  return { ...form, fields }
}

function chooseNext(field: Field, choices: readonly string[], turn: number): Field {
  const at = choices.indexOf(field.text)
  const next = at < 0 ? 0 : (at + turn + choices.length) % choices.length
  return createField(choices[next] ?? field.text)
}

/** A letter chooses the next choice that begins with it, a blank the next one. */
function chooseByTyping(field: Field, choices: readonly string[], change: (field: Field) => Field): Field {
  const typed = change(EMPTY_FIELD).text
  if (typed === '') return field
  const wanted = typed.trim().toLowerCase()
  if (wanted === '') return chooseNext(field, choices, 1)
  const at = choices.indexOf(field.text)
  const inTurn = [...choices.slice(at + 1), ...choices.slice(0, at + 1)]
  const found = inTurn.find((choice) => choice.toLowerCase().startsWith(wanted))
  return found === undefined ? field : createField(found)
}

/** The declaration of an entry; the reason has none. */
export function selectSpec(form: FormUi, entry: FormEntry | undefined): FormField | undefined {
  return entry === undefined || entry.role === 'reason'
    ? undefined
    : form.spec.fields.find(({ name }) => name === entry.name)
}

/** The texts by name. */
export function selectFormValues(form: FormUi): FormValues {
  return Object.fromEntries(
    form.fields.filter(({ role }) => role === 'value').map(({ name, field }) => [name, field.text]),
  )
}

/** Those texts that are no longer what the form began with. */
export function selectChangedValues(form: FormUi): FormValues {
  const values = selectFormValues(form)
  return Object.fromEntries(
    form.spec.fields.flatMap(({ name, initial }) => {
      const text = values[name] ?? ''
      return text === initial ? [] : [[name, text]]
    }),
  )
}

/** The problem of each entry, in their order; undefined where there is none. */
export function selectFormProblems(form: FormUi): readonly (string | undefined)[] {
  const values = selectFormValues(form)
  const found = form.spec.validate(values)
  return form.fields.map(({ name, role, field }) => {
    if (role === 'reason') return field.text.trim() === '' ? 'a correction needs a reason' : undefined
    if (role === 'repeat') return field.text === values[name] ? undefined : 'not the same as above'
    return found[name]
  })
}

function submit(model: Model, form: FormUi): Reduction {
  const problems = selectFormProblems(form)
  const first = problems.findIndex((problem) => problem !== undefined)
  if (first >= 0) {
    const fields = form.fields.map((entry) => ({ ...entry, isTouched: true }))
    const ui = showToast(model, nameProblem(form.fields[first]?.name ?? '', problems[first] ?? ''), 'bad')
    return only({ ...ui, form: { ...form, fields, cursor: first } })
  }
  if (model.ui.busy !== undefined) return only(model.ui)
  const { purpose } = form
  if (purpose.kind === 'start') {
    const { runbook, inventory } = purpose
    const request = { runbook, inventory, values: selectFormValues(form) }
    return { ui: model.ui, effects: [{ kind: 'start', request }] }
  }
  const values = selectChangedValues(form)
  if (Object.keys(values).length === 0)
    return only({ ...showToast(model, 'nothing was changed yet', 'warn'), form: { ...form, cursor: 0 } })
  const reason = form.fields.find(({ role }) => role === 'reason')?.field.text.trim() ?? ''
  return { ui: model.ui, effects: [{ kind: 'look-at-correction', values, reason }] }
}

/** A problem of the runbook's parameters names its field already. */
function nameProblem(name: string, problem: string): string {
  return problem.startsWith(`\`${name}\``) ? problem : `${name}: ${problem}`
}
