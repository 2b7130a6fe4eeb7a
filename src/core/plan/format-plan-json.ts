import type { Diagnostic } from '../base/diagnostic.ts'
import { sanitizeText } from '../base/sanitize.ts'
import { displayRendered } from '../expr/rendered-text.ts'
import type { Rendered } from '../expr/value.ts'
import type { ActionWork, HostStepWork, Plan, PlanStep, ProbeWork } from './model.ts'
import { renderHostStep } from './render-host-step.ts'

/** A unified diff of an edit, where one is known (`plan --live`): by step, host and action. */
export type FindDiff = (place: {
  readonly step: string
  readonly host: string
  readonly action: number
}) => string | undefined

/** The plan as `handrail plan --json` prints it. Secrets stand by name, late expressions as they are written. */
export function formatPlanJson(
  plan: Plan,
  diagnostics: readonly Diagnostic[],
  findDiff: FindDiff = () => undefined,
) {
  return {
    runbook: { ...plan.runbook },
    digest: plan.digest,
    steps: plan.steps.map((step) => formatStep(plan, step, findDiff)),
    diagnostics: diagnostics.map((each) => ({ ...each })),
  }
}

function formatStep(plan: Plan, step: PlanStep, findDiff: FindDiff) {
  const hosts = step.skipped === undefined ? step.hosts : []
  const works = hosts.map((host) => renderHostStep(plan, { step: step.id, host }))
  const actions = (of: (work: HostStepWork) => readonly ActionWork[]) =>
    works.flatMap((work) => of(work).map((action) => formatAction(action, work, findDiff)))
  return {
    id: step.id,
    title: step.title,
    phase: step.phaseTitles.join(' / '),
    danger: step.danger,
    order: step.order,
    ...(step.by === undefined ? {} : { by: step.by }),
    ...(step.batch === undefined ? {} : { batch: step.batch }),
    ...(step.maxFailures === undefined ? {} : { maxFailures: step.maxFailures }),
    hosts: step.hosts,
    ...(step.pickAny ? { pick: 'any' } : {}),
    ...(step.skipped === undefined ? {} : { skipped: step.skipped }),
    ...(step.confirmWord === undefined ? {} : { confirm: step.confirmWord }),
    repeat: step.repeat,
    covers: step.covers,
    actions: actions((work) => work.actions),
    checks: works.flatMap((work) =>
      [...work.requires, ...work.checks, ...work.verifies].map((probe) => formatProbe(probe, work)),
    ),
    manual: step.manual.map((item) => ({ item: item.number, text: sanitizeText(item.text) })),
    undo: actions((work) => work.undos),
    fixtures: works.flatMap((work) =>
      work.fixtures.map((fixture) => ({
        host: work.host,
        path: text(fixture.path),
        mode: fixture.mode,
        body: text(fixture.content),
      })),
    ),
  }
}

function formatAction(action: ActionWork, work: HostStepWork, findDiff: FindDiff) {
  const { command, file, fence } = action
  const diff = findDiff({ step: work.step, host: work.host, action: action.index })
  const body = text(command.body)
  return {
    kind: action.kind,
    verb: fence.verb,
    language: fence.language,
    host: work.host,
    ...(file === undefined ? { command: body } : { path: sanitizeText(file.path), body }),
    ...(file?.mode === undefined ? {} : { mode: file.mode }),
    ...place(action),
    ...(diff === undefined ? {} : { diff: sanitizeText(diff) }),
    ...(work.problem === undefined ? {} : { problem: sanitizeText(work.problem) }),
  }
}

function formatProbe(probe: ProbeWork, work: HostStepWork) {
  return {
    kind: probe.kind,
    verb: probe.verb,
    language: probe.fence.language,
    host: work.host,
    command: text(probe.command.body),
    ...place(probe),
    probers: probe.probers,
    expect: probe.expectations.map(({ match, stream, wanted }) => ({ match, stream, wanted: text(wanted) })),
    ...(probe.forMs === 0 ? {} : { forMs: probe.forMs, everyMs: probe.everyMs, passes: probe.passes }),
    ...(probe.warn ? { warn: true } : {}),
    ...(probe.capture === undefined ? {} : { capture: probe.capture }),
  }
}

function place({ command }: ActionWork | ProbeWork) {
  const { interpreter, as, cwd } = command
  return {
    ...(interpreter === undefined ? {} : { interpreter: text(interpreter) }),
    ...(as === undefined ? {} : { as: sanitizeText(as) }),
    ...(cwd === undefined ? {} : { cwd: sanitizeText(cwd) }),
  }
}

function text(rendered: Rendered): string {
  return sanitizeText(displayRendered(rendered))
}
