import { assertNever } from '../core/base/errors.ts'
import { formatDuration } from '../core/base/duration.ts'
import { formatHosts, selectNamedHosts } from '../core/run/name-hosts.ts'
import { buildQuestion } from '../core/run/build-question.ts'
import { countDeviations } from '../core/run/summary.ts'
import { selectWork, type Work } from '../core/run/select-work.ts'
import { requireHostStep, selectPlanStep, type EngineContext } from './context.ts'
import { releaseHosts } from './release-hosts.ts'
import { beginStep } from './step/begin-step.ts'
import { buildHostQuestion } from './step/end-host.ts'
import { runHostStep } from './step/host-step.ts'
import { undoAll } from './undo-all.ts'
import type { WorkPool } from './work-pool.ts'

/** Begins everything that the state allows now and that is not under way, hosts up to the limit. */
export function performWork(context: EngineContext, pool: WorkPool): void {
  for (const work of selectWork(context.state)) {
    if (work.kind === 'run-host' && pool.size() >= context.limits.hostsAtOnce) return
    if (!isInTheWay(work, pool)) pool.begin(keyOf(work), () => performOne(context, work))
  }
}

/**
 * A host-step is recorded as ended before its temporary files are removed. What comes next on that host may write the
 * same files, so it waits for that.
 */
function isInTheWay(work: Work, pool: WorkPool): boolean {
  if (work.kind !== 'begin-step' && work.kind !== 'run-host') return false
  const others = pool.keys().filter((key) => key.startsWith('run-host ') && key !== keyOf(work))
  if (work.kind === 'begin-step') return others.length > 0
  return others.some((key) => key.endsWith(` ${work.host}`))
}

function keyOf(work: Work): string {
  const place = 'step' in work ? work.step : ''
  return `${work.kind} ${place} ${'host' in work ? (work.host ?? '') : ''}${work.kind === 'ask' ? work.question.id : ''}`
}

async function performOne(context: EngineContext, work: Work): Promise<'done' | 'parked'> {
  switch (work.kind) {
    case 'confirm-run':
      await askForPlan(context)
      return 'done'
    case 'begin-step':
      await beginStep(context, work.step)
      return 'done'
    case 'skip-step':
      await context.record({ type: 'step-skipped', step: work.step, by: work.by, detail: work.detail })
      return 'done'
    case 'confirm-step':
      await askForStep(context, work)
      return 'done'
    case 'run-host':
      return (await runHostStep(context, work.step, work.host)) === 'ended' ? 'done' : 'parked'
    case 'exclude-host': {
      const { step, host } = work
      const reason = context.state.excluded.get(host) ?? ''
      await context.record({ type: 'host-ended', step, host, outcome: 'excluded', durationMs: 0, reason })
      return 'done'
    }
    case 'ask':
      await context.record({ type: 'question-asked', question: work.question })
      return 'done'
    case 'ask-about': {
      const { step, host } = work
      const failure = requireHostStep(context, step, host).failure ?? { kind: 'cancelled', action: 1 }
      await context.record(buildHostQuestion(context, { step, host }, failure))
      return 'done'
    }
    case 'finish':
      await releaseHosts(context)
      await context.record({
        type: 'run-finished',
        deviations: countDeviations(context.state),
        failed: false,
      })
      return 'done'
    case 'end-aborted':
      return undoAll(context, work.undo)
    default:
      return assertNever(work)
  }
}

async function askForPlan(context: EngineContext): Promise<void> {
  const { created, outline } = context.state
  const isProduction = created?.inventory.level === 'production'
  const hosts = [...new Set(outline.steps.flatMap((step) => step.hosts))]
  const word = isProduction ? { word: created.inventory.environment } : {}
  const text = `Run "${outline.title}" on ${count(hosts.length, 'host')} of ${created?.inventory.name ?? ''}: ${count(outline.steps.length, 'step')}?`
  const question = buildQuestion(context.state, {
    kind: 'plan',
    text,
    ...selectNamedHosts(hosts),
    choices: ['go', 'abort'],
    ...word,
  })
  await context.record({ type: 'question-asked', question })
}

async function askForStep(
  context: EngineContext,
  { step, host }: Extract<Work, { kind: 'confirm-step' }>,
): Promise<void> {
  const plan = selectPlanStep(context, step)
  const state = context.state.steps.get(step)!
  const refusal =
    plan.window === undefined ? undefined : context.windowRefusal?.(plan.window.source, plan.takes?.toMs ?? 0)
  const hosts =
    host === undefined
      ? [...state.hosts.values()].filter(({ phase }) => phase === 'pending').map((each) => each.host)
      : [host]
  const takes =
    plan.takes === undefined
      ? ''
      : `, takes ${formatDuration(plan.takes.fromMs)} to ${formatDuration(plan.takes.toMs)}`
  const window = refusal === undefined ? '' : ` The maintenance window does not fit: ${refusal}.`
  const text = `${plan.title}: ${plan.danger} on ${formatHosts(hosts)}${takes}.${window}`
  const word =
    plan.danger === 'irreversible' && plan.confirmWord !== undefined ? { word: plan.confirmWord } : {}
  const place = { step, ...(host === undefined ? {} : { host }) }
  const question = buildQuestion(context.state, {
    kind: 'confirm',
    ...place,
    text,
    ...selectNamedHosts(hosts),
    choices: ['go', 'skip', 'abort'],
    ...word,
    ...(refusal === undefined ? {} : { outsideWindow: true }),
  })
  await context.record({ type: 'question-asked', question })
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
