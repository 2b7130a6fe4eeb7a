import type { HostName, StepId } from '../../core/base/ids.ts'
import { isStepComplete, isUnderWay } from '../../core/run/settled.ts'
import type { RunState, StepState } from '../../core/run/state.ts'
import type { RunUi } from '../store/ui-state.ts'

/** The step that a screen shows: the one chosen, else the one that goes on. */
export function selectShownStep(state: RunState, ui: Pick<RunUi, 'step'>): StepState | undefined {
  const chosen = ui.step === undefined ? undefined : state.steps.get(ui.step)
  return chosen ?? selectCurrentStep(state)
}

/** The step that goes on: one under way, else one that waits, else the first that is not complete, else the last. */
export function selectCurrentStep(state: RunState): StepState | undefined {
  const steps = [...state.steps.values()]
  const asked = new Set([...state.questions.values()].map(({ step }) => step))
  return (
    steps.find((step) => [...step.hosts.values()].some(isUnderWay)) ??
    steps.find(({ id }) => asked.has(id)) ??
    steps.find((step) => !isStepComplete(step) && step.outline.skipped === undefined) ??
    steps.at(-1)
  )
}

/** The host that a screen shows of a step: the one chosen if the step has it, else the most urgent. */
export function selectShownHost(step: StepState, ui: Pick<RunUi, 'host'>): HostName | undefined {
  if (ui.host !== undefined && step.hosts.has(ui.host)) return ui.host
  if (step.picked !== undefined) return step.picked
  const hosts = [...step.hosts.values()]
  const urgent =
    hosts.find(({ phase }) => phase === 'awaiting') ??
    hosts.find(({ stale }) => stale !== undefined) ??
    hosts.find(isUnderWay) ??
    hosts.findLast(({ phase }) => phase === 'ended')
  return urgent?.host ?? step.outline.hosts[0]
}

/** Ids of the steps in the order in which they stand. */
export function selectStepIds(state: RunState): readonly StepId[] {
  return [...state.steps.keys()]
}
