import { createMasker } from '../../core/base/masker.ts'
import type { HttpReply } from '../../core/check/evaluate-http.ts'
import { LOCAL_HOST, type HostName } from '../../core/base/ids.ts'
import type { HttpWork } from '../../core/plan/model.ts'
import type { EngineContext } from '../context.ts'
import { selectLink } from '../link/host-link.ts'
import { parseHttpRequest } from './http-request.ts'
import { fillText } from '../step/fill-command.ts'

/** Sends one request from the operator's side, through the host's connection or directly with `on=local`. */
export async function runHttp(
  context: EngineContext,
  target: { readonly host: HostName; readonly timeoutMs: number },
  work: HttpWork,
): Promise<HttpReply & { readonly sent?: boolean }> {
  const text = await fillText(context, work.request)
  if (!text.ok) return { kind: 'no-reply', reason: 'a value of the request is missing', sent: false }
  const request = parseHttpRequest(text.value.text)
  if (request === undefined)
    return { kind: 'no-reply', reason: 'the request has no request line', sent: false }
  const headers = [...request.headers]
  if (work.basic !== undefined) {
    const secret = await context.secrets.resolve(work.basic)
    if (!secret.ok) return { kind: 'no-reply', reason: `the secret ${work.basic} is missing`, sent: false }
    headers.push(['Authorization', `Basic ${encodeBase64(secret.value)}`])
  }
  const link = selectLink(context, work.local ? LOCAL_HOST : target.host)
  const opened = await link.open(target.timeoutMs)
  if (!opened.ok) return { kind: 'no-reply', reason: opened.failure.message, sent: false }
  const ca = work.ca === undefined ? {} : { ca: work.ca }
  const outcome = await opened.session.http({
    ...request,
    headers,
    timeoutMs: target.timeoutMs,
    signal: context.detach,
    ...ca,
  })
  if (outcome.kind === 'replied') return { kind: 'replied', status: outcome.status, body: outcome.body }
  const masker = createMasker(context.secrets.known())
  return {
    kind: 'no-reply',
    reason: masker.mask(outcome.reason),
    sent: outcome.sent,
    ...(outcome.hint === undefined ? {} : { hint: outcome.hint }),
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function encodeBase64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let encoded = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(group >> shift) & 63]!)
    encoded += letters
      .slice(0, Math.min(4, bytes.length - at + 1))
      .join('')
      .padEnd(4, '=')
  }
  return encoded
}
