import { createOutputSanitizer, type OutputSanitizer } from '../../core/base/output-sanitizer.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { EventOf, RunEvent } from '../../core/run/events.ts'
import type { RunState } from '../../core/run/state.ts'
import type { EngineObserver } from '../../engine/context.ts'
import type { Output } from '../output/output.ts'
import { joinSafe, say } from '../output/say.ts'
import { formatEvent } from './format-event.ts'

/** A view of a run in plain lines: events in words, output behind the host's name, waits now and then. */
export type PlainView = EngineObserver & {
  /** Shows what of live output has no line break yet. */
  readonly end: () => void
}

/** The same wait on the same host is told again only after so long. */
const PROGRESS_MS = 15_000

/** Opens the view; `hides` leaves out events that are shown in another way, such as questions that are asked. */
export function openPlainView(options: {
  readonly output: Output
  readonly state: RunState
  readonly nowMs: () => number
  readonly hides: (event: RunEvent) => boolean
}): PlainView {
  const { output, state, nowMs, hides } = options
  const streams = new Map<string, { readonly host: string; readonly sanitizer: OutputSanitizer }>()
  const told = new Map<string, { readonly text: string; readonly atMs: number }>()
  const events = createEventTeller(output, hides)
  const print = (host: string, stream: string, lines: readonly { readonly text: SafeText }[]): void => {
    for (const { text } of lines)
      output.tell(joinSafe([say`${host}|`, text], ' '), stream === 'stderr' ? 'warning' : 'quiet')
  }
  return {
    onEvent(event) {
      if (event.type === 'job-ended')
        for (const stream of ['stdout', 'stderr'] as const) endStream(`${event.job}.${stream}`, stream)
      events.tell(event)
    },
    onOutput(job, stream, bytes) {
      const key = `${job}.${stream}`
      const known = streams.get(key) ?? {
        host: state.jobs.get(job)?.host ?? '?',
        sanitizer: createOutputSanitizer(),
      }
      streams.set(key, known)
      print(known.host, stream, known.sanitizer.feed(bytes))
    },
    onProgress({ step, host, text, seen }) {
      const key = `${step ?? ''}@${host ?? ''}`
      const last = told.get(key)
      // While somebody is asked to do something by hand, only what changed is worth a line.
      const isSoon = seen !== undefined || nowMs() - (last?.atMs ?? 0) < PROGRESS_MS
      if (last?.text === text && isSoon) return
      told.set(key, { text, atMs: nowMs() })
      const place = [step, host === undefined ? undefined : `on ${host}`].filter((each) => each !== undefined)
      output.tell(say`${place.join(' ')}${place.length > 0 ? ': ' : ''}${text}`, 'quiet')
    },
    end() {
      events.flush()
      for (const key of streams.keys()) endStream(key, key.endsWith('stderr') ? 'stderr' : 'stdout')
    },
  }

  function endStream(key: string, stream: 'stdout' | 'stderr'): void {
    const known = streams.get(key)
    if (known === undefined) return
    streams.delete(key)
    print(known.host, stream, known.sanitizer.end())
  }
}

/** Tells events in words; a question that an option answers at once is never shown. */
function createEventTeller(
  output: Output,
  hides: (event: RunEvent) => boolean,
): { readonly tell: (event: RunEvent) => void; readonly flush: () => void } {
  let asked: EventOf<'question-asked'> | undefined
  const show = (event: RunEvent): void => {
    const line = formatEvent(event)
    if (line !== undefined) output.tell(line.text, line.tone)
  }
  const flush = (): void => {
    if (asked !== undefined) show(asked)
    asked = undefined
  }
  const tell = (event: RunEvent): void => {
    if (isAnswer(asked, event)) {
      asked = undefined
      return
    }
    flush()
    if (hides(event)) return
    if (event.type === 'question-asked') asked = event
    else show(event)
  }
  return { tell, flush }
}

/** An option answered before anybody could; `confirmed by` follows and says it. */
function isAnswer(asked: EventOf<'question-asked'> | undefined, event: RunEvent): boolean {
  if (event.type !== 'question-answered' || event.how !== 'option' || asked?.question.id !== event.question)
    return false
  return asked.question.kind === 'plan' || asked.question.kind === 'confirm'
}
