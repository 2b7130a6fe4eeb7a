import { hasErrors } from '../../core/base/diagnostic.ts'
import { UsageError } from '../../core/base/errors.ts'
import { buildPlanOutline } from '../../core/run/build-plan-outline.ts'
import type { Plan } from '../../core/plan/model.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { openFreeRun } from '../attach/open-free-run.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { requireArgument } from '../command-input.ts'
import { explainNext, printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'
import { buildPrepareOptions } from '../prepare/build-prepare-options.ts'
import { preparePlan } from '../prepare/prepare-plan.ts'
import { adoptPlan } from '../run/adopt-plan.ts'
import { comparePlans } from '../run/compare-plans.ts'
import { printPlanChanges } from '../run/format-plan-changes.ts'
import type { KeptRun } from '../run/open-kept-run.ts'
import { selectOperator } from '../run/run-identity.ts'
import { planKept } from '../run/settle-edits.ts'
import { describeValue } from '../run/store-plan.ts'

/** `handrail set RUN name=value --reason WHY`: corrects a parameter of a run that nobody drives. */
export async function runSet(context: CliContext): Promise<CommandEnd> {
  const { output, input } = context
  const operator = selectOperator(context)
  const reason = input.text('reason')?.trim() ?? ''
  if (reason === '') throw new UsageError('a correction needs a reason', ['--reason WHY'])
  const pairs = input.rest(1).map(readPair)
  const opened = await openFreeRun(context, requireArgument(input, 0, 'the run'), operator)
  if (opened.kind === 'busy') {
    output.warn(say`Run ${opened.run} is driven by ${opened.driver}; pause it first.`, 'bad')
    return { exitCode: 3, next: `handrail show ${opened.run}` }
  }
  try {
    return await correct(context, opened.kept, { pairs, operator, reason })
  } finally {
    await opened.kept.store.close()
  }
}

function readPair(text: string): readonly [string, string] {
  const equals = text.indexOf('=')
  if (equals <= 0) throw new UsageError(`cannot read ${text}`, ['handrail set RUN NAME=VALUE --reason WHY'])
  return [text.slice(0, equals), text.slice(equals + 1)]
}

async function correct(
  context: CliContext,
  kept: KeptRun,
  wish: {
    readonly pairs: readonly (readonly [string, string])[]
    readonly operator: string
    readonly reason: string
  },
): Promise<CommandEnd> {
  const { output } = context
  const { operator, pairs } = wish
  const before = await planKept(context, kept)
  const inputs = { ...kept.inputs, given: { ...kept.inputs.given, ...Object.fromEntries(pairs) } }
  const { prepared, diagnostics } = await preparePlan(inputs, {
    ...buildPrepareOptions(context, { missing: 'error', ignoreNeeds: true }),
    snapshot: kept.snapshot,
  })
  if (prepared === undefined || hasErrors(diagnostics)) {
    printDiagnostics(diagnostics, output)
    return { exitCode: 4, next: explainNext(diagnostics) }
  }
  const changes = comparePlans(kept.state, buildPlanOutline(prepared.plan))
  const { run } = kept.store
  printPlanChanges(changes, { before: before.plan, after: prepared.plan }, output)
  if (changes.some(({ kind }) => kind === 'changed while it runs')) {
    output.warn(say`A step that would change has begun; it must settle under the old value first.`, 'bad')
    return { exitCode: 3, next: `handrail resume ${run}` }
  }
  const first = pairs.map(([name]) =>
    describeChange(name, { before: before.plan, after: prepared.plan }, wish),
  )
  await adoptPlan(kept, prepared, { operator, changes, first })
  output.tell(
    say`${pairs.map(([name]) => name).join(', ')} corrected; ${changes.length} steps change.`,
    'good',
  )
  return { exitCode: 0, next: `handrail resume ${run}` }
}

function describeChange(
  name: string,
  plans: { readonly before: Plan; readonly after: Plan },
  { reason, operator }: { readonly reason: string; readonly operator: string },
): RunEvent {
  const [before, after] = [plans.before, plans.after].map((plan) => {
    const found = plan.params[name]
    return found === undefined ? null : describeValue(found)
  })
  return { type: 'param-changed', name, before, after, reason, by: operator }
}
