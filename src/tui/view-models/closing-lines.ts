import { sanitizeLine } from '../../core/base/sanitize.ts'
import { countDeviations, countSteps } from '../../core/run/summary.ts'
import type { RunClient } from '../run-client.ts'

/** How the screen was left. */
export type Closing = {
  /** How handrail is called; just by its name unless told. */
  readonly command?: string | undefined
  /** Nobody said what becomes of the edited runbook. */
  readonly isUndecided?: boolean
}

/** What is left in the scrollback once the screen is gone: how it stands, and what to type next. */
export function buildClosingLines(
  { state, run, isInline, connection }: RunClient,
  { command = 'handrail', isUndecided = false }: Closing = {},
): string[] {
  const title = sanitizeLine(state.outline.title)
  const { done, skipped, total, failed } = countSteps(state)
  const counts = `${done + skipped}/${total} steps${failed > 0 ? `, ${failed} failed` : ''}`
  if (isUndecided)
    return [
      `${title}: the edit of its files is not decided; nothing was changed (${counts})`,
      `Next: ${command} open ${run}`,
    ]
  if (state.status === 'finished') {
    const deviations = countDeviations(state)
    return [
      `${title}: finished${deviations > 0 ? ` with ${deviations} deviation${deviations === 1 ? '' : 's'}` : ''} (${counts})`,
      `Next: ${command} report ${run} --format md`,
    ]
  }
  if (state.status === 'aborted')
    return [`${title}: aborted (${counts})`, `Next: ${command} report ${run} --format md`]
  if (state.status === 'draft') return [`${title}: planned, nothing has run`, `Next: ${command} open ${run}`]
  const waiting = state.questions.size
  const words =
    waiting > 0
      ? `waits for you (${waiting} open)`
      : state.status === 'paused'
        ? 'paused'
        : isInline === true
          ? 'stops here; commands that run on hosts go on'
          : connection().kind === 'lost'
            ? 'nobody drives it now; what runs on hosts goes on'
            : 'goes on without this screen'
  return [`${title}: ${words} (${counts})`, `Next: ${command} open ${run}`]
}
