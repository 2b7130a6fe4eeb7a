import { formatExitCode } from '../../core/base/format-exit-code.ts'
import { formatDuration } from '../../core/base/duration.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { JobResult, PauseReason, RunEvent } from '../../core/run/events.ts'
import { isUndecided } from '../../core/run/failure.ts'
import { formatCause, formatFailure, nameAction } from '../../core/run/failure-words.ts'
import type { Tone } from '../output/output.ts'
import { say } from '../output/say.ts'

/** One durable event as a line for a person; undefined where a line would say nothing new. */
export function formatEvent(event: RunEvent): { readonly text: SafeText; readonly tone: Tone } | undefined {
  const text = describeEvent(event)
  return text === undefined ? undefined : { text, tone: selectTone(event) }
}

function describeEvent(event: RunEvent): SafeText | undefined {
  switch (event.type) {
    case 'run-created':
      return say`run created: ${event.runbook.title} on ${event.inventory.name} (${event.inventory.environment})`
    case 'run-confirmed':
      return say`plan accepted by ${event.by}${event.ref === undefined ? '' : ` (${event.ref})`}`
    case 'session-opened':
      return say`${event.operator} drives, from ${event.host}`
    case 'run-paused':
      return say`${PAUSE_WORDS[event.reason]}${event.detail === undefined ? '' : `: ${event.detail}`}`
    case 'run-resumed':
      return say`resumed by ${event.operator}`
    case 'run-finished':
      return say`finished${event.deviations > 0 ? ` with ${event.deviations} deviation(s)` : ''}`
    case 'abort-requested':
      return say`${event.by} ends the run: ${event.reason}`
    case 'run-aborted':
      return say`aborted by ${event.by}: ${event.reason}`
    case 'plan-adopted':
      return say`${event.by} adopted the changed plan: ${event.changes.join(', ')}${event.kept === undefined ? '' : `; kept as it was: ${event.kept.join(', ')}`}`
    case 'param-changed':
      return say`${event.by} changed ${event.name}: ${event.reason}`
    case 'journal-recovered':
      return say`the journal's torn end (${event.bytes} bytes) was put aside`
    case 'clock-jumped':
      return say`the clock jumped by ${formatDuration(Math.abs(event.byMs))}`
    case 'question-asked':
      return say`needs you: ${event.question.text}`
    case 'question-answered':
      return say`answered by ${event.by}: ${event.choice}${event.reason === undefined ? '' : ` (${event.reason})`}`
    case 'host-excluded':
      return say`${event.host} is left out by ${event.by}: ${event.reason}`
    default:
      return describeStepEvent(event)
  }
}

const PAUSE_WORDS: Readonly<Record<PauseReason, string>> = {
  operator: 'paused',
  gate: 'paused at a gate',
  window: 'paused outside the maintenance window',
  threshold: 'paused after too many failures',
  'journal-error': 'paused because the journal could not be written',
  waiting: 'paused until somebody answers',
  interrupted: 'paused because the tool let go',
  link: 'paused while the connection is down',
}

function describeStepEvent(event: RunEvent): SafeText | undefined {
  switch (event.type) {
    case 'host-picked':
      return say`${event.step}: ${event.host} was chosen`
    case 'step-confirmed':
      return say`${event.step}: confirmed by ${event.by}${event.host === undefined ? '' : ` for ${event.host}`}`
    case 'step-skipped':
      return say`${event.step}: ${event.by === 'person' ? 'skipped' : 'not needed'}: ${event.detail}`
    case 'manual-ticked':
      return say`${event.step}: item ${event.item} ticked by ${event.by}${event.evidence === '' ? '' : ` (${event.evidence})`}`
    case 'attempt-started':
      return event.number === 1 && event.kind === 'action'
        ? undefined
        : say`${event.step} on ${event.host}: ${event.kind === 'undo' ? 'undoing' : `attempt ${event.number}`}`
    case 'host-ended':
      return describeEnd(event)
    case 'host-stale':
      return say`${event.step} on ${event.host}: no longer holds: ${event.reason}`
    case 'edit-shown':
      return say`${event.step} on ${event.host}: ${event.path} would change`
    default:
      return describeJobEvent(event)
  }
}

function describeJobEvent(event: RunEvent): SafeText | undefined {
  switch (event.type) {
    case 'job-intended':
      return say`${event.step} on ${event.host}: running ${nameAction(event.action)}`
    case 'job-ended':
      return say`${event.step} on ${event.host}: ${describeResult(event.result)} after ${formatDuration(event.durationMs)}`
    case 'job-unknown':
      return say`${event.step} on ${event.host}: I don't know whether this ran: ${formatCause(event.cause)}`
    case 'job-clock-expired':
      return say`${event.step} on ${event.host}: ${event.clock === 'idle' ? 'nothing printed for a long time' : 'its time is up'}; it goes on`
    case 'link-lost':
      return say`${event.host}: connection lost (${event.reason}); what runs there goes on`
    case 'link-restored':
      return say`${event.host}: connected again after ${formatDuration(event.afterMs)}`
    case 'link-given-up':
      return say`${event.host}: ${event.by} ended the wait for it; what runs there goes on`
    default:
      return undefined
  }
}

function describeEnd(event: Extract<RunEvent, { readonly type: 'host-ended' }>): SafeText {
  const word = isUndecidedEnd(event)
    ? 'needs you'
    : ({ succeeded: 'done', satisfied: 'already done' }[event.outcome as string] ?? event.outcome)
  const why = event.failure === undefined ? event.reason : formatFailure(event.failure)
  return say`${event.step} on ${event.host}: ${word}${why === undefined || why === '' || why === word ? '' : `: ${why}`}`
}

/** It ended without success, and nothing is known to have gone wrong. */
function isUndecidedEnd({ outcome, failure }: Extract<RunEvent, { readonly type: 'host-ended' }>): boolean {
  return outcome === 'failed' && isUndecided(failure)
}

function describeResult(result: JobResult): string {
  if (result.kind === 'exited') return formatExitCode(result.code)
  if (result.kind === 'signalled') return `ended by ${result.signal}`
  return result.kind === 'refused' ? `refused (${result.why})` : result.kind
}

function selectTone(event: RunEvent): Tone {
  switch (event.type) {
    case 'question-asked':
    case 'job-unknown':
    case 'link-lost':
    case 'link-given-up':
    case 'host-stale':
      return 'warning'
    case 'run-finished':
      return event.deviations > 0 ? 'warning' : 'good'
    case 'run-aborted':
      return 'bad'
    case 'host-ended':
      if (isUndecidedEnd(event)) return 'warning'
      if (event.outcome === 'failed' || event.outcome === 'cancelled') return 'bad'
      return event.outcome === 'unknown' ? 'warning' : 'good'
    case 'job-ended':
    case 'job-intended':
      return 'quiet'
    default:
      return 'plain'
  }
}
