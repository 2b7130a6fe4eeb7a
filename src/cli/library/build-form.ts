import type { Inventory } from '../../core/inventory/model.ts'
import { resolveParams } from '../../core/plan/resolve-params.ts'
import type { LinkedRunbook } from '../../core/runbook/linked-runbook.ts'
import type { Param } from '../../core/runbook/model.ts'
import type { Value } from '../../core/expr/value.ts'
import type { FormField, FormSpec, FormValues } from '../../tui/form-spec.ts'
import { describeValue } from '../run/store-plan.ts'

/**
 * The form of a runbook: every parameter that a person gives. Secrets are none of them: whoever drives is asked for
 * each when it is needed, so that no value passes through a form.
 */
export function buildForm(
  linked: LinkedRunbook,
  inventory: Inventory,
  { file, given }: { readonly file: string; /** What was given before. */ readonly given?: FormSpecValues },
): FormSpec {
  const params = linked.params.filter(({ value, type }) => value === undefined && type !== 'secret')
  const resolve = (typed: FormSpecValues) =>
    resolveParams({ params: linked.params, given: { ...given, ...typed }, inventory, file, missing: 'error' })
  const { values } = resolve({}).value
  return {
    title: linked.root.title,
    fields: params.map((param) => buildField(param, values[param.name])),
    validate: (typed) => {
      const problems: Record<string, string> = {}
      // In a run that goes on an emptied field is an empty text; before one it leaves the default.
      const texts = given === undefined ? selectGiven(typed) : typed
      for (const { line, column, message } of resolve(texts).diagnostics) {
        const param = params.find(({ span }) => span.start.line === line && span.start.column === column)
        if (param !== undefined) problems[param.name] ??= message
      }
      return problems
    },
  }
}

type FormSpecValues = Readonly<Record<string, unknown>>

/** A field that was left empty gives nothing: its default counts. */
export function selectGiven(values: FormValues): FormSpecValues {
  return Object.fromEntries(Object.entries(values).filter(([, text]) => text.trim() !== ''))
}

function buildField(param: Param, value: Value | undefined): FormField {
  const choices = param.type === 'bool' ? ['true', 'false'] : param.choices
  return {
    name: param.name,
    ...(param.help === undefined ? {} : { help: param.help }),
    type: param.type,
    ...(choices === undefined ? {} : { choices }),
    initial: value === undefined ? '' : formatInitial(value),
    isSecret: false,
    isNew: false,
  }
}

function formatInitial(value: Value): string {
  const data = describeValue(value)
  return typeof data === 'string' ? data : JSON.stringify(data)
}
