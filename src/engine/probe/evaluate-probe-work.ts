import { evaluateHttp } from '../../core/check/evaluate-http.ts'
import { evaluateProbe, type Evaluation, type WantedOutput } from '../../core/check/evaluate-probe.ts'
import { createMasker } from '../../core/base/masker.ts'
import { sanitizeText } from '../../core/base/sanitize.ts'
import type { HostName, StepId } from '../../core/base/ids.ts'
import type { ProbeWork } from '../../core/plan/model.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import { formatFailure } from '../../core/run/failure-words.ts'
import { buildLateScope, renderWork, type EngineContext } from '../context.ts'
import { fillCommand, fillText } from '../step/fill-command.ts'
import { runHttp } from './run-http.ts'
import { runCommandProbe } from './run-command-probe.ts'

/** Characters of what was expected and found that go into the journal; the rest stands in the evidence. */
const SHOWN_CHARACTERS = 400

export type ProbePlace = { readonly step: StepId; readonly host: HostName }

/** One probe's verdict, over all its probers: the worst counts. */
export type ProbeVerdict = { readonly results: readonly CheckResult[]; readonly captured: string | undefined }

/** Evaluates one probe once, wherever it runs. */
export async function evaluateProbeWork(
  context: EngineContext,
  place: ProbePlace,
  probe: ProbeWork,
): Promise<ProbeVerdict> {
  if (probe.kind === 'cel') return single(probe, evaluateCelProbe(context, place, probe))
  if (probe.probers.length === 0) {
    return single(probe, { verdict: 'inconclusive', reason: 'no host can be asked: nothing matches from=' })
  }
  const isElsewhere = probe.probers.length > 1 || probe.probers[0] !== place.host
  const verdicts = await Promise.all(
    probe.probers.map((prober) => evaluateAt(context, place, { probe, prober, isElsewhere })),
  )
  const masker = createMasker(context.secrets.known())
  const results = verdicts.map(({ evaluation, prober }) => {
    const result = shorten(probe, evaluation, (text) => masker.mask(text))
    return isElsewhere ? { ...result, prober } : result
  })
  return { results, captured: verdicts[0]?.evaluation.captured }
}

function single(probe: ProbeWork, evaluation: Evaluation): ProbeVerdict {
  return { results: [shorten(probe, evaluation, (text) => text)], captured: evaluation.captured }
}

type At = { readonly probe: ProbeWork; readonly prober: HostName; readonly isElsewhere: boolean }

async function evaluateAt(
  context: EngineContext,
  place: ProbePlace,
  at: At,
): Promise<{ evaluation: Evaluation; prober: HostName }> {
  const probe = at.isElsewhere ? renderForProber(context, place, at) : at.probe
  const evaluation =
    probe.kind === 'http'
      ? await evaluateHttpProbe(context, probe, at.prober)
      : await evaluateCommandProbe(context, probe, at.prober)
  return { evaluation, prober: at.prober }
}

function renderForProber(context: EngineContext, place: ProbePlace, { probe, prober }: At): ProbeWork {
  const work = renderWork(context, { ...place, prober })
  const all = [...work.checks, ...work.requires, ...work.verifies]
  return all.find(({ index, verb }) => index === probe.index && verb === probe.verb) ?? probe
}

async function evaluateCommandProbe(
  context: EngineContext,
  probe: ProbeWork,
  prober: HostName,
): Promise<Evaluation> {
  const command = await fillCommand(context, probe.command)
  if (!command.ok) return { verdict: 'inconclusive', reason: formatFailure(command.failure) }
  const expectations = await fillExpectations(context, probe)
  if (expectations === undefined)
    return { verdict: 'inconclusive', reason: 'what is expected is not known yet' }
  const target = {
    host: prober,
    timeoutMs: probe.timeoutMs,
    reconnectMs: probe.fence.options.reconnectMs ?? probe.timeoutMs,
  }
  const facts = await runCommandProbe(context, target, command.value)
  const evaluation = evaluateProbe({ ...facts, fail: probe.fail, expectations })
  return facts.isUnreachable ? { ...evaluation, unreachable: true } : evaluation
}

async function evaluateHttpProbe(
  context: EngineContext,
  probe: ProbeWork,
  prober: HostName,
): Promise<Evaluation> {
  const expectations = await fillExpectations(context, probe)
  if (expectations === undefined || probe.http === undefined)
    return { verdict: 'inconclusive', reason: 'what is expected is not known yet' }
  const reply = await runHttp(context, { host: prober, timeoutMs: probe.timeoutMs }, probe.http)
  return evaluateHttp({ status: probe.http.status, reply, expectations })
}

async function fillExpectations(
  context: EngineContext,
  probe: ProbeWork,
): Promise<WantedOutput[] | undefined> {
  const filled: WantedOutput[] = []
  for (const { match, stream, wanted } of probe.expectations) {
    const text = await fillText(context, wanted)
    if (!text.ok) return undefined
    filled.push({ match, stream, wanted: text.value.text })
  }
  return filled
}

function evaluateCelProbe(context: EngineContext, place: ProbePlace, probe: ProbeWork): Evaluation {
  const source = probe.command.body.map((part) => (typeof part === 'string' ? part : '')).join('')
  const result = context.evaluateCel(context.plan, {
    ...place,
    source,
    late: buildLateScope(context, place.host),
  })
  if (!result.ok) return { verdict: 'inconclusive', reason: result.message }
  return result.value
    ? { verdict: 'pass', reason: 'it is true' }
    : { verdict: 'fail', reason: 'it is false', expected: 'true', actual: 'false' }
}

function shorten(probe: ProbeWork, evaluation: Evaluation, mask: (text: string) => string): CheckResult {
  const show = (text: string): string => sanitizeText(mask(text)).slice(0, SHOWN_CHARACTERS)
  return {
    index: probe.index,
    verb: probe.verb,
    verdict: evaluation.verdict,
    ...('unreachable' in evaluation ? { unreachable: true } : {}),
    reason: show(evaluation.reason),
    ...(probe.warn ? { warn: true } : {}),
    ...(evaluation.expected === undefined ? {} : { expected: show(evaluation.expected) }),
    ...(evaluation.actual === undefined ? {} : { actual: show(evaluation.actual) }),
  }
}
