import { openContentStore } from '../../adapters/journal/content-store.ts'
import { selectRunPaths } from '../../adapters/journal/run-directory.ts'
import { loadSnapshot } from '../../adapters/journal/snapshot.ts'
import type { Digest } from '../../core/base/ids.ts'
import { renderHostStep } from '../../core/plan/render-host-step.ts'
import type { Plan } from '../../core/plan/model.ts'
import { buildLateScope } from '../../engine/context.ts'
import type { CliContext } from '../cli-context.ts'
import { selectSources } from '../run/open-kept-run.ts'
import { planKept } from '../run/settle-edits.ts'
import { parseInputs } from '../run/store-plan.ts'
import { buildStepText } from '../../tui/build-step-text.ts'
import type { RenderStepText } from './client-model.ts'
import type { RunHistory } from './run-history.ts'

/** Renders the steps of a run from the copies that it keeps; planned once for each adopted plan. */
export function loadStepText(context: CliContext, history: RunHistory): RenderStepText {
  const plans = new Map<string, Promise<Plan | undefined>>()
  const loadPlan = (): Promise<Plan | undefined> => {
    const { inputs, snapshot } = selectSources(history.records)
    if (inputs === undefined || snapshot === undefined) return Promise.resolve(undefined)
    const known = plans.get(inputs + snapshot)
    const plan = known ?? planFromCopies(context, history.directory, { inputs, snapshot })
    plans.set(inputs + snapshot, plan)
    return plan
  }
  return async (id, wanted) => {
    const plan = await loadPlan().catch(() => undefined)
    const step = plan?.steps.find((each) => each.id === id)
    const host = wanted ?? step?.hosts[0]
    if (plan === undefined || step === undefined) return undefined
    if (host === undefined) return buildStepText(step, undefined)
    const { state, run } = history
    const late = buildLateScope({ state, run, operator: state.operator }, host)
    return buildStepText(step, renderHostStep(plan, { step: id, host, late }))
  }
}

async function planFromCopies(
  context: CliContext,
  directory: string,
  sources: { readonly inputs: Digest; readonly snapshot: Digest },
): Promise<Plan | undefined> {
  const paths = selectRunPaths(directory)
  const values = openContentStore(paths.values)
  const files = await loadSnapshot(paths.snapshot, sources.snapshot)
  const prepared = await planKept(context, {
    inputs: parseInputs(await values.get(sources.inputs)),
    snapshot: new Map(files.map(({ path, text }) => [path, text])),
  })
  return prepared.plan
}
