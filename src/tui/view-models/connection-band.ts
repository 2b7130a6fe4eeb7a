import type { HostName } from '../../core/base/ids.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import { selectAwaited } from '../../core/run/decide-wait.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import { isUnderWay, workHosts } from '../../core/run/settled.ts'
import type { HostStepState, RunState } from '../../core/run/state.ts'
import type { RunClient } from '../run-client.ts'
import { fitRow, span, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { formatSecondsAgo } from './format-time.ts'
import { nameHosts } from './read-back-rows.ts'
import { NOT_TRIED, selectTried } from './tried-hosts.ts'

/** Below this the title is short, so that the times have room. */
const NARROW_COLS = 70

export type BandView = {
  readonly cols: number
  readonly wallMs: number
  /** Rows that it may take. */
  readonly height: number
  /** Stands where something is cut. */
  readonly more: string
}

/** What concerns the connections: since when, what goes on without us, when it is tried again. Empty while all is well. */
export function buildConnectionBand(client: RunClient, view: BandView): Row[] {
  if (isRunOver(client.state)) return []
  const connection = client.connection()
  if (connection.kind === 'starting') {
    const row = [
      word(' OPENING ', 'title'),
      word(' as its journal tells it; what goes on now follows in a moment', 'dim'),
    ]
    return [fitRow(row, view.cols)]
  }
  const rows = connection.kind === 'lost' ? describeRunnerLost(connection, view) : describeLinks(client, view)
  return rows.slice(0, view.height).map((row, index) => {
    const isCut = index === view.height - 1 && rows.length > view.height
    return fitRow(isCut ? [...row, word(` ${view.more}`)] : row, view.cols, view.more)
  })
}

function describeRunnerLost(
  { sinceMs, reason }: { readonly sinceMs: number; readonly reason: string },
  { cols, wallMs }: BandView,
): Row[] {
  return [
    [
      word(" NO WORD FROM THE RUN'S OWN PROCESS ", 'test'),
      word(` since ${formatSecondsAgo(wallMs - sinceMs).replace(' ago', '')}`, 'warn'),
    ],
    ...indent(
      [span(sanitizeLine(`${reason}; it is dialled again. What it started on hosts goes on.`))],
      cols,
    ),
  ]
}

function describeLinks(client: RunClient, { cols, wallMs }: BandView): Row[] {
  const { state } = client
  const lost = [...state.lostLinks.keys()]
  if (lost.length === 0) return []
  const busy = [...state.steps.values()].flatMap(workHosts).filter(isUnderWay)
  const awaited = selectAwaited(state)
  const isAll = awaited.length > 1 && busy.every(({ host }) => state.lostLinks.has(host))
  const sinceMs = Math.min(...lost.map((host) => state.lostWallMs.get(host) ?? Number.POSITIVE_INFINITY))
  const since = Number.isFinite(sinceMs) ? `last contact ${formatSecondsAgo(wallMs - sinceMs)}` : ''
  const tried = selectTried(client, wallMs)
  const next =
    awaited.length === 0
      ? `${[...new Set(state.unawaited.values())].join(' and ')} ended the wait`
      : tried.length > 0
        ? describeNextTry(client.progress(), tried, wallMs)
        : NOT_TRIED
  const title = isAll
    ? cols < NARROW_COLS
      ? ' CONNECTION DOWN '
      : ' YOUR CONNECTION IS DOWN '
    : ' NO CONNECTION '
  const facts = [isAll ? '' : nameHosts(lost), since, next, isAll ? `${lost.length} hosts` : '']
    .filter(Boolean)
    .join('; ')
  return [
    [word(title, 'test'), word(' '), span(sanitizeLine(facts), 'warn')],
    ...indent(describeRunning(busy, state, isAll), cols),
  ]
}

/** The nearest next attempt, as its last failed one announced it. */
export function describeNextTry(
  progress: ReturnType<RunClient['progress']>,
  lost: readonly HostName[],
  wallMs: number,
): string {
  const times = progress.flatMap(({ host, atMs, retryMs }) =>
    host === undefined || retryMs === undefined || !lost.includes(host) ? [] : [atMs + retryMs - wallMs],
  )
  const nextMs = Math.min(...times)
  if (times.length === 0) return 'trying again'
  return nextMs < 1000 ? 'trying now' : `next try in ${Math.ceil(nextMs / 1000)} s`
}

/** What was running there at last contact: what is detached needs no connection, what is not may be cut off. */
function describeRunning(busy: readonly HostStepState[], state: RunState, isAll: boolean): Row {
  const away = busy.filter(({ host }) => state.lostLinks.has(host))
  const running = (isDetached: boolean): string[] =>
    away
      .filter(({ attempt }) =>
        attempt?.jobs.some((job) => job.state === 'running' && job.detached === isDetached),
      )
      .map(({ host }) => host)
  const [detached, attached] = [running(true), running(false)]
  const parts = [
    isAll ? 'Nothing new starts.' : '',
    detached.length > 0
      ? `Going on when last seen: ${nameHosts(detached)}.`
      : 'Nothing is known to run there.',
    attached.length > 0 ? `Cut off, perhaps: ${nameHosts(attached)}.` : '',
  ]
  return [span(sanitizeLine(parts.filter(Boolean).join(' ')))]
}

function indent(row: Row, cols: number): Row[] {
  return wrapSpans([word(' '), ...row], cols, 1)
}
