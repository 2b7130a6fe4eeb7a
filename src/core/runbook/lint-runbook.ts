import type { Diagnostic } from '../base/diagnostic.ts'
import { checkExpression } from '../expr/check-expression.ts'
import type { Declarations } from '../expr/declarations.ts'
import { declareScope } from '../expr/declarations.ts'
import { lintHiddenCharacters, lintShellTemplate, secretExpressionTest } from '../expr/lint-shell-template.ts'
import { templateExpressions, templateRoots } from '../expr/parse-template.ts'
import type { Expression, Template } from '../expr/value.ts'
import type { Inventory } from '../inventory/model.ts'
import type { Findings } from './findings.ts'
import { buildFindings, orderFindings } from './findings.ts'
import { lintTargets } from './lint-targets.ts'
import { literalStyleOf } from './languages.ts'
import type { Fence, Runbook } from './model.ts'
import { listFences, listPhases, listSteps } from './walk-runbook.ts'

export type LintOptions = {
  /** With it, names of targets and secrets are looked up. */
  readonly inventory?: Inventory
}

/** What can be told of a parsed runbook before any host is touched: names and types of expressions, shell bodies, targets. */
export function lintRunbook(runbook: Runbook, options: LintOptions = {}): readonly Diagnostic[] {
  const findings = buildFindings(runbook.path)
  if (runbook.version === undefined) return []
  lintParams(runbook, findings)
  lintConditions(runbook, findings)
  for (const fence of listFences(runbook)) lintFence(fence, runbook, findings)
  if (options.inventory !== undefined) lintTargets(runbook, options.inventory, findings)
  return orderFindings(findings.list)
}

type Check = (expression: Expression, expected?: 'bool') => void

function buildCheck(declarations: Declarations, findings: Findings): Check {
  const seen = new Set<Expression>()
  return (expression, expected) => {
    if (seen.has(expression)) return
    seen.add(expression)
    const bool = expected === undefined ? {} : { expected }
    findings.addAll(checkExpression(expression, declarations, { file: findings.file, ...bool }))
  }
}

function lintParams(runbook: Runbook, findings: Findings): void {
  const check = buildCheck(declareScope({ params: runbook.params }), findings)
  for (const param of runbook.params)
    for (const template of [param.default, param.value])
      if (template !== undefined) for (const expression of templateExpressions(template)) check(expression)
}

/** Names that a step sees; captures of other runbooks are not known here, so with a reference any name will do. */
function declareStepScope(runbook: Runbook): Declarations {
  const captures = listFences(runbook).flatMap(({ options }) => options.capture ?? [])
  const isCalling = listPhases(runbook).some((phase) => phase.runbook !== undefined)
  const known = isCalling ? {} : { captures }
  return declareScope({ params: runbook.params, host: true, late: true, ...known })
}

const scopes = new WeakMap<Runbook, Declarations>()

function scopeOf(runbook: Runbook): Declarations {
  const scope = scopes.get(runbook) ?? declareStepScope(runbook)
  scopes.set(runbook, scope)
  return scope
}

function lintConditions(runbook: Runbook, findings: Findings): void {
  const check = buildCheck(scopeOf(runbook), findings)
  const places = [...listPhases(runbook), ...listSteps(runbook)]
  for (const { options } of places) for (const condition of options.when ?? []) check(condition, 'bool')
  const templates = [
    ...places.map(({ options }) => options.as),
    ...listSteps(runbook).map((step) => step.confirm),
    ...runbook.interpreters.values(),
  ]
  for (const template of templates)
    if (template !== undefined) for (const expression of templateExpressions(template)) check(expression)
}

function lintFence(fence: Fence, runbook: Runbook, findings: Findings): void {
  const { body, options, expectations, language } = fence
  const check = buildCheck(scopeOf(runbook), findings)
  const { as, cwd, path, owner, group, ca } = options
  // What a step hands down (`as`) is checked with the step.
  const inherited = [...listPhases(runbook), ...listSteps(runbook)].map((place) => place.options.as)
  const own = [as, cwd, path, owner, group, ca].filter((template) => !inherited.includes(template))
  const templates = [...own, ...expectations.map((each) => each.wanted)].filter((each) => each !== undefined)
  for (const condition of options.when) check(condition, 'bool')
  for (const expression of templates.flatMap(templateExpressions)) check(expression)
  for (const expression of templateExpressions(body))
    check(expression, language === 'cel' ? 'bool' : undefined)
  if (options.from === undefined)
    for (const template of [body, ...templates]) reportProber(template, findings)
  if (language === 'cel') return
  findings.addAll(lintHiddenCharacters(body, findings.file))
  if (literalStyleOf(language, fence.verb) === 'sh' && fence.verb !== 'file' && fence.verb !== 'fixture')
    lintShell(fence, runbook, findings)
}

function lintShell(fence: Fence, runbook: Runbook, findings: Findings): void {
  const secrets = new Set(
    runbook.params.filter((param) => param.type === 'secret').map((param) => param.name),
  )
  const isProbe = fence.verb === 'check' || fence.verb === 'verify' || fence.verb === 'require'
  const probeWithoutExpect = isProbe && fence.expectations.length === 0
  const isSecret = secretExpressionTest(secrets)
  findings.addAll(lintShellTemplate(fence.body, { file: findings.file, probeWithoutExpect, isSecret }))
}

function reportProber(template: Template, findings: Findings): void {
  if (!templateRoots(template).has('prober')) return
  const expression = templateExpressions(template).find((each) => each.roots.has('prober'))
  const at = expression?.span.start ?? template.span.start
  findings.add('HR6302', at, {
    message: '`prober` is used without `from`',
    hint: 'add `from=…`, or use `host`',
  })
}
