import { hasErrors } from '../../core/base/diagnostic.ts'
import { replayRecords } from '../../adapters/journal/load-run-state.ts'
import { attachRun } from '../attach/attach-run.ts'
import { driveHere } from '../attach/drive-here.ts'
import { wantsScreen } from '../attach/show-screen.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { explainNext, printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'
import { printPlan } from '../plan/print-plan.ts'
import { buildPrepareOptions } from '../prepare/build-prepare-options.ts'
import { preparePlan } from '../prepare/prepare-plan.ts'
import { readPlanInputs } from '../prepare/read-plan-inputs.ts'
import { createNewRun } from '../run/create-new-run.ts'
import { readAnswerOptions } from '../run/read-answer-options.ts'
import { selectOperator } from '../run/run-identity.ts'
import { startRunner } from '../runner/start-runner.ts'

/** `handrail run RUNBOOK -i INV`: plans, asks, runs; the run is durable before any host is touched. */
export async function runRun(context: CliContext): Promise<CommandEnd> {
  const { output, input, world } = context
  const operator = selectOperator(context)
  // What cannot be read is told before anything else is done.
  readAnswerOptions(input, operator)
  const inputs = await readPlanInputs(context)
  const { prepared, diagnostics } = await preparePlan(
    inputs,
    buildPrepareOptions(context, {
      missing: 'error',
      ignoreNeeds: input.text('overrideNeeds') !== undefined,
    }),
  )
  if (prepared === undefined || hasErrors(diagnostics)) {
    printDiagnostics(diagnostics, output)
    return { exitCode: 4, next: explainNext(diagnostics) }
  }
  // The screen shows the plan itself.
  const isScreen = wantsScreen(context)
  if (world.stdin.isTTY === true && input.text('approve') === undefined && !isScreen)
    printPlan(prepared.plan, output, { diagnostics })
  else printDiagnostics(diagnostics, output)
  const { store, records } = await createNewRun(context, prepared, operator)
  output.tell(say`run ${store.run}: ${prepared.plan.runbook.title} on ${prepared.inventory.name}`, 'strong')
  if (input.flag('inline')) {
    const state = await replayRecords(store.directory, records)
    const request = { prepared, store, state, operator, rechecks: false, epoch: 1 }
    return driveHere(context, { ...request, records, shown: records })
  }
  await store.close()
  await startRunner(context, store.run, { operator, rechecks: false })
  return attachRun(context, { run: store.run, wheel: 'ask', shownAfterSeq: 0 })
}
