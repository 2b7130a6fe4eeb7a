import { hasErrors } from '../../core/base/diagnostic.ts'
import type { Library, StartRequest } from '../../tui/library.ts'
import type { Problem } from '../../tui/problem.ts'
import type { RunClient } from '../../tui/run-client.ts'
import { answerErrors } from '../attach/answer-errors.ts'
import { connectClient } from '../attach/attach-run.ts'
import { noRunner, reopenRun } from '../attach/reopen-run.ts'
import type { CliContext } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import { parseLabName, useLab } from '../lab/open-lab.ts'
import { buildPrepareOptions } from '../prepare/build-prepare-options.ts'
import { preparePlan } from '../prepare/prepare-plan.ts'
import { createNewRun } from '../run/create-new-run.ts'
import { selectOperator } from '../run/run-identity.ts'
import { startRunner } from '../runner/start-runner.ts'
import { buildForm, selectGiven } from './build-form.ts'
import { listInventories } from './list-inventories.ts'
import { listLabs } from './list-labs.ts'
import { listRunEntries } from './list-run-entries.ts'
import { listRunbooks } from './list-runbooks.ts'
import { watchLibrary } from './watch-library.ts'

/** What the home screen offers, from files, runs and labs as they are at the moment of asking. */
export function createLibrary(context: CliContext): Library {
  return {
    runbooks: () => listRunbooks(context).catch(() => []),
    runs: () => listRunEntries(selectStateDirectory(context)).catch(() => []),
    labs: () => listLabs(context).catch(() => []),
    inventories: () => listInventories(context).catch(() => []),
    watch: (listener) => watchLibrary(selectStateDirectory(context), listener),
    openForm: (runbook, inventory) =>
      answerErrors(context, async () => {
        const { prepared, problem } = await prepare(context, { runbook, inventory, values: {} }, 'warning')
        if (prepared === undefined) return problem
        return buildForm(prepared.linked, prepared.inventory, { file: runbook })
      }),
    start: (request) => answerErrors(context, () => startRun(context, request)),
    open: (run, answer) => answerErrors(context, () => reopenRun(context, run, answer)),
  }
}

async function startRun(given: CliContext, request: StartRequest): Promise<RunClient | Problem> {
  const { prepared, context, problem } = await prepare(given, request, 'error')
  if (prepared === undefined || problem.details.length > 0) return problem
  const operator = selectOperator(context)
  const { store } = await createNewRun(context, prepared, operator)
  await store.close()
  await startRunner(context, store.run, { operator, rechecks: false })
  return (await connectClient(context, { run: store.run, wheel: 'ask' })) ?? noRunner(store.run)
}

/** Plans for a lab as well; `problem` holds what keeps the plan from running. */
async function prepare(given: CliContext, request: StartRequest, missing: 'warning' | 'error') {
  const named = withInventory(given, request.inventory)
  const context = parseLabName(request.inventory) === undefined ? named : await useLab(named)
  const inputs = {
    cwd: context.world.cwd,
    runbook: request.runbook,
    inventory: context.input.text('inventory') ?? request.inventory,
    given: selectGiven(request.values),
  }
  const options = buildPrepareOptions(context, { missing, ignoreNeeds: false })
  const { prepared, diagnostics } = await preparePlan(inputs, options)
  const errors = hasErrors(diagnostics) ? diagnostics.filter(({ severity }) => severity === 'error') : []
  const problem = {
    problem: 'it cannot be run like this',
    details: errors.map(({ message, file, line, hint }) =>
      [`${file}:${line}: ${message}`, hint].filter((each) => each !== undefined).join(': '),
    ),
  }
  return { prepared, context, problem }
}

function withInventory(context: CliContext, inventory: string): CliContext {
  const { input } = context
  const text = (name: string) => (name === 'inventory' ? inventory : input.text(name))
  return { ...context, input: { ...input, text } }
}
