import type { Diagnostic, Parsed } from '../base/diagnostic.ts'
import type { StepId } from '../base/ids.ts'
import { diagnosticAt } from '../base/place.ts'
import { suggestHint } from '../base/suggest-name.ts'
import type { LinkedStep } from '../runbook/linked-runbook.ts'

/** Steps that `--only` and `--from` leave out, with the reason. `--only` takes a phase's id as well. */
export function decideLimit(
  steps: readonly LinkedStep[],
  { only, from }: { readonly only?: string; readonly from?: string },
): Parsed<ReadonlyMap<StepId, string>> {
  const left = new Map<StepId, string>()
  const diagnostics: Diagnostic[] = []
  for (const [option, name] of [['--only', only] as const, ['--from', from] as const]) {
    if (name === undefined) continue
    const first = steps.findIndex((step) => isIn(step, name))
    if (first < 0) diagnostics.push(unknownStep(option, name, steps))
    else
      for (const [index, step] of steps.entries()) {
        const out = option === '--from' ? index < first : !isIn(step, name)
        if (out) left.set(step.step.id, `left out by ${option} ${name}`)
      }
  }
  return { value: left, diagnostics }
}

function isIn({ step }: LinkedStep, name: string): boolean {
  return step.id === name || step.phases.some((phase) => phase === name)
}

function unknownStep(option: string, name: string, steps: readonly LinkedStep[]): Diagnostic {
  const ids = steps.map((each) => each.step.id)
  return diagnosticAt(
    option,
    { line: 1, column: 1, offset: 0 },
    { code: 'HR4007', message: `There is no step \`${name}\`.`, hint: suggestHint(name, ids) },
  )
}
