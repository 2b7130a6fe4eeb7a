import { listRuns } from '../../adapters/journal/list-runs.ts'
import { selectRunDirectory } from '../../adapters/journal/run-directory.ts'
import { hasErrors } from '../../core/base/diagnostic.ts'
import { UsageError } from '../../core/base/errors.ts'
import type { RunId } from '../../core/base/ids.ts'
import { comparePlans } from '../../core/run/compare-plans.ts'
import { buildPlanOutline } from '../../core/run/build-plan-outline.ts'
import { decideCorrection, type CorrectionIntent } from '../../core/run/decide-correction.ts'
import type { Decision } from '../../core/run/decision.ts'
import type { RunState } from '../../core/run/state.ts'
import { connectClient } from '../attach/attach-run.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import type { SocketClient } from '../client/client-model.ts'
import { loadKeptPlan } from '../client/load-kept-plan.ts'
import { requireArgument } from '../command-input.ts'
import { selectAmong, selectStateDirectory } from '../history/open-history.ts'
import { explainNext, formatCount, printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import { recordKept } from '../run/adopt-plan.ts'
import { createPlanner } from '../run/create-planner.ts'
import { printPlanChanges } from '../run/format-plan-changes.ts'
import { openKeptRun, type KeptRun } from '../run/open-kept-run.ts'
import { planCorrected } from '../run/plan-corrected.ts'
import { selectOperator } from '../run/run-identity.ts'
import { planKept } from '../run/find-edits.ts'

/**
 * `handrail set RUN name=value --reason WHY`: corrects parameters of a run that is paused, planned or waits for an
 * answer: through its runner where one has it, so that the journal has one writer.
 */
export async function runSet(context: CliContext): Promise<CommandEnd> {
  const { output, input } = context
  const by = selectOperator(context)
  const reason = input.text('reason')?.trim() ?? ''
  if (reason === '') throw new UsageError('a correction needs a reason', ['--reason WHY'])
  const values = Object.fromEntries(input.rest(1).map(readPair))
  const intent: CorrectionIntent = { type: 'correct-params', by, reason, values }
  const run = selectAmong(await listRuns(selectStateDirectory(context)), requireArgument(input, 0, 'the run'))
  const client = await connectClient(context, { run, wheel: 'ask', isGlance: true })
  if (client !== undefined) return correctThrough(context, client, intent).finally(client.detach)
  const opened = await openKeptRun(context, run, by)
  if (opened.kind === 'busy') {
    output.warn(say`Run ${run} is driven by ${opened.driver}; leave it there first.`, 'bad')
    return { exitCode: 3, next: `handrail show ${run}` }
  }
  try {
    return await correctKept(context, opened.kept, intent)
  } finally {
    await opened.kept.store.close()
  }
}

function readPair(text: string): readonly [string, string] {
  const equals = text.indexOf('=')
  if (equals <= 0) throw new UsageError(`cannot read ${text}`, ['handrail set RUN NAME=VALUE --reason WHY'])
  return [text.slice(0, equals), text.slice(equals + 1)]
}

/** By the runner that has the run; it decides, and writes. */
async function correctThrough(
  context: CliContext,
  client: SocketClient,
  intent: CorrectionIntent,
): Promise<CommandEnd> {
  const { output } = context
  const { run, state } = client
  if (!client.isDriver()) {
    output.warn(
      say`${client.driver() ?? 'Somebody'} drives run ${run} and can correct it there: p, then e.`,
      'bad',
    )
    return { exitCode: 3, next: `handrail takeover ${run}` }
  }
  if (state.status === 'open' && !client.isResting()) {
    output.warn(say`Run ${run} is at work; pause it first: Space on its screen.`, 'bad')
    return { exitCode: 3, next: `handrail open ${run}` }
  }
  const directory = selectRunDirectory(selectStateDirectory(context), run)
  const before = await loadKeptPlan(context, { directory, records: client.records })
  const shown = await showChanges(context, { before, state, intent })
  if (shown.kind === 'end') return shown.end
  if (state.status === 'open') await client.submit({ type: 'pause', by: intent.by, reason: 'a correction' })
  return tell(context, { run, intent, decision: await client.submit(intent) }, shown.count)
}

/** In this process, which holds the run: nobody drives it. */
async function correctKept(
  context: CliContext,
  kept: KeptRun,
  intent: CorrectionIntent,
): Promise<CommandEnd> {
  const { store, state } = kept
  const before = await planKept(context, kept)
  const shown = await showChanges(context, { before, state, intent })
  if (shown.kind === 'end') return shown.end
  // Whoever drove it was killed.
  if (state.status === 'open') await recordKept(kept, [{ type: 'run-paused', reason: 'interrupted' }])
  const replanned = await createPlanner(context, before, store).correct(intent.values)
  const decision: Decision = replanned.ok ? decideCorrection(state, intent, replanned.corrected) : replanned
  if (decision.ok) await recordKept(kept, decision.events)
  return tell(context, { run: store.run, intent, decision }, shown.count)
}

type Correction = {
  readonly before: PreparedPlan
  readonly state: RunState
  readonly intent: CorrectionIntent
}

/** What was printed: how many steps change, or why nothing can be planned with these values. */
type Shown =
  | { readonly kind: 'changes'; readonly count: number }
  | { readonly kind: 'end'; readonly end: CommandEnd }

async function showChanges(context: CliContext, { before, state, intent }: Correction): Promise<Shown> {
  const { prepared, diagnostics } = await planCorrected(context, before, intent.values)
  if (prepared === undefined || hasErrors(diagnostics)) {
    printDiagnostics(diagnostics, context.output)
    return { kind: 'end', end: { exitCode: 4, next: explainNext(diagnostics) } }
  }
  const changes = comparePlans(state, buildPlanOutline(prepared.plan))
  printPlanChanges(changes, { before: before.plan, after: prepared.plan }, context.output)
  return { kind: 'changes', count: changes.length }
}

type Decided = { readonly run: RunId; readonly intent: CorrectionIntent; readonly decision: Decision }

function tell({ output }: CliContext, { run, intent, decision }: Decided, count: number): CommandEnd {
  const next = `handrail resume ${run}`
  if (!decision.ok) {
    const { message, hint } = decision.refusal
    output.warn(say`${hint === undefined ? message : `${message}: ${hint}`}`, 'bad')
    return { exitCode: 3, next }
  }
  const names = Object.keys(intent.values).join(', ')
  output.tell(
    say`${names} corrected; ${formatCount(count, 'step')} ${count === 1 ? 'changes' : 'change'}.`,
    'good',
  )
  return { exitCode: 0, next }
}
