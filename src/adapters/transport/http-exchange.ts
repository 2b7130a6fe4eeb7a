import { request as requestHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect as connectTcp, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { HttpOutcome, HttpRequest } from '../../engine/ports/transport.ts'

export type OpenedStream =
  | { readonly ok: true; readonly stream: Duplex }
  | { readonly ok: false; readonly reason: string; readonly hint?: string }
export type OpenStream = (host: string, port: number) => Promise<OpenedStream>

type Exchange = { sent: boolean; readonly request: HttpRequest; readonly maxBytes: number }

/**
 * One HTTP/1.1 exchange over a stream that `open` provides: no redirect is followed, nothing is repeated.
 * `sent` turns true at the moment before the first byte of the request may leave (after TLS is agreed).
 */
export async function exchangeHttp(
  request: HttpRequest,
  open: OpenStream,
  maxBytes: number,
): Promise<HttpOutcome> {
  const exchange: Exchange = { sent: false, request, maxBytes: request.maxBodyBytes ?? maxBytes }
  const { promise: stopped, resolve: stop } = Promise.withResolvers<HttpOutcome>()
  const fail = (reason: string) => stop({ kind: 'no-reply', sent: exchange.sent, reason })
  const timer = setTimeout(() => fail(`no reply within ${request.timeoutMs / 1000} s`), request.timeoutMs)
  const onAbort = () => fail('cancelled')
  request.signal?.addEventListener('abort', onAbort, { once: true })
  if (request.signal?.aborted === true) onAbort()
  const streams: Duplex[] = []
  try {
    return await Promise.race([stopped, perform(exchange, open, streams)])
  } finally {
    clearTimeout(timer)
    request.signal?.removeEventListener('abort', onAbort)
    for (const stream of streams) stream.destroy()
  }
}

/** Opens a TCP connection from this machine, for requests of `local`. */
export function openDirect(host: string, port: number): Promise<OpenedStream> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, noDelay: true })
    socket.once('connect', () => resolve({ ok: true, stream: socket }))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ ok: false, reason: `${host}:${port}: ${error.code ?? error.message}` }),
    )
  })
}

async function perform(exchange: Exchange, open: OpenStream, streams: Duplex[]): Promise<HttpOutcome> {
  const { request } = exchange
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return noReply(exchange, `${request.url} is not an http or https address`)
  const isTls = url.protocol === 'https:'
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const opened = await open(hostname, Number(url.port) || (isTls ? 443 : 80))
  if (!opened.ok)
    return {
      ...noReply(exchange, opened.reason),
      ...(opened.hint === undefined ? {} : { hint: opened.hint }),
    }
  streams.push(opened.stream)
  opened.stream.on('error', () => {})
  if (!isTls) return send(exchange, url, opened.stream)
  const secured = await secure(opened.stream, hostname, request.ca)
  if ('reason' in secured) return noReply(exchange, secured.reason)
  streams.push(secured.stream)
  return send(exchange, url, secured.stream)
}

function noReply(exchange: Exchange, reason: string): Extract<HttpOutcome, { kind: 'no-reply' }> {
  return { kind: 'no-reply', sent: exchange.sent, reason: sanitizeLine(reason) }
}

function secure(
  stream: Duplex,
  hostname: string,
  ca: string | undefined,
): Promise<{ stream: Duplex } | { reason: string }> {
  return new Promise((resolve) => {
    const socket = connectTls({
      socket: stream,
      host: hostname,
      ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      ...(ca === undefined ? {} : { ca }),
    })
    socket.once('secureConnect', () => resolve({ stream: socket }))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ reason: `TLS: ${error.code ?? ''} ${error.message}`.replace('  ', ' ') }),
    )
    socket.once('close', () => resolve({ reason: 'TLS: the connection was closed' }))
  })
}

function send(exchange: Exchange, url: URL, stream: Duplex): Promise<HttpOutcome> {
  const { request } = exchange
  return new Promise((resolve) => {
    const fail = (reason: string) => resolve(noReply(exchange, reason))
    try {
      const outgoing = requestHttp({
        // Without any agent, not even `false`: an agent would open a connection of its own past the tunnel.
        createConnection: () => stream,
        method: request.method,
        host: url.hostname,
        port: url.port,
        path: `${url.pathname}${url.search}`,
        setDefaultHeaders: false,
        headers: buildHeaders(request, url),
      })
      outgoing.on('error', (error: NodeJS.ErrnoException) =>
        fail(`connection lost before a reply: ${error.message}`),
      )
      outgoing.once('response', (incoming) => void receive(exchange, incoming, resolve))
      exchange.sent = true
      outgoing.end(request.body)
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error))
    }
  })
}

function buildHeaders(request: HttpRequest, url: URL): string[] {
  const given = new Set(request.headers.map(([name]) => name.toLowerCase()))
  const flat = request.headers.flatMap(([name, value]) => [name, value])
  const lengthOf = request.body === undefined ? undefined : String(Buffer.byteLength(request.body))
  return [
    ...(given.has('host') ? [] : ['Host', url.host]),
    ...(given.has('accept') ? [] : ['Accept', '*/*']),
    ...flat,
    ...(lengthOf === undefined || given.has('content-length') ? [] : ['Content-Length', lengthOf]),
    ...(given.has('connection') ? [] : ['Connection', 'close']),
  ]
}

async function receive(
  exchange: Exchange,
  incoming: IncomingMessage,
  resolve: (outcome: HttpOutcome) => void,
): Promise<void> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > exchange.maxBytes) {
        incoming.destroy()
        return resolve(noReply(exchange, `the reply is larger than ${exchange.maxBytes} bytes`))
      }
      chunks.push(chunk)
    }
  } catch (error) {
    return resolve(
      noReply(
        exchange,
        `connection lost within the reply: ${error instanceof Error ? error.message : String(error)}`,
      ),
    )
  }
  const headers: [string, string][] = []
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2)
    headers.push([incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? ''])
  resolve({ kind: 'replied', status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks) })
}
