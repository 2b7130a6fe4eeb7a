import { sanitizeLine } from '../../core/base/sanitize.ts'
import { isUndecided } from '../../core/run/failure.ts'
import { formatFailure } from '../../core/run/failure-words.ts'
import type { EventOf, RunEvent } from '../../core/run/events.ts'
import type { QuestionKind } from '../../core/run/question.ts'
import type { RunState } from '../../core/run/state.ts'
import type { RunClient } from '../run-client.ts'
import { span, word, type Row, type Tone } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { formatParam } from './details-rows.ts'
import { formatChoice } from './choice-words.ts'
import { formatAgo } from './format-time.ts'
import type { ViewInput } from './view-input.ts'

/** Lines that are listed one by one; the rest is in the log. */
const MAX_LINES = 200

/** What happened since this person last looked, what waits now, and what to do next. */
export function buildSinceRows(
  { wallMs }: Pick<ViewInput, 'wallMs'>,
  { state, sinceYouLeft }: RunClient,
  width: number,
): Row[] {
  const leftAtMs = sinceYouLeft?.leftAtMs
  const lines = (sinceYouLeft?.events ?? [])
    .map((event) => describeEvent(event, state))
    .filter((line) => line !== undefined)
  const rows: Row[] =
    leftAtMs === undefined ? [] : [[word(`You last looked ${formatAgo(wallMs - leftAtMs)}.`)], []]
  if (lines.length === 0) rows.push([word('Nothing happened.', 'dim')])
  const earlier = lines.length - MAX_LINES
  if (earlier > 0)
    rows.push([word(`${earlier} earlier ${earlier === 1 ? 'event is' : 'events are'} in the report`, 'dim')])
  for (const { text, tone } of lines.slice(-MAX_LINES))
    rows.push(...wrapSpans([word('- ', 'dim'), span(sanitizeLine(text), tone)], width, 2))
  const waiting = [...state.questions.values()]
  if (waiting.length > 0) {
    rows.push([], [word('Waits for you', 'strong')])
    for (const question of waiting)
      rows.push(...wrapSpans([word('? ', 'warn'), span(sanitizeLine(question.text))], width, 2))
  }
  return rows
}

/** Outcomes that have a word of their own on the screen. */
const OUTCOME_WORDS: { readonly [outcome: string]: string } = { succeeded: 'done', satisfied: 'already done' }

/** The answer as its sheet named it; of a question that is gone its id says what it was about. */
function nameAnswer({ question, choice }: EventOf<'question-answered'>): string {
  return formatChoice(choice, { kind: question.slice(0, question.indexOf('/')) as QuestionKind }).label
}

type Line = { readonly text: string; readonly tone: Tone }

function describeEvent(event: RunEvent, state: RunState): Line | undefined {
  switch (event.type) {
    case 'host-ended': {
      const where = `${titleOf(event.step, state)} on ${event.host}`
      if (event.failure !== undefined)
        return {
          text: `${where}: ${formatFailure(event.failure)}`,
          tone: isUndecided(event.failure) ? 'warn' : 'bad',
        }
      return {
        text: `${where}: ${OUTCOME_WORDS[event.outcome] ?? event.outcome}`,
        tone: event.outcome === 'succeeded' || event.outcome === 'satisfied' ? 'good' : 'warn',
      }
    }
    case 'host-stale':
      return {
        text: `${titleOf(event.step, state)} on ${event.host} no longer holds: ${event.reason}`,
        tone: 'warn',
      }
    case 'job-unknown':
      return {
        text: `${titleOf(event.step, state)} on ${event.host}: I don't know whether this ran`,
        tone: 'warn',
      }
    case 'link-lost':
      return { text: `${event.host}: the connection was lost (${event.reason})`, tone: 'warn' }
    case 'link-restored':
      return { text: `${event.host}: the connection is back`, tone: 'plain' }
    case 'link-given-up':
      return { text: `${event.by} ended the wait for ${event.host}`, tone: 'warn' }
    case 'run-paused':
      return {
        text: `the run was paused${event.detail === undefined ? '' : `: ${event.detail}`}`,
        tone: 'warn',
      }
    case 'run-resumed':
    case 'session-opened':
      return {
        text: `${event.operator} ${event.type === 'run-resumed' ? 'let the run go on' : 'opened the run'}`,
        tone: 'plain',
      }
    case 'question-answered':
      return {
        text: `${event.by} answered "${nameAnswer(event)}"${event.reason === undefined ? '' : `: ${event.reason}`}`,
        tone: 'plain',
      }
    case 'param-changed':
      return {
        text: `${event.by} corrected ${event.name} from ${formatParam(event.before)} to ${formatParam(event.after)}: ${event.reason}`,
        tone: 'warn',
      }
    case 'plan-adopted':
      return event.changes.length === 0
        ? undefined
        : {
            text: `${event.by} let the run go by another plan: ${[...event.changes, ...(event.kept ?? []).map((step) => `${step}: kept as it was`)].join('; ')}`,
            tone: 'warn',
          }
    case 'journal-recovered':
      return {
        text: `${event.bytes} damaged bytes at the end of the journal were set aside`,
        tone: event.suspicious === true ? 'bad' : 'warn',
      }
    case 'clock-jumped':
      return { text: `this machine's clock jumped by ${Math.round(event.byMs / 1000)} s`, tone: 'warn' }
    case 'run-finished':
      return { text: 'the run finished', tone: 'good' }
    case 'run-aborted':
      return { text: `${event.by} aborted the run: ${event.reason}`, tone: 'bad' }
    default:
      return undefined
  }
}

function titleOf(step: string, state: RunState): string {
  for (const [id, { outline }] of state.steps) if (id === step) return outline.title
  return step
}
