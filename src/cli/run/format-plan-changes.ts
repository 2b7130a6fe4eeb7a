import { formatUnifiedDiff } from '../../core/edit/format-unified-diff.ts'
import type { HostName } from '../../core/base/ids.ts'
import { revealCommand } from '../../core/base/reveal-command.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { Plan } from '../../core/plan/model.ts'
import { renderHostStep } from '../../core/plan/render-host-step.ts'
import type { Output } from '../output/output.ts'
import { indent, say } from '../output/say.ts'
import { formatWork } from '../plan/format-work.ts'
import type { PlanChange } from '../../core/run/compare-plans.ts'

/** Prints what changed in each step, with the difference of what would run on its first host. */
export function printPlanChanges(
  changes: readonly PlanChange[],
  plans: { readonly before: Plan; readonly after: Plan },
  output: Output,
): void {
  for (const { step, kind, isBehind, hasRun } of changes) {
    const where = kind === 'added' && isBehind ? ', before steps that have begun' : ''
    const again = hasRun === true ? '; it ran in this run before it was taken out, and would run again' : ''
    output.tell(say`${step}: ${kind}${where}${again}`, 'warning')
    const diff = diffStep(step, plans)
    if (diff !== undefined) output.tell(indent(revealCommand(diff), 4))
  }
}

/** The difference of what a step does on its first host; undefined where it is the same, or in one plan only. */
export function diffStep(
  step: string,
  plans: { readonly before: Plan; readonly after: Plan },
): string | undefined {
  const [before, after] = [plans.before, plans.after].map((plan) => formatStep(plan, step))
  if (before === undefined || after === undefined || before === after) return undefined
  return formatUnifiedDiff(step, before, after).trimEnd()
}

/** Hosts that are looked at for one on which a step does something else. */
const HOSTS_LOOKED_AT = 50

/** The difference on the first host where there is one; all of a step that only one of the plans has. */
export function diffStepWhole(
  step: string,
  { before, after }: { readonly before: Plan; readonly after: Plan },
): string | undefined {
  const hosts = (after.steps.find(({ id }) => id === step) ?? before.steps.find(({ id }) => id === step))
    ?.hosts
  for (const host of [undefined, ...(hosts ?? []).slice(1, HOSTS_LOOKED_AT)]) {
    const [old, edited] = [before, after].map((plan) => formatStep(plan, step, host))
    if (old !== edited) return formatUnifiedDiff(step, old ?? '', edited ?? '').trimEnd()
  }
  return undefined
}

/** What a step does on its first host, as text; undefined where the plan does not have it. */
function formatStep(plan: Plan, id: string, wanted?: HostName): SafeText | string | undefined {
  const step = plan.steps.find((each) => each.id === id)
  if (step === undefined) return undefined
  const host = wanted === undefined || !step.hosts.includes(wanted) ? step.hosts[0] : wanted
  const head = `${step.danger} ${step.order} on ${step.hosts.join(', ')}\n`
  if (host === undefined) return head
  const lines = formatWork(renderHostStep(plan, { step: step.id, host }))
  return `${head}${lines.map(({ text }) => text).join('\n')}\n${step.manual.map(({ text }) => `- ${text}\n`).join('')}`
}
