import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { LabHostHandle, LabHttpResponse, LabService } from '../program.ts'

/** The service that a tunnel through a host leads to; undefined: nothing listens there, or it cannot be reached. */
export function findService(from: LabHostHandle, address: string, port: number): LabService | undefined {
  const own = new Set(['localhost', '127.0.0.1', '::1', from.name, from.facts.fqdn, ...from.facts.addresses])
  if (own.has(address)) return from.service(port)
  const target = from.network.find(address)
  return target !== undefined && from.network.reaches(from.name, target.name)
    ? target.service(port)
    : undefined
}

/** Lets a service talk over a byte stream. */
export function connectService(service: LabService, stream: Duplex): void {
  if (service.kind === 'stream') {
    service.connect(stream)
    return
  }
  const server = createServer((request, response) => void answer(service, request, response))
  server.keepAliveTimeout = 0
  stream.on('error', () => {})
  server.emit('connection', stream)
}

async function answer(
  service: LabService & { kind: 'http' },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const reply = await respond(service, {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  })
  response.writeHead(reply.status, { 'content-type': 'text/plain', ...reply.headers })
  response.end(reply.body)
}

async function respond(
  service: LabService & { kind: 'http' },
  request: Parameters<typeof service.respond>[0],
): Promise<LabHttpResponse> {
  try {
    return await service.respond(request)
  } catch (problem) {
    return { status: 500, body: `${problem instanceof Error ? problem.message : 'failed'}\n` }
  }
}
