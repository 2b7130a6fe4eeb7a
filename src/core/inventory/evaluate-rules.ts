import type { Diagnostic } from '../base/diagnostic.ts'
import { renderTemplate } from '../expr/render-template.ts'
import { displayRendered } from '../expr/rendered-text.ts'
import type { Expression, Scope, Value } from '../expr/value.ts'
import { isMapValue } from '../expr/value-from-data.ts'
import { inventoryScope } from './inventory-scope.ts'
import type { Inventory, Rule, RuleFinding, Waiver } from './model.ts'

/** Most findings of one rule; the rest is counted. */
const MAX_FINDINGS_PER_RULE = 50

/** What rules are evaluated for. */
export type RuleRequest = {
  readonly rules: readonly Rule[]
  readonly inventory: Inventory
  /** File name or path of the runbook; absent: every rule counts. */
  readonly runbookFile?: string
  /** ISO date of today; core has no clock. */
  readonly today: string
}

/** Evaluates the rules before any host is touched. A valid waiver turns an error into a warning that says so. */
export function evaluateRules(request: RuleRequest): readonly RuleFinding[] {
  const { rules, inventory, runbookFile } = request
  const name = runbookFile?.split('/').at(-1)
  const scope = inventoryScope(inventory)
  return rules
    .filter(
      (rule) =>
        name === undefined ||
        rule.runbooks === undefined ||
        rule.runbooks.some((each) => each.split('/').at(-1) === name),
    )
    .flatMap((rule) => {
      const messages = violations(rule, scope)
      const shown = messages.slice(0, MAX_FINDINGS_PER_RULE)
      if (messages.length > shown.length) shown.push(`and ${messages.length - shown.length} more of the same`)
      return shown.map((message) => toFinding(rule, message, request))
    })
}

/** Waivers that do nothing: of a rule that does not exist, may not be waived, or past their date. */
export function checkWaivers({ rules, inventory, today }: RuleRequest): readonly Diagnostic[] {
  const known = new Map(rules.map((rule) => [rule.id, rule]))
  return inventory.waivers.flatMap((waiver) => {
    const rule = known.get(waiver.rule)
    const message =
      rule === undefined
        ? `A waiver names the rule ${waiver.rule}, which does not exist.`
        : !rule.waivable
          ? `The rule ${waiver.rule} cannot be waived.`
          : waiver.until < today
            ? `The waiver of ${waiver.rule} ended on ${waiver.until}.`
            : undefined
    if (message === undefined) return []
    return [
      { code: 'HR2103', severity: 'warning' as const, file: inventory.path, line: 1, column: 1, message },
    ]
  })
}

function violations(rule: Rule, scope: Scope): string[] {
  if (rule.each === undefined) return violation(rule, scope)
  const items = rule.each.evaluate(scope)
  if (!items.ok) return [cannotTell(rule.each, items.message)]
  return listOf(items.value).flatMap((it) => violation(rule, { ...scope, it }))
}

function listOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[]
  return isMapValue(value) ? Object.keys(value) : [value]
}

function violation(rule: Rule, scope: Scope): string[] {
  const result = rule.assert.evaluate(scope)
  if (!result.ok) return [cannotTell(rule.assert, `${result.message}${itemName(scope)}`)]
  if (result.value === true) return []
  if (result.value !== false)
    return [cannotTell(rule.assert, `it is neither true nor false${itemName(scope)}`)]
  const message = renderTemplate(rule.message, { scope, style: 'plain', file: rule.file })
  return [message.ok ? displayRendered(message.rendered) : `${rule.message.source}${itemName(scope)}`]
}

function cannotTell(expression: Expression, reason: string): string {
  return `cannot be evaluated: ${reason}: \`${expression.source.trim()}\``
}

function itemName({ it }: Scope): string {
  if (it === undefined) return ''
  if (typeof it === 'string') return ` (${it})`
  return isMapValue(it) && typeof it.name === 'string' ? ` (${it.name})` : ''
}

function toFinding(rule: Rule, message: string, { inventory, today }: RuleRequest): RuleFinding {
  const waivers = inventory.waivers.filter((each) => each.rule === rule.id)
  const waiver = rule.waivable ? waivers.find((each) => today <= each.until) : undefined
  const severity = waiver === undefined ? rule.severity : 'warning'
  const diagnostic: Diagnostic = {
    code: 'HR2102',
    severity,
    file: rule.file,
    line: rule.line,
    column: 1,
    message: `${rule.id}: ${message}${waiver === undefined ? '' : waivedBy(waiver)}`,
    hint: hintOf(rule, waivers, waiver),
  }
  return {
    rule: rule.id,
    severity,
    message,
    source: rule.source,
    ...(waiver === undefined ? {} : { waiver }),
    diagnostic,
  }
}

function waivedBy(waiver: Waiver): string {
  return ` (waived by ${waiver.by} until ${waiver.until}: ${waiver.reason})`
}

function hintOf(rule: Rule, waivers: readonly Waiver[], valid: Waiver | undefined): string {
  const [expired] = waivers
  if (expired === undefined || valid !== undefined) return rule.source
  return rule.waivable
    ? `${rule.source} (its waiver ended on ${expired.until})`
    : `${rule.source} (this rule cannot be waived)`
}
