import type { Host } from '../../core/inventory/model.ts'
import type { HostName } from '../../core/base/ids.ts'
import { selectHost, type EngineContext } from '../context.ts'
import type { ConnectFailure, ExecOutcome, ExecRequest } from '../ports/transport.ts'
import type { HostLink, OpenOptions, Opened } from './link-model.ts'

/** First pause before another attempt to connect; doubles up to `reconnectMaxMs`. */
const FIRST_PAUSE_MS = 500

/** The link to a host, one for each host and engine. */
export function selectLink(context: EngineContext, name: HostName): HostLink {
  const known = context.links.get(name)
  if (known !== undefined) return known
  const link = createLink(context, selectHost(context, name))
  context.links.set(name, link)
  return link
}

function createLink(context: EngineContext, host: Host): HostLink {
  let lostAtMs: number | undefined
  let fingerprint: string | undefined
  let waiting: Promise<Opened> | undefined

  const restore = async (): Promise<void> => {
    if (lostAtMs === undefined) return
    const afterMs = context.clock.monoMs() - lostAtMs
    lostAtMs = undefined
    await context.record({ type: 'link-restored', host: host.name, afterMs })
  }

  const lose = async (reason: string): Promise<void> => {
    if (lostAtMs !== undefined) return
    lostAtMs = context.clock.monoMs()
    await context.record({ type: 'link-lost', host: host.name, reason })
  }

  const connect = async (reconnectMs: number, { isPatient = false }: OpenOptions): Promise<Opened> => {
    const budgetMs = isPatient || lostAtMs !== undefined ? reconnectMs : context.limits.firstContactMs
    const began = context.clock.monoMs()
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, context.limits.reconnectMaxMs)) {
      const connected = await context.transport.connect(host, { signal: context.detach })
      if (connected.ok) {
        fingerprint = connected.session.hostKey
        await restore()
        return connected
      }
      const spentMs = context.clock.monoMs() - began
      if (isPatient && connected.failure.retryable) await lose(connected.failure.message)
      const gaveUp = !connected.failure.retryable || lostAtMs === undefined || spentMs + pauseMs > budgetMs
      if (gaveUp || context.detach.aborted) return connected
      context.observer.onProgress({
        host: host.name,
        text: `reconnecting to ${host.name}, ${connected.failure.message}`,
        retryMs: pauseMs,
      })
      await context.clock.sleep(pauseMs, context.detach)
    }
  }

  return {
    host,
    hostKey: () => fingerprint,
    open: (reconnectMs, options = {}) => {
      waiting ??= connect(reconnectMs, options).finally(() => {
        waiting = undefined
      })
      return waiting
    },
    lose,
  }
}

export type SafeExec =
  | { readonly kind: 'unreachable'; readonly failure: ConnectFailure }
  | Exclude<ExecOutcome, { kind: 'lost' }>
  | { readonly kind: 'lost'; readonly reason: string }

/**
 * Runs something that may be repeated without harm (a probe, a status): a lost line is waited out and it runs
 * again, for at most `reconnectMs`. `build` gives a fresh request for each try.
 */
export async function execSafely(
  context: EngineContext,
  target: {
    readonly host: HostName
    readonly reconnectMs: number
    readonly signal?: AbortSignal
    readonly isPatient?: boolean
  },
  build: () => ExecRequest,
): Promise<SafeExec> {
  const link = selectLink(context, target.host)
  const began = context.clock.monoMs()
  for (;;) {
    const opened = await link.open(target.reconnectMs, { isPatient: target.isPatient === true })
    if (!opened.ok) return { kind: 'unreachable', failure: opened.failure }
    const outcome = await opened.session.exec(build()).outcome
    if (outcome.kind !== 'lost') return outcome
    const isOver =
      context.detach.aborted ||
      target.signal?.aborted === true ||
      context.clock.monoMs() - began >= target.reconnectMs
    if (isOver) return { kind: 'lost', reason: outcome.reason }
    await link.lose(outcome.reason)
  }
}
