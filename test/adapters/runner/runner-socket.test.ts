import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { connectRunner, type RunnerListener } from '../../../src/adapters/runner/connect-runner.ts'
import { brandAs, type HostName, type StepId } from '../../../src/core/base/ids.ts'
import type { SentRecord } from '../../../src/adapters/runner/messages.ts'
import { serveRunner, type RunnerServer } from '../../../src/adapters/runner/serve-runner.ts'
import { openSocketPath } from '../../../src/adapters/runner/socket-path.ts'
import type { Intent } from '../../../src/core/run/intents.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** Waits until it holds; all of it happens in this process and on one socket. */
const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 5 })

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
  news: number
  terminal: string[]
  typed: (text: string) => unknown
  leave: () => unknown
  seqs: number[]
  output: string
  skipped: number
  closed: string[]
  drives: boolean[]
  answers: unknown[]
}

async function join_(
  path: string,
  options: {
    operator?: string
    drives?: boolean
    afterSeq?: number
    answer?: unknown
    hasTerminal?: boolean
    /** Is asked and does not answer. */
    onQuestion?: (over: AbortSignal) => void
  } = {},
) {
  const heard: Heard = {
    news: 0,
    seqs: [],
    output: '',
    skipped: 0,
    closed: [],
    drives: [],
    answers: [],
    terminal: [],
    typed: () => undefined,
    leave: () => undefined,
  }
  const listener: RunnerListener = {
    onRecords: (records) => heard.seqs.push(...records.map(({ seq }) => seq)),
    onOutput: (_job, _stream, bytes) => {
      heard.news += 1
      heard.output += Buffer.from(bytes).toString()
    },
    onOutputSkipped: (bytes) => (heard.skipped += bytes),
    onProgress: () => undefined,
    onQuestion: async (_ask, over) => {
      if (options.onQuestion === undefined) return options.answer
      options.onQuestion(over)
      return new Promise(() => undefined)
    },
    onDriver: (drives) => heard.drives.push(drives),
    onRest: () => undefined,
    onTerminalOpen: (id, host) => {
      heard.terminal.push(`open ${host}`)
      heard.typed = (text) => connected.ok && connected.connection.typeTerminal(id, Buffer.from(text))
      heard.leave = () => connected.ok && connected.connection.leaveTerminal(id)
    },
    onTerminalOutput: (_id, bytes) => heard.terminal.push(Buffer.from(bytes).toString()),
    onTerminalClose: () => heard.terminal.push('close'),
    onClose: (reason) => heard.closed.push(reason),
  }
  const { operator = 'ann', drives = true, afterSeq = 0 } = options
  const terminal = options.hasTerminal === true ? { terminal: { columns: 90, rows: 30, term: 'xterm' } } : {}
  const hello = { operator, drives, afterSeq, ...terminal }
  const connected = await connectRunner(createConnection(path), hello, listener)
  if (connected.ok) closers.push(() => connected.connection.close())
  return { connected, heard }
}

describe('a runner and its clients', () => {
  test('a client gets the records that it lacks, then the new ones, each once and in order', async () => {
    const known = Array.from({ length: 1200 }, (_, index) => record(index + 1))
    const { path, server } = await start(known)
    const { heard } = await join_(path, { afterSeq: 5 })
    server.sendRecord(record(1201))
    await soon(() => expect(heard.seqs.at(-1)).toBe(1201))
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
    await soon(() => expect(ann.heard.drives.at(-1)).toBe(false))
    if (bob.connected.ok) bob.connected.connection.close()
    await soon(() => expect(ann.heard.drives.at(-1)).toBe(true))
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
    await soon(() => expect(server.hasDriver()).toBe(true))
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const began = performance.now()
    for (let sent = 0; sent < 64 * 1024 * 1024; sent += chunk.length) server.sendOutput('j', 'stdout', chunk)
    server.sendRecord(record(1))
    const blockedMs = performance.now() - began
    await soon(() => expect(other.heard.seqs).toEqual([1]))
    expect(other.heard.output.length + other.heard.skipped).toBeGreaterThan(0)
    expect(blockedMs).toBeLessThan(4000)
    stalled.destroy()
  })

  test('a client that reads the store is told that there is output, and gets none of it', async () => {
    const { path, server } = await start()
    const { connected, heard } = await join_(path)
    if (connected.ok) {
      connected.connection.watchOutput('news')
      await connected.connection.submit(PAUSE)
    }
    server.sendOutput('j', 'stdout', Buffer.from('line'))
    server.sendRecord(record(1))
    await soon(() => expect(heard.seqs).toEqual([1]))
    expect([heard.news, heard.output]).toEqual([1, ''])
  })

  test('a client of another version is refused with a sentence', async () => {
    const { path } = await start()
    const socket = createConnection(path)
    let said = ''
    socket.on('data', (data) => (said += data.toString()))
    socket.write('{"type":"hello","version":99,"afterSeq":0,"operator":"ann","drives":true}\n')
    await soon(() => expect(said).toContain('use the same handrail'))
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
    await soon(() => expect(heard.closed).toEqual(['the run is finished']))
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

describe('the terminal of the driver', () => {
  const QUESTION = { host: brandAs<HostName>('db1'), step: brandAs<StepId>('look') }

  function lend(server: RunnerServer) {
    const typed: string[] = []
    const sizes: number[] = []
    const attached = server.terminal.attach({
      host: QUESTION.host,
      write: (bytes) => typed.push(Buffer.from(bytes).toString()),
      resize: (columns) => sizes.push(columns),
    })
    return {
      typed,
      sizes,
      show: (text: string) => attached.show(Buffer.from(text)),
      release: attached.release,
    }
  }

  test('it is offered only where there is one and the driver says yes', async () => {
    const { path, server } = await start()
    expect(await server.terminal.offer(QUESTION)).toBe(false)
    await join_(path, { operator: 'ann', answer: true })
    expect(await server.terminal.offer(QUESTION)).toBe(false)
    const bob = await join_(path, { operator: 'bob', answer: true, hasTerminal: true })
    if (bob.connected.ok) bob.connected.connection.drive(true)
    await soon(() => expect(bob.heard.drives.at(-1)).toBe(true))
    expect(await server.terminal.offer(QUESTION)).toBe(true)
    const no = await join_(path, { operator: 'eve', hasTerminal: true })
    if (no.connected.ok) no.connected.connection.drive(true)
    await soon(() => expect(no.heard.drives.at(-1)).toBe(true))
    expect(await server.terminal.offer(QUESTION)).toBe(false)
  })

  test('what is typed and printed passes both ways until it is given back', async () => {
    const { path, server } = await start()
    const ann = await join_(path, { answer: true, hasTerminal: true })
    expect(await server.terminal.offer(QUESTION)).toBe(true)
    expect(server.terminal.size()).toEqual({ columns: 90, rows: 30, term: 'xterm' })
    const lent = lend(server)
    lent.show('Password: ')
    await soon(() => expect(ann.heard.terminal).toEqual(['open db1', 'Password: ']))
    ann.heard.typed('s3cret\r')
    await soon(() => expect(lent.typed).toEqual(['s3cret\r']))
    if (ann.connected.ok) ann.connected.connection.resizeTerminal({ columns: 70, rows: 20, term: 'xterm' })
    await soon(() => expect(lent.sizes).toEqual([90, 70]))
    lent.release()
    await soon(() => expect(ann.heard.terminal.at(-1)).toBe('close'))
  })

  test('a watcher neither sees nor types; a driver who is lost leaves it to the next, who sees what it printed last', async () => {
    const { path, server } = await start()
    const ann = await join_(path, { operator: 'ann', answer: true, hasTerminal: true })
    const bob = await join_(path, { operator: 'bob', answer: true, hasTerminal: true })
    expect(await server.terminal.offer(QUESTION)).toBe(true)
    const lent = lend(server)
    lent.show('menu> ')
    await soon(() => expect(ann.heard.terminal).toHaveLength(2))
    expect(bob.heard.terminal).toEqual([])
    if (bob.connected.ok) bob.connected.connection.typeTerminal(1, Buffer.from('rm -rf /\r'))
    if (ann.connected.ok) ann.connected.connection.close()
    await soon(() => expect(bob.heard.terminal).toEqual(['open db1', 'menu> ']))
    bob.heard.typed('q')
    await soon(() => expect(lent.typed).toEqual(['q']))
  })

  test('a driver who takes the terminal back is asked again, and the command goes on', async () => {
    const { path, server } = await start()
    const ann = await join_(path, { answer: true, hasTerminal: true })
    expect(await server.terminal.offer(QUESTION)).toBe(true)
    const lent = lend(server)
    await soon(() => expect(ann.heard.terminal).toEqual(['open db1']))
    ann.heard.leave()
    await soon(() => expect(ann.heard.terminal).toEqual(['open db1', 'open db1']))
    lent.show('still here')
    await soon(() => expect(ann.heard.terminal.at(-1)).toBe('still here'))
  })

  test('who is asked to lend it again is asked no more once the command has ended', async () => {
    const { path, server } = await start()
    const ann = await join_(path, { operator: 'ann', answer: true, hasTerminal: true })
    expect(await server.terminal.offer(QUESTION)).toBe(true)
    const lent = lend(server)
    const overs: string[] = []
    const bob = await join_(path, {
      operator: 'bob',
      hasTerminal: true,
      onQuestion: (over) => {
        overs.push('asked')
        over.addEventListener('abort', () => overs.push('over'))
      },
    })
    expect(bob.connected.ok).toBe(true)
    if (ann.connected.ok) ann.connected.connection.close()
    await soon(() => expect(overs).toEqual(['asked']))
    lent.release()
    await soon(() => expect(overs).toEqual(['asked', 'over']))
  })
})
