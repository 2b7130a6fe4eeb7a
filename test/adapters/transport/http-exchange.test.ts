import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { exchangeHttp, openDirect } from '../../../src/adapters/transport/http-exchange.ts'

test('the request goes over the stream that was opened, and nowhere else', async () => {
  const server = createServer((request, response) => response.end(request.headers.host))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const opened: [string, number][] = []
  const outcome = await exchangeHttp(
    { method: 'GET', url: 'http://only-there.invalid:81/', headers: [], timeoutMs: 2_000 },
    (host, wanted) => {
      opened.push([host, wanted])
      return openDirect('127.0.0.1', port)
    },
    1_000,
  )
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(opened).toEqual([['only-there.invalid', 81]])
  expect(outcome.kind === 'replied' ? Buffer.from(outcome.body).toString() : outcome).toBe(
    'only-there.invalid:81',
  )
})

test('a header that would start a second request is refused, with nothing sent', async () => {
  const outcome = await exchangeHttp(
    { method: 'GET', url: 'http://127.0.0.1:9/', headers: [['X-One', 'a\r\nX-Two: b']], timeoutMs: 2_000 },
    async () => ({ ok: true, stream: (await import('node:stream')).Duplex.from(Buffer.alloc(0)) }),
    1_000,
  )
  expect(outcome).toMatchObject({ kind: 'no-reply', sent: false })
})
