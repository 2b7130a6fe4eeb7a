import { sanitizeLine } from '../../core/base/sanitize.ts'
import { formatCause, nameAction } from '../../core/run/failure-words.ts'
import type { RunState, HostStepState, JobState, StepState } from '../../core/run/state.ts'
import { span, word, type Row, type Tone } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'

/** Columns of the labels at the left. */
const LABEL = 11

/** Of a step that nobody knows the end of: what is known, what was looked at, what is not known, and the risk. */
export function describeUnknown(
  state: RunState,
  step: StepState,
  { hostStep, width }: { readonly hostStep: HostStepState; readonly width: number },
): Row[] {
  const fact = (label: string, text: string, tone: Tone = 'plain'): Row[] =>
    wrapSpans([word(label.padEnd(LABEL), 'dim'), span(sanitizeLine(text), tone)], width, LABEL)
  const { failure } = hostStep
  const job = hostStep.attempt?.jobs.at(-1)
  const rows = job === undefined ? [] : fact('known', describeKnown(job, hostStep))
  const cause = job?.cause ?? (failure?.kind === 'unknown' ? failure.cause : undefined)
  const detail = job?.detail ?? (failure?.kind === 'unknown' ? failure.detail : '')
  if (cause !== undefined)
    rows.push(...fact('looked at', `${formatCause(cause)}${detail === '' ? '' : ` (${detail})`}`))
  rows.push(...fact('not known', describeNotKnown(job), 'warn'))
  rows.push(
    ...fact('repeating', RISKS[step.outline.repeat] ?? RISKS['once']!, isRisky(step) ? 'warn' : 'plain'),
  )
  if (state.lostLinks.has(hostStep.host)) rows.push(...fact('now', describeAway(state, hostStep), 'warn'))
  return rows
}

function describeAway({ unawaited }: RunState, { host }: HostStepState): string {
  const by = unawaited.get(host)
  if (by === undefined) return 'the host cannot be reached; an answer waits until it can'
  return `the host cannot be reached, and ${by} ended the wait for it; an answer tries again`
}

function describeKnown(job: JobState, { attempts }: HostStepState): string {
  const began = job.state === 'intent' ? 'was about to be started' : 'was started'
  const process = job.remote === undefined ? '' : ` as process ${job.remote.pid}`
  return `${nameAction(job.action)} ${began}${process}${attempts > 1 ? `, try ${attempts}` : ''}`
}

function describeNotKnown(job: JobState | undefined): string {
  if (job === undefined) return 'whether anything was done'
  if (!job.detached) return 'how it ended: it ran over the connection, and nothing on the host remembers it'
  return job.state === 'intent' ? 'whether it began at all' : 'how far it came; no exit code is on record'
}

function isRisky({ outline }: StepState): boolean {
  return outline.repeat === 'once' || outline.repeat === 'interactive'
}

const RISKS: { readonly [repeat: string]: string } = {
  once: 'it may do harm twice: the step is neither checked nor marked safe',
  interactive: 'it may do harm twice: a person typed in it',
  guarded: 'its checks decide first whether it is done already',
  safe: 'marked as safe to repeat by the runbook',
  idempotent: 'writing the same again changes nothing',
  'probe-only': 'it only reads',
}
