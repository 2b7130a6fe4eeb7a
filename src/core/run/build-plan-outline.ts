import type { Plan, PlanStep } from '../plan/model.ts'
import type { OutlineStep, PlanOutline } from './outline.ts'

/** What of a plan is kept with a run, for showing it without the runbook. */
export function buildPlanOutline(plan: Plan): PlanOutline {
  return {
    title: plan.runbook.title,
    digest: plan.digest,
    units: plan.units.map((unit) =>
      unit.kind === 'step' ? { steps: [unit.step] } : { steps: unit.steps, hosts: unit.hosts },
    ),
    steps: plan.steps.map(buildOutlineStep),
  }
}

function buildOutlineStep(step: PlanStep): OutlineStep {
  const { batch, maxFailures, skipped, confirmWord } = step
  return {
    id: step.id,
    title: step.title,
    phases: step.phaseTitles,
    danger: step.danger,
    order: step.order,
    groups: step.groups,
    ...(batch === undefined ? {} : { batch }),
    ...(maxFailures === undefined ? {} : { maxFailures }),
    hosts: step.hosts,
    ...(skipped === undefined ? {} : { skipped }),
    pickAny: step.pickAny,
    ...(confirmWord === undefined ? {} : { confirmWord }),
    confirmEach: step.confirmEach,
    repeat: step.repeat,
    actions: step.touches.actions,
    undos: step.touches.undos + (step.noUndoReason === undefined ? step.touches.files : 0),
    manual: step.manual.map(({ text }) => text),
    eachHost: step.eachHost,
    hash: step.hash,
    covers: step.covers,
  }
}
