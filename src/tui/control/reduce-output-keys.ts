import type { LogRing } from '../store/log-ring.ts'
import type { RunUi } from '../store/ui-state.ts'
import type { ActionId } from '../term/key-row.ts'
import type { Model } from './model.ts'

/** A match stands so far above the end of the pane that what came of it is seen. */
const LINES_AFTER_MATCH = 3

/** Keys of the output pane, from whichever pane; undefined for other keys. */
export function reduceOutputKey({ ui, ring }: Model, action: ActionId): RunUi | undefined {
  const { run } = ui
  switch (action) {
    case 'follow':
      return { ...run, pane: 'output', job: undefined, outputEnd: undefined }
    case 'wrap':
      return { ...run, isWrapped: !run.isWrapped }
    case 'next-match':
    case 'previous-match': {
      if (run.search === undefined || ring === undefined) return run
      const step = action === 'next-match' ? -1 : 1
      const from = (run.search.line ?? ring.end) + step
      const line = ring.find(run.search.field.text, from, step)
      if (line === undefined) return run
      return { ...showLine(run, ring, line), search: { ...run.search, line } }
    }
    default:
      return undefined
  }
}

/** Puts a line in sight, near the end of the pane; without one, nothing moves. */
export function showLine(run: RunUi, ring: LogRing, line: number | undefined): RunUi {
  return line === undefined ? run : stopAt(run, ring, line + LINES_AFTER_MATCH)
}

/** Scrolls by rows; at the end, the output is followed again. */
export function scrollOutput(
  run: RunUi,
  ring: LogRing,
  { by, page }: { readonly by: number; readonly page: number },
): RunUi {
  const lowest = Math.min(ring.end, ring.dropped + page)
  return stopAt(run, ring, Math.max(lowest, (run.outputEnd ?? ring.end) + by))
}

function stopAt(run: RunUi, ring: LogRing, end: number): RunUi {
  return { ...run, outputEnd: end >= ring.end ? undefined : end }
}
