import type { HostName, StepId } from '../../core/base/ids.ts'
import type { ProbeWork } from '../../core/plan/model.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import type { EventOf } from '../../core/run/events.ts'
import type { EngineContext } from '../context.ts'
import { evaluateProbeWork, type ProbeVerdict } from './evaluate-probe-work.ts'

/** A captured value goes into the journal, so it is short; more is no value to compare. */
export const CAPTURE_MAX_CHARACTERS = 2048

export type ProbeRequest = {
  readonly step: StepId
  readonly host: HostName
  readonly probes: readonly ProbeWork[]
  readonly moment: EventOf<'checks-evaluated'>['moment']
  /** Poll until they pass or their deadline has come; else once. */
  readonly polls: boolean
  /** Ends the polling early, e.g. when the person has decided. */
  readonly isOver?: () => boolean
}

/** The worst of all probes; `warn` probes never count. */
export type ProbesVerdict = {
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  readonly worst: CheckResult | undefined
}

/** Evaluates probes in document order and makes the results durable; stops at the first that does not pass. */
export async function evaluateProbes(context: EngineContext, request: ProbeRequest): Promise<ProbesVerdict> {
  for (const probe of request.probes) {
    const found =
      request.polls && probe.forMs > 0
        ? await pollProbe(context, request, probe)
        : await evaluateProbeWork(context, request, probe)
    const verdict = limitCapture(probe, found)
    await recordVerdict(context, request, verdict)
    await recordCapture(context, request, { probe, verdict })
    const worst = selectWorst(verdict.results)
    if (worst !== undefined && probe.warn !== true) return { verdict: worst.verdict, worst }
  }
  return { verdict: 'pass', worst: undefined }
}

async function pollProbe(
  context: EngineContext,
  request: ProbeRequest,
  probe: ProbeWork,
): Promise<ProbeVerdict> {
  const began = context.clock.monoMs()
  for (let passes = 0; ;) {
    const verdict = await evaluateProbeWork(context, request, probe)
    const worst = selectWorst(verdict.results)
    passes = worst === undefined ? passes + 1 : 0
    if (passes >= probe.passes) return verdict
    const spentMs = context.clock.monoMs() - began
    const isGivenUp =
      worst !== undefined && probe.probers.some((name) => context.links.get(name)?.isGivenUp())
    const isOver = isGivenUp || context.detach.aborted || request.isOver?.() === true
    if (isOver || spentMs + probe.everyMs > probe.forMs) {
      return passes === 0 ? verdict : tooFewPasses(verdict, { passes, wanted: probe.passes })
    }
    context.observer.onProgress({
      step: request.step,
      host: request.host,
      text: describePoll(probe, worst, spentMs),
    })
    await context.clock.sleep(probe.everyMs, context.detach)
  }
}

function describePoll(probe: ProbeWork, worst: CheckResult | undefined, spentMs: number): string {
  const state = worst === undefined ? 'holds' : `not yet: ${worst.reason ?? worst.verdict}`
  return `${probe.verb} ${probe.index} ${state} (${Math.round(spentMs / 1000)} s of ${Math.round(probe.forMs / 1000)} s)`
}

function tooFewPasses(
  verdict: ProbeVerdict,
  { passes, wanted }: { passes: number; wanted: number },
): ProbeVerdict {
  const reason = `it passed only ${passes} times in a row, ${wanted} are wanted`
  return { ...verdict, results: verdict.results.map((result) => ({ ...result, verdict: 'fail', reason })) }
}

function selectWorst(results: readonly CheckResult[]): CheckResult | undefined {
  return (
    results.find(({ verdict }) => verdict === 'inconclusive') ??
    results.find(({ verdict }) => verdict === 'fail')
  )
}

/** Results per record: with their texts at most so long, two always fit. */
const RESULTS_PER_EVENT = 2

async function recordVerdict(
  context: EngineContext,
  { step, host, moment }: ProbeRequest,
  { results }: ProbeVerdict,
): Promise<void> {
  const chunks = Array.from({ length: Math.ceil(results.length / RESULTS_PER_EVENT) }, (_, index) =>
    results.slice(index * RESULTS_PER_EVENT, (index + 1) * RESULTS_PER_EVENT),
  )
  await context.record(
    ...chunks.map((chunk) => ({ type: 'checks-evaluated' as const, step, host, moment, results: chunk })),
  )
}

async function recordCapture(
  context: EngineContext,
  { step, host }: ProbeRequest,
  { probe, verdict }: { probe: ProbeWork; verdict: ProbeVerdict },
): Promise<void> {
  const value = verdict.captured
  if (probe.capture === undefined || value === undefined || selectWorst(verdict.results) !== undefined) return
  if (context.state.captures.get(probe.capture)?.get(host) === value) return
  await context.record({ type: 'value-captured', step, host, name: probe.capture, value })
}

/** A value that is too long for the journal is no value to compare: the probe cannot tell. */
function limitCapture(probe: ProbeWork, verdict: ProbeVerdict): ProbeVerdict {
  if (probe.capture === undefined || (verdict.captured?.length ?? 0) <= CAPTURE_MAX_CHARACTERS) return verdict
  const reason = `the value to capture is longer than ${CAPTURE_MAX_CHARACTERS} characters`
  return {
    captured: undefined,
    results: verdict.results.map((result) => ({ ...result, verdict: 'inconclusive', reason })),
  }
}
