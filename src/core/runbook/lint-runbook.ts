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
  if (runbook.version === undefined) return []
  const findings = buildFindings(runbook.path)
  const secrets = runbook.params.filter((param) => param.type === 'secret').map((param) => param.name)
  const isSecret = secretExpressionTest(new Set(secrets))
  lintParams(runbook, findings)
  const lint: Lint = { findings, isSecret, check: buildCheck(declareStepScope(runbook), findings) }
  lintOptions(runbook, lint)
  for (const fence of listFences(runbook)) lintFence(fence, lint)
  if (options.inventory !== undefined) lintTargets(runbook, options.inventory, findings)
  return orderFindings(findings.list)
}

type Lint = {
  readonly findings: Findings
  readonly isSecret: (expression: Expression) => boolean
  /** Checks names and types; each expression once, however often it is inherited. */
  readonly check: Check
}
/** Whether it is the first time that this expression is checked. */
type Check = (expression: Expression, expected?: 'bool') => boolean

function buildCheck(declarations: Declarations, findings: Findings): Check {
  const seen = new Set<Expression>()
  return (expression, expected) => {
    if (seen.has(expression)) return false
    seen.add(expression)
    const bool = expected === undefined ? {} : { expected }
    findings.addAll(checkExpression(expression, declarations, { file: findings.file, ...bool }))
    return true
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

function lintOptions(runbook: Runbook, lint: Lint): void {
  const steps = listSteps(runbook)
  for (const { options } of [...listPhases(runbook), ...steps]) {
    for (const condition of options.when ?? []) lint.check(condition, 'bool')
    lintOption(options.as, lint)
  }
  for (const step of steps) lintOption(step.confirm, lint)
  for (const interpreter of runbook.interpreters.values()) lintOption(interpreter, lint)
}

/** Options stand in command lines, plans and on the screen, where no secret may be. */
function lintOption(template: Template | undefined, { check, isSecret, findings }: Lint): void {
  for (const expression of template === undefined ? [] : templateExpressions(template)) {
    if (!check(expression) || !isSecret(expression)) continue
    const message = `the secret \`${expression.source}\` stands in an option`
    const hint = 'a secret goes into the body of a fence, or into a `file … temporary`'
    findings.add('HR6303', expression.span.start, { message, hint })
  }
}

function lintFence(fence: Fence, lint: Lint): void {
  const { body, options, language, verb } = fence
  const { as, cwd, path, owner, group, ca } = options
  const expected = fence.expectations.map((each) => each.wanted)
  for (const template of [as, cwd, path, owner, group, ca]) lintOption(template, lint)
  for (const condition of options.when) lint.check(condition, 'bool')
  for (const expression of expected.flatMap(templateExpressions)) lint.check(expression)
  for (const expression of templateExpressions(body))
    lint.check(expression, language === 'cel' ? 'bool' : undefined)
  if (options.from === undefined)
    for (const template of [body, ...expected]) reportProber(template, lint.findings)
  if (language === 'cel') return
  lint.findings.addAll(lintHiddenCharacters(body, lint.findings.file))
  if (literalStyleOf(language, verb) === 'sh' && verb !== 'file' && verb !== 'fixture') lintShell(fence, lint)
}

function lintShell({ verb, body, expectations }: Fence, { findings, isSecret }: Lint): void {
  const isProbe = verb === 'check' || verb === 'verify' || verb === 'require'
  const probeWithoutExpect = isProbe && expectations.length === 0
  findings.addAll(lintShellTemplate(body, { file: findings.file, probeWithoutExpect, isSecret }))
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
