import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { HostStepState, StepState } from '../../core/run/state.ts'
import { isUntouched } from '../../core/run/untouched.ts'
import type { Question } from '../../core/run/question.ts'
import { span, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'

type CheckFacts = {
  readonly width: number
  /** Only what holds, or only what does not; absent: all. */
  readonly holds?: boolean
}

/** What the step's own checks say now; what many hosts were asked, and answered alike, is told once. */
export function describeCheckFacts(step: StepState, question: Question, { width, holds }: CheckFacts): Row[] {
  const counts = new Map<string, { readonly about: string; readonly words: string; times: number }>()
  const rows: Row[] = []
  for (const hostStep of step.hosts.values()) {
    const { host, checks } = hostStep
    if (question.host !== undefined && host !== question.host) continue
    for (const result of checks.values()) {
      if (holds !== undefined && holds !== (result.verdict === 'pass')) continue
      if (isToldAlready(result, hostStep)) {
        if (question.host !== undefined) rows.push(...addToFailure(result, hostStep, width))
        continue
      }
      const about = `${result.verb} ${result.index} on ${host}: `
      const words = wordResult(result)
      const told = counts.get(about + words) ?? { about, words, times: 0 }
      told.times += 1
      counts.set(about + words, told)
    }
  }
  for (const { about, words, times } of counts.values())
    rows.push(...paintFact(about, times > 1 ? `${words}, asked from ${times} hosts` : words, width))
  return rows
}

/** The failure tells it; and before anything ran, a check that does not hold says only that there is something to do. */
function isToldAlready(result: CheckResult, hostStep: HostStepState): boolean {
  if (result.verdict === 'pass') return false
  if (isOfFailure(result, hostStep.failure)) return true
  return result.verdict === 'fail' && result.verb === 'check' && isUntouched(hostStep)
}

function isOfFailure({ verb, index, reason }: CheckResult, failure: Failure | undefined): boolean {
  if (failure?.kind !== 'check' && failure?.kind !== 'inconclusive') return false
  return failure.verb === verb && failure.index === index && failure.reason === (reason ?? '')
}

/** Of the check that is the failure, what its sentence does not hold already. */
function addToFailure(result: CheckResult, { failure }: HostStepState, width: number): Row[] {
  if (!isOfFailure(result, failure)) return []
  const { expected, actual, reason = '' } = result
  return [['wanted', expected] as const, ['found', actual] as const].flatMap(([label, value]) =>
    value === undefined || value === '' || reason.includes(value)
      ? []
      : wrapSpans([word(`  ${label.padEnd(7)} `, 'dim'), span(sanitizeLine(value), 'warn')], width, 10),
  )
}

function wordResult({ verdict, expected, actual, reason }: CheckResult): string {
  if (verdict === 'pass') return 'holds'
  const head = verdict === 'fail' ? 'does not hold' : 'cannot tell'
  const values = [
    ...(expected === undefined ? [] : [`wanted ${expected}`]),
    ...(actual === undefined ? [] : [`found ${actual}`]),
  ].join(', ')
  const why = values === '' ? (reason ?? '') : values
  return why === '' ? head : `${head}; ${why}`
}

function paintFact(about: string, words: string, width: number): Row[] {
  const tone = words.startsWith('holds') ? 'good' : 'warn'
  return wrapSpans([span(sanitizeLine(about), 'dim'), span(sanitizeLine(words), tone)], width, 4)
}
