import type { HostName } from '../../core/base/ids.ts'
import { selectHost, type EngineContext } from '../context.ts'
import type { ConnectFailure, ExecOutcome, ExecRequest } from '../ports/transport.ts'
import type { HostLink } from './link-model.ts'
import { Link } from './link.ts'

/** The link to a host, one for each host and engine. */
export function selectLink(context: EngineContext, name: HostName): HostLink {
  const known = context.links.get(name)
  if (known !== undefined) return known
  const link = new Link(context, selectHost(context, name))
  context.links.set(name, link)
  return link
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
    if (outcome.kind !== 'lost') {
      link.carried()
      return outcome
    }
    const isOver =
      context.detach.aborted ||
      target.signal?.aborted === true ||
      context.clock.monoMs() - began >= target.reconnectMs
    if (isOver) return { kind: 'lost', reason: outcome.reason }
    await link.lose(outcome.reason)
  }
}
