import { createOutputSanitizer, type OutputSanitizer } from '../../core/base/output-sanitizer.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { JobId } from '../../core/base/ids.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { RunState } from '../../core/run/state.ts'
import type { EngineObserver } from '../../engine/context.ts'
import type { Output } from '../output/output.ts'
import { joinSafe, say } from '../output/say.ts'
import { createEventTeller } from './tell-events.ts'
import { createLineTeller } from './tell-line.ts'
import { createProgressTeller } from './tell-progress.ts'

/**
 * A view of a run in plain lines, for logs and screen readers: one fact a line, its time first, then step and host,
 * then words. Nothing is said twice, and no sign carries a meaning that no word does.
 */
export type PlainView = Omit<EngineObserver, 'onEvent'> & {
  /** `at`: when it happened, for what is told later; now unless told. */
  readonly onEvent: (event: RunEvent, at?: Date) => void
  /** Shows what of live output has no line break yet. */
  readonly end: () => void
}

/** Opens the view; `hides` leaves out events that are shown in another way, such as questions that are asked. */
export function openPlainView(options: {
  readonly output: Output
  readonly state: RunState
  readonly now: () => Date
  readonly hides: (event: RunEvent) => boolean
}): PlainView {
  const { output, state, now, hides } = options
  const tell = createLineTeller(output, now)
  const progress = createProgressTeller(tell, () => now().getTime())
  const streams = new Map<string, { readonly place: string; readonly sanitizer: OutputSanitizer }>()
  const events = createEventTeller({ tell, state, hides })
  const print = (place: string, stream: string, lines: readonly { readonly text: SafeText }[]): void => {
    for (const { text } of lines)
      tell(joinSafe([say`${place}|`, text], ' '), stream === 'stderr' ? 'warning' : 'quiet')
  }
  return {
    onEvent(event, at) {
      if (event.type === 'host-ended') progress.forget(event)
      if (event.type === 'job-ended')
        for (const stream of ['stdout', 'stderr'] as const) endStream(`${event.job}.${stream}`, stream)
      events.tell(event, at ?? now())
    },
    onOutput(job, stream, bytes) {
      const key = `${job}.${stream}`
      const known = streams.get(key) ?? {
        place: nameJob(state, job),
        sanitizer: createOutputSanitizer(),
      }
      streams.set(key, known)
      print(known.place, stream, known.sanitizer.feed(bytes))
    },
    onProgress: progress.tell,
    end() {
      events.flush()
      for (const key of streams.keys()) endStream(key, key.endsWith('stderr') ? 'stderr' : 'stdout')
    },
  }

  function endStream(key: string, stream: 'stdout' | 'stderr'): void {
    const known = streams.get(key)
    if (known === undefined) return
    streams.delete(key)
    print(known.place, stream, known.sanitizer.end())
  }
}

function nameJob({ jobs }: RunState, id: JobId): string {
  const job = jobs.get(id)
  return job === undefined ? '?' : `${job.step} on ${job.host}`
}
