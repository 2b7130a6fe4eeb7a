import { selectDiskError } from '../../adapters/journal/disk-error.ts'
import { EnvironmentError, UsageError } from '../../core/base/errors.ts'
import { hasErrors } from '../../core/base/diagnostic.ts'
import type { RunId } from '../../core/base/ids.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import type { Library, StartRequest } from '../../tui/library.ts'
import type { Problem } from '../../tui/problem.ts'
import type { RunClient } from '../../tui/run-client.ts'
import { connectClient } from '../attach/attach-run.ts'
import { bringUp } from '../attach/bring-up.ts'
import type { CliContext } from '../cli-context.ts'
import { openLookingClient } from '../client/open-looking-client.ts'
import { openRunHistory, type RunHistory } from '../client/run-history.ts'
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
      asAnswer(context, async () => {
        const { prepared, problem } = await prepare(context, { runbook, inventory, values: {} }, 'warning')
        if (prepared === undefined) return problem
        return buildForm(prepared.linked, prepared.inventory, { file: runbook })
      }),
    start: (request) => asAnswer(context, () => startRun(context, request)),
    open: (run) => asAnswer(context, () => openRun(context, run)),
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

async function openRun(context: CliContext, run: RunId): Promise<Opened | Problem> {
  const history = await openRunHistory(selectStateDirectory(context), run)
  if (isRunOver(history.state))
    return { client: await openLooking(context, history), how: `the run is ${history.state.status}` }
  const operator = selectOperator(context)
  const told: SafeText[] = []
  const { isStarted, end } = await bringUp(context, { run, operator, told })
  if (end !== undefined)
    return {
      problem: 'the runbook was edited since',
      details: [...told.flatMap((text) => text.split('\n')), end.next ?? ''],
    }
  const client = await connectClient(context, { run, wheel: 'ask', history })
  if (client === undefined) {
    const looking = await openLooking(context, history)
    const driver = looking.driver()
    if (driver !== undefined) return { client: looking, how: `watching: ${driver} drives it` }
    looking.detach()
    return noRunner(run)
  }
  if (!client.isDriver()) return { client, how: `watching: ${client.driver() ?? 'somebody'} drives it` }
  return { client, how: isStarted ? 'resumed' : 'attached: it went on without you' }
}

function openLooking(context: CliContext, history: RunHistory): Promise<RunClient> {
  return openLookingClient(context, history, (known) =>
    connectClient(context, { run: known.run, wheel: 'later', history: known }),
  )
}

type Opened = { readonly client: RunClient; readonly how: string }

function noRunner(run: RunId): Problem {
  return { problem: `the runner of run ${run} does not answer`, details: [`handrail open ${run}`] }
}

/** Errors are answers here; of a bug, what is known is kept as for any command. */
async function asAnswer<T extends object>(
  context: CliContext,
  ask: () => Promise<T | Problem>,
): Promise<T | Problem> {
  try {
    return await ask()
  } catch (thrown) {
    const error = selectDiskError(thrown, selectStateDirectory(context)) ?? thrown
    if (error instanceof UsageError || error instanceof EnvironmentError)
      return { problem: error.message, details: error.nextSteps }
    const { world, version, input } = context
    const stateDir = input.text('stateDir')
    const { saveCrashReport } = await import('../save-crash-report.ts')
    const path = await saveCrashReport(error, { world, args: ['home'], version, stateDir })
    return { problem: 'this is a bug of handrail itself', details: path === undefined ? [] : [path] }
  }
}
