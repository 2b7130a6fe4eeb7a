import type { JournalRecord } from '../journal/record.ts'
import type { EventOf, RunEvent } from '../run/events.ts'
import { formatCause, formatFailure } from '../run/failure-words.ts'
import type { Question } from '../run/question.ts'
import { measureGap } from './measure-time.ts'
import type { ReportAnswer, ReportPause, ReportTry } from './report-history.ts'

/** All questions with their answers, in the order in which they were answered. */
export function collectAnswers(records: readonly JournalRecord[]): readonly ReportAnswer[] {
  const asked = new Map<string, { readonly question: Question; readonly t: string }>()
  const answers: ReportAnswer[] = []
  for (const { t, event } of read(records)) {
    if (event.type === 'question-asked') asked.set(event.question.id, { question: event.question, t })
    if (event.type !== 'question-answered') continue
    const found = asked.get(event.question)
    answers.push({
      id: event.question,
      asked: found?.t,
      answered: t,
      step: found?.question.step,
      host: found?.question.host,
      question: found?.question.text ?? event.question,
      choice: event.choice,
      reason: event.reason,
      by: event.by,
      how: event.how,
    })
  }
  return answers
}

/** When the run was paused, and when a session ended without a word. */
export function collectPauses(records: readonly JournalRecord[]): readonly ReportPause[] {
  const pauses: ReportPause[] = []
  let paused: { readonly record: JournalRecord; readonly reason: string } | undefined
  let last: JournalRecord | undefined
  let isDriven = false
  for (const record of records) {
    const event = record.event as unknown as RunEvent
    // A run is made by one process and driven by another: before somebody drives it, nothing is cut off.
    if (last !== undefined && last.session !== record.session && isDriven)
      paused ??= isOver(last) ? undefined : { record: last, reason: 'the tool ended without a word' }
    const resumedBy = selectResumer(event)
    if (
      paused !== undefined &&
      resumedBy !== undefined &&
      (event.type === 'run-resumed' || isCutOff(paused))
    ) {
      const from = paused.record
      pauses.push({
        from: from.t,
        to: record.t,
        reason: paused.reason,
        lastedMs: measureGap(from, record),
        resumedBy,
      })
      paused = undefined
    }
    if (event.type === 'run-paused') paused = { record, reason: describePause(event) }
    isDriven ||= event.type === 'session-opened'
    last = record
  }
  if (paused === undefined) return pauses
  const { record, reason } = paused
  return [...pauses, { from: record.t, to: undefined, reason, lastedMs: undefined, resumedBy: undefined }]
}

function isCutOff({ record }: { readonly record: JournalRecord }): boolean {
  return (record.event as unknown as RunEvent).type !== 'run-paused'
}

function isOver({ event }: JournalRecord): boolean {
  return event.type === 'run-finished' || event.type === 'run-aborted'
}

function selectResumer(event: RunEvent): string | undefined {
  return event.type === 'run-resumed' || event.type === 'session-opened' ? event.operator : undefined
}

function describePause({ reason, detail }: EventOf<'run-paused'>): string {
  return detail === undefined ? reason : `${reason}: ${detail}`
}

type OpenTry = Omit<ReportTry, 'followedBy'>

/** The tries that did not end well and were followed by something; those that still stand are failures. */
export function collectTries(records: readonly JournalRecord[]): readonly ReportTry[] {
  const tries: ReportTry[] = []
  const current = new Map<string, Pick<OpenTry, 'number' | 'kind'>>()
  const failed = new Map<string, OpenTry>()
  const about = new Map<string, string>()
  const settle = (key: string, followedBy: string): void => {
    const found = failed.get(key)
    failed.delete(key)
    if (found !== undefined) tries.push({ ...found, followedBy })
  }
  for (const { t, event } of read(records)) {
    if (event.type === 'question-asked')
      about.set(event.question.id, keyOf(event.question.step, event.question.host))
    if (event.type === 'question-answered')
      settle(about.get(event.question) ?? '', `${event.choice} by ${event.by}`)
    if (!('step' in event) || !('host' in event) || event.step === undefined || event.host === undefined)
      continue
    const { step, host } = event
    const key = keyOf(step, host)
    const reason = describeTrouble(event)
    if (event.type === 'attempt-started') {
      settle(key, 'tried again unasked')
      current.set(key, { number: event.number, kind: event.kind })
    } else if (reason !== undefined) {
      const { number, kind } = current.get(key) ?? { number: 0, kind: 'action' as const }
      failed.set(key, { step, host, number, kind, ended: t, reason })
    } else if (event.type === 'host-ended') failed.delete(key)
  }
  return tries
}

function describeTrouble(event: RunEvent): string | undefined {
  if (event.type === 'job-unknown') return `I don't know whether this ran: ${formatCause(event.cause)}`
  if (event.type !== 'host-ended' || event.by !== undefined) return undefined
  return event.failure === undefined ? undefined : formatFailure(event.failure)
}

function keyOf(step: string | undefined, host: string | undefined): string {
  return `${step}@${host}`
}

function* read(
  records: readonly JournalRecord[],
): Iterable<{ readonly t: string; readonly event: RunEvent }> {
  for (const { t, event } of records) yield { t, event: event as unknown as RunEvent }
}
