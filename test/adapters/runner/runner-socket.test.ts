import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { connectRunner, type RunnerListener } from '../../../src/adapters/runner/connect-runner.ts'
import type { SentRecord } from '../../../src/adapters/runner/messages.ts'
import { serveRunner, type RunnerServer } from '../../../src/adapters/runner/serve-runner.ts'
import { openSocketPath } from '../../../src/adapters/runner/socket-path.ts'
import type { Intent } from '../../../src/core/run/intents.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

function record(seq: number): SentRecord {
  return { seq, t: '2026-01-01T00:00:00.000Z', actor: 'ann', event: { type: 'clock-jumped', byMs: seq } }
}

const PAUSE: Intent = { type: 'pause', by: 'ann' }

async function start(
  records: SentRecord[] = [],
): Promise<{ path: string; server: RunnerServer; intents: Intent[] }> {
  const path = join(mkdtempSync(join(tmpdir(), 'hr-runner-')), 'r.sock')
  const intents: Intent[] = []
  const server = await serveRunner(path, {
    run: 'abcd-efgh',
    records: () => records,
    submit: async (intent) => {
      intents.push(intent)
      return { ok: true, events: [] }
    },
    isResting: () => false,
    onStop: () => true,
    onClients: () => undefined,
    onDriver: () => undefined,
  })
  closers.push(() => server.close({ reason: 'the test is over' }))
  return { path, server, intents }
}

type Heard = {
  seqs: number[]
  output: string
  skipped: number
  closed: string[]
  drives: boolean[]
  answers: unknown[]
}

async function join_(
  path: string,
  options: { operator?: string; drives?: boolean; afterSeq?: number; answer?: unknown } = {},
) {
  const heard: Heard = { seqs: [], output: '', skipped: 0, closed: [], drives: [], answers: [] }
  const listener: RunnerListener = {
    onRecords: (records) => heard.seqs.push(...records.map(({ seq }) => seq)),
    onOutput: (_job, _stream, bytes) => (heard.output += Buffer.from(bytes).toString()),
    onOutputSkipped: (bytes) => (heard.skipped += bytes),
    onProgress: () => undefined,
    onQuestion: async () => options.answer,
    onDriver: (drives) => heard.drives.push(drives),
    onRest: () => undefined,
    onClose: (reason) => heard.closed.push(reason),
  }
  const { operator = 'ann', drives = true, afterSeq = 0 } = options
  const connected = await connectRunner(path, { operator, drives, afterSeq }, listener)
  if (connected.ok) closers.push(() => connected.connection.close())
  return { connected, heard }
}

describe('a runner and its clients', () => {
  test('a client gets the records that it lacks, then the new ones, each once and in order', async () => {
    const known = Array.from({ length: 1200 }, (_, index) => record(index + 1))
    const { path, server } = await start(known)
    const { heard } = await join_(path, { afterSeq: 5 })
    server.sendRecord(record(1201))
    await vi.waitFor(() => expect(heard.seqs.at(-1)).toBe(1201))
    expect(heard.seqs).toEqual(Array.from({ length: 1196 }, (_, index) => index + 6))
  })

  test('one drives, the others watch and are told who drives', async () => {
    const { path, intents } = await start()
    const ann = await join_(path, { operator: 'ann' })
    const bob = await join_(path, { operator: 'bob' })
    expect([ann.connected.ok && ann.connected.drives, bob.connected.ok && bob.connected.drives]).toEqual([
      true,
      false,
    ])
    const refused = bob.connected.ok && (await bob.connected.connection.submit(PAUSE))
    expect(refused).toMatchObject({ ok: false, refusal: { message: 'you are watching; ann drives' } })
    expect(ann.connected.ok && (await ann.connected.connection.submit(PAUSE))).toEqual({
      ok: true,
      events: [],
    })
    expect(intents).toEqual([PAUSE])
  })

  test('the wheel passes on when the driver goes, and can be taken', async () => {
    const { path } = await start()
    const ann = await join_(path, { operator: 'ann' })
    const bob = await join_(path, { operator: 'bob' })
    if (bob.connected.ok) bob.connected.connection.drive(true)
    await vi.waitFor(() => expect(ann.heard.drives.at(-1)).toBe(false))
    if (bob.connected.ok) bob.connected.connection.close()
    await vi.waitFor(() => expect(ann.heard.drives.at(-1)).toBe(true))
  })

  test('a question goes to the driver only, and to the next one if the first leaves', async () => {
    const { path, server } = await start()
    await join_(path, { operator: 'ann', answer: 'one-time code' })
    const ask = { kind: 'secret', question: { name: 'x', prompt: 'x?', rejected: false } } as const
    expect(await server.ask(ask)).toBe('one-time code')
  })

  test('without a driver a question stays unanswered at once', async () => {
    const { path, server } = await start()
    await join_(path, { drives: false })
    expect(
      await server.ask({ kind: 'secret', question: { name: 'x', prompt: 'x?', rejected: false } }),
    ).toBeUndefined()
  })

  test('a client that stalls delays nobody and misses only live output', async () => {
    const { path, server } = await start()
    const stalled = await stall(path)
    const other = await join_(path, { operator: 'bob', drives: false })
    if (other.connected.ok) {
      other.connected.connection.watchOutput(true)
      await other.connected.connection.submit(PAUSE)
    }
    await vi.waitFor(() => expect(server.hasDriver()).toBe(true))
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const began = performance.now()
    for (let sent = 0; sent < 64 * 1024 * 1024; sent += chunk.length) server.sendOutput('j', 'stdout', chunk)
    server.sendRecord(record(1))
    const blockedMs = performance.now() - began
    await vi.waitFor(() => expect(other.heard.seqs).toEqual([1]))
    expect(other.heard.output.length + other.heard.skipped).toBeGreaterThan(0)
    expect(blockedMs).toBeLessThan(4000)
    stalled.destroy()
  })

  test('a client of another version is refused with a sentence', async () => {
    const { path } = await start()
    const socket = createConnection(path)
    let said = ''
    socket.on('data', (data) => (said += data.toString()))
    socket.write('{"type":"hello","version":99,"afterSeq":0,"operator":"ann","drives":true}\n')
    await vi.waitFor(() => expect(said).toContain('use the same handrail'))
    socket.destroy()
  })

  test.each([
    ['no JSON', 'nonsense\n'],
    ['no greeting first', '{"type":"drive","force":true}\n'],
  ])('%s ends the connection, not the runner', async (_name, line) => {
    const { path } = await start()
    const socket = createConnection(path)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.on('error', () => undefined)
    socket.write(line)
    await closed
    expect((await join_(path)).connected.ok).toBe(true)
  })

  test('where nobody listens, connecting says so', async () => {
    const { connected } = await join_(join(mkdtempSync(join(tmpdir(), 'hr-none-')), 'r.sock'))
    expect(connected).toMatchObject({ ok: false })
  })

  test('when the runner ends it says why', async () => {
    const { path, server } = await start()
    const { heard } = await join_(path)
    await server.close({ reason: 'the run is finished' })
    await vi.waitFor(() => expect(heard.closed).toEqual(['the run is finished']))
  })
})

async function stall(path: string): Promise<Socket> {
  const socket = createConnection(path)
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  socket.write(
    '{"type":"hello","version":1,"afterSeq":0,"operator":"stalled","drives":true}\n{"type":"watch-output","on":true}\n',
  )
  socket.pause()
  return socket
}

describe('the path of the socket', () => {
  test('it is short, in a directory of our own', async () => {
    const runtime = mkdtempSync(join(tmpdir(), 'hr-rt-'))
    const path = await openSocketPath('/some/very/long/state/directory/runs/abcd-efgh', {
      XDG_RUNTIME_DIR: runtime,
    })
    expect(path.startsWith(join(runtime, 'handrail'))).toBe(true)
    expect(Buffer.byteLength(path)).toBeLessThan(104)
    expect(statSync(join(runtime, 'handrail')).mode & 0o777).toBe(0o700)
  })

  test.each([
    ['too long', `/${'x'.repeat(120)}`],
    [
      'not a directory',
      (() => {
        const file = join(mkdtempSync(join(tmpdir(), 'hr-rt-')), 'file')
        writeFileSync(file, '')
        return file
      })(),
    ],
  ])('a runtime directory that is %s is passed over', async (_name, runtime) => {
    const path = await openSocketPath('/state/runs/abcd-efgh', { XDG_RUNTIME_DIR: runtime })
    expect(path.startsWith(tmpdir())).toBe(true)
  })
})
