import type { HostName, StepId } from '../core/base/ids.ts'
import type { HostStepWork, PlanStep } from '../core/plan/model.ts'
import { formatFailure } from '../core/run/failure-words.ts'
import { buildContext, renderWork, type EngineContext, type EnginePorts } from './context.ts'
import { removeFixtures, writeFixtures } from './file/fixtures.ts'
import { planFileChange } from './file/plan-file-change.ts'
import { prepareBase } from './job/prepare-base.ts'
import { evaluateProbes } from './probe/evaluate-probes.ts'

/** What the probes of one step say about one host; nothing was changed to find out. */
export type CheckRow = {
  readonly step: StepId
  readonly host: HostName
  readonly answer: 'satisfied' | 'not satisfied' | 'cannot tell' | 'not checked'
  /** One sentence; empty where satisfied. */
  readonly reason: string
  readonly isUnreachable: boolean
}

/** Evaluates every read-only probe of a plan once, step by step, and reports as it goes. */
export async function checkPlan(
  ports: EnginePorts,
  signal: AbortSignal,
  onRow: (row: CheckRow) => void,
): Promise<void> {
  const context = buildContext(ports, signal)
  for (const step of context.plan.steps) {
    if (signal.aborted) return
    if (step.skipped !== undefined) continue
    const rows = await Promise.all(step.hosts.map((host) => checkHost(context, step, host)))
    rows.forEach(onRow)
  }
}

async function checkHost(context: EngineContext, step: PlanStep, host: HostName): Promise<CheckRow> {
  const row = (answer: CheckRow['answer'], reason = '', isUnreachable = false): CheckRow => ({
    step: step.id,
    host,
    answer,
    reason,
    isUnreachable,
  })
  const { touches } = step
  if (touches.fixtures > 0) {
    const prepared = await prepareBase(context, {
      host,
      as: undefined,
      reconnectMs: context.limits.firstContactMs,
    })
    if (!prepared.ok)
      return row('cannot tell', formatFailure(prepared.failure), prepared.failure.kind === 'unreachable')
  }
  const work = renderWork(context, { step: step.id, host })
  if (work.problem !== undefined) return row('cannot tell', work.problem)
  if (work.skipped !== undefined) return row('not checked', work.skipped)
  const target = { host, reconnectMs: 0, neededMs: context.limits.firstContactMs }
  const failure = await writeFixtures(context, target, work.fixtures)
  try {
    return failure === undefined
      ? await checkWork(context, { step, host, work }, row)
      : row('cannot tell', formatFailure(failure), failure.kind === 'unreachable')
  } finally {
    await removeFixtures(context, target, work.fixtures)
  }
}

type Row = (answer: CheckRow['answer'], reason?: string, isUnreachable?: boolean) => CheckRow

async function checkWork(
  context: EngineContext,
  at: { readonly step: PlanStep; readonly host: HostName; readonly work: HostStepWork },
  row: Row,
): Promise<CheckRow> {
  const { step, host, work } = at
  const probes = work.actions.length > 0 ? work.checks : [...work.checks, ...work.requires, ...work.verifies]
  const files = work.actions.filter(({ file }) => file !== undefined)
  if (probes.length === 0 && files.length === 0)
    return row('not checked', step.manual.length > 0 ? 'a person confirms it' : 'it has no check')
  const { verdict, worst } = await evaluateProbes(context, {
    step: step.id,
    host,
    probes,
    moment: 'recheck',
    polls: false,
  })
  if (verdict === 'fail') return row('not satisfied', worst?.reason)
  if (verdict === 'inconclusive') return row('cannot tell', worst?.reason, worst?.unreachable === true)
  for (const action of files) {
    const change = await planFileChange(context, host, action)
    if (change.kind === 'failed')
      return row('cannot tell', formatFailure(change.failure), change.failure.kind === 'unreachable')
    if (change.kind === 'change') return row('not satisfied', `${change.path} would change`)
  }
  return row('satisfied')
}
