import type { Diagnostic, Parsed, Severity } from '../base/diagnostic.ts'
import { diagnosticAt } from '../base/place.ts'
import { suggestHint } from '../base/suggest-name.ts'
import { templateRoots } from '../expr/parse-template.ts'
import { renderTemplate } from '../expr/render-template.ts'
import { displayRendered } from '../expr/rendered-text.ts'
import { SecretRef } from '../expr/value.ts'
import type { Template, Value } from '../expr/value.ts'
import { inventoryScope } from '../inventory/inventory-scope.ts'
import type { Inventory } from '../inventory/model.ts'
import type { Param } from '../runbook/model.ts'
import { readParamValue } from './param-value.ts'

/** What resolving parameters starts from. */
export type ParamRequest = {
  readonly params: readonly Param[]
  /** Texts from `-p`, data from a file or earlier answers. */
  readonly given: { readonly [name: string]: unknown }
  readonly inventory: Inventory
  /** The runbook's path, for diagnostics. */
  readonly file: string
  /** How a missing value counts: a plan shows it, a run refuses. */
  readonly missing: Severity
}

export type ResolvedParams = {
  readonly values: { readonly [name: string]: Value }
  /** Names without a value, in order of declaration. */
  readonly missing: readonly string[]
  /** Secrets that a person is asked for under the parameter's name: no entry of the inventory gives them. */
  readonly asked: readonly { readonly name: string; readonly isNew: boolean }[]
}

/** Gives every parameter its value: given, derived or by default; expressions may use other parameters. */
export function resolveParams(request: ParamRequest): Parsed<ResolvedParams> {
  const work: Work = {
    request,
    byName: new Map(request.params.map((param) => [param.name, param])),
    values: Object.create(null),
    settled: new Set(),
    underway: new Set(),
    missing: new Set(),
    asked: [],
    diagnostics: [],
  }
  reportUnknown(work)
  for (const param of request.params) settle(param, work)
  const missing = request.params.map((param) => param.name).filter((name) => work.missing.has(name))
  return { value: { values: work.values, missing, asked: work.asked }, diagnostics: work.diagnostics }
}

type Work = {
  readonly request: ParamRequest
  readonly byName: ReadonlyMap<string, Param>
  readonly values: { [name: string]: Value }
  readonly settled: Set<string>
  readonly underway: Set<string>
  readonly missing: Set<string>
  readonly asked: { name: string; isNew: boolean }[]
  readonly diagnostics: Diagnostic[]
}

function reportUnknown({ request, byName, diagnostics }: Work): void {
  const start = { line: 1, column: 1, offset: 0 }
  for (const name of Object.keys(request.given)) {
    const param = byName.get(name)
    if (param === undefined)
      diagnostics.push(
        diagnosticAt(request.file, start, {
          code: 'HR4101',
          message: `This runbook has no parameter \`${name}\`.`,
          hint: suggestHint(name, byName.keys()),
        }),
      )
    else if (param.value !== undefined)
      diagnostics.push(
        diagnosticAt(request.file, param.span.start, {
          code: 'HR4102',
          message: `\`${name}\` is derived and cannot be given.`,
          hint: 'Give the parameters that it is derived from.',
        }),
      )
  }
}

function settle(param: Param, work: Work): void {
  const { name } = param
  if (work.settled.has(name)) return
  if (work.underway.has(name)) {
    complain(param, work, { code: 'HR4105', message: `\`${name}\` is derived from itself.` })
    work.missing.add(name)
    return
  }
  work.underway.add(name)
  const { given } = work.request
  if (param.value !== undefined) take(param, fromTemplate(param, param.value, work), work)
  else if (Object.hasOwn(given, name)) take(param, given[name], work)
  else if (param.default !== undefined) take(param, fromTemplate(param, param.default, work), work)
  else if (param.defaultValue !== undefined) take(param, param.defaultValue, work)
  else takeNothing(param, work)
  work.underway.delete(name)
  work.settled.add(name)
}

/** `undefined` was reported before, or waits for a parameter that is missing. */
function take(param: Param, given: unknown, work: Work): void {
  const read = given === undefined ? undefined : readParamValue(param, given, work.request.inventory)
  if (read?.ok === true) {
    work.values[param.name] = read.value
    return
  }
  work.missing.add(param.name)
  if (read === undefined) return
  const shown = typeof given === 'string' && param.type !== 'secret' ? ` \`${given.slice(0, 80)}\`` : ''
  complain(param, work, {
    code: 'HR4103',
    message: `\`${param.name}\` cannot be${shown === '' ? ' this value' : shown}: ${read.reason}.`,
    hint: read.hint,
  })
}

function takeNothing(param: Param, work: Work): void {
  const { name } = param
  if (param.type === 'secret') {
    work.values[name] = new SecretRef(name)
    if (!work.request.inventory.secrets.has(name)) work.asked.push({ name, isNew: param.new === true })
    return
  }
  work.missing.add(name)
  complain(param, work, {
    code: 'HR4104',
    severity: work.request.missing,
    message: `\`${name}\` has no value${param.help === undefined ? '' : ` (${param.help})`}.`,
    hint: `Give it with -p ${name}=…`,
  })
}

/** The value of a template: of its one expression, or a text. */
function fromTemplate(param: Param, template: Template, work: Work): unknown {
  const [first, second] = template.parts
  if (first === undefined) return ''
  const waits = dependenciesOf(template, work).some((name) => work.missing.has(name))
  if (waits) return undefined
  const scope = { ...work.values, params: work.values, ...inventoryScope(work.request.inventory) }
  if (first.kind === 'expression' && second === undefined) {
    const result = first.expression.evaluate(scope)
    if (result.ok) return result.value
    complain(param, work, {
      code: 'HR1007',
      message: `\`${param.name}\` cannot be derived: ${result.message}: \`${first.expression.source}\`.`,
    })
    return undefined
  }
  const rendered = renderTemplate(template, { scope, style: 'plain', file: work.request.file })
  if (rendered.ok) return displayRendered(rendered.rendered)
  work.diagnostics.push(...rendered.diagnostics)
  return undefined
}

function dependenciesOf(template: Template, work: Work): readonly string[] {
  const roots = templateRoots(template)
  const named = [...template.source.matchAll(/\bparams\s*(?:\.\s*(\w+)|\[\s*["'](\w+)["']\s*\])/g)]
  const names = [...roots, ...named.map((match) => match[1] ?? match[2]!)]
  return names.filter((name) => {
    const param = work.byName.get(name)
    if (param !== undefined) settle(param, work)
    return param !== undefined
  })
}

function complain(
  param: Param,
  work: Work,
  finding: { code: string; severity?: Severity; message: string; hint?: string | undefined },
): void {
  work.diagnostics.push(diagnosticAt(work.request.file, param.span.start, finding))
}
