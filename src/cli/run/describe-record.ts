import type { RunId } from '../../core/base/ids.ts'
import type { RunEvent } from '../../core/run/events.ts'

/** A durable record as `--json` prints it, one a line. */
export function describeRecord(
  run: RunId,
  record: { readonly seq: number; readonly t: string; readonly actor: string; readonly event: object },
): object {
  const { seq, t, actor, event } = record
  return { seq, t, run, actor, ...(event as RunEvent) }
}
