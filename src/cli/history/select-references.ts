import type { SelectReferences } from '../../adapters/journal/verify-run.ts'
import type { RunEvent } from '../../core/run/events.ts'

/** What each event names by digest, so that a verification finds what is missing. */
export const selectReferences: SelectReferences = (record) => {
  const event = record.event as unknown as RunEvent
  switch (event.type) {
    case 'run-created':
    case 'plan-adopted':
      return {
        values: [event.outlineDigest, event.snapshot, event.inputs].filter((each) => each !== undefined),
      }
    case 'job-intended':
      return { values: [event.command] }
    case 'edit-shown':
      return { values: [event.diff] }
    case 'checks-evaluated':
      return { values: event.results.flatMap(({ evidence }) => evidence ?? []) }
    case 'job-ended':
      return {
        outputs: (['stdout', 'stderr'] as const).flatMap((stream) => {
          const digest = stream === 'stdout' ? event.outDigest : event.errDigest
          return digest === undefined ? [] : [{ job: event.job, stream, digest }]
        }),
      }
    default:
      return {}
  }
}
