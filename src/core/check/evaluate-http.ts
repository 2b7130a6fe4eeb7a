import { decodeUtf8 } from '../base/utf8.ts'
import { evaluateExpectations } from './evaluate-probe.ts'
import type { Evaluation, WantedOutput } from './evaluate-probe.ts'

/** What came back for a request; without a reply it is not known what the server thinks. */
export type HttpReply =
  | { readonly kind: 'replied'; readonly status: number; readonly body: Uint8Array }
  | { readonly kind: 'no-reply'; readonly reason: string; readonly hint?: string }

export type HttpFacts = {
  /** `status=`, 200 unless written. */
  readonly status: number
  readonly reply: HttpReply
  /** Compared with the body, whatever stream they name. */
  readonly expectations: readonly WantedOutput[]
}

/** Decides what an `http` probe says: another status fails, no reply is inconclusive, then the body must be as wanted. */
export function evaluateHttp({ status, reply, expectations }: HttpFacts): Evaluation {
  if (reply.kind === 'no-reply') {
    const hint = reply.hint === undefined ? '' : ` (${reply.hint})`
    return { verdict: 'inconclusive', reason: `no HTTP reply: ${reply.reason}${hint}` }
  }
  const codes = { expected: `status ${status}`, actual: `status ${reply.status}` }
  if (reply.status !== status) {
    return { verdict: 'fail', ...codes, reason: `wanted status ${status}, the reply has ${reply.status}` }
  }
  const result = evaluateExpectations(expectations, () => reply.body)
  if (result.verdict !== 'pass') return result
  const reason = expectations.length === 0 ? `status ${status}` : 'the reply is as wanted'
  return { ...result, reason, captured: result.captured ?? decodeUtf8(reply.body).text.trim() }
}
