import { appendFile } from 'node:fs/promises'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ConnectionOptions } from '../../src/core/inventory/model.ts'
import { describeConnection } from '../../src/adapters/transport/build-session.ts'
import { startFaultProxy } from './support/fault-proxy.ts'
import type { FaultProxy } from './support/fault-proxy.ts'
import { buildHost, findFreePort, sshdMissing, startSshd } from './support/sshd.ts'
import type { Sshd, SshdOptions } from './support/sshd.ts'
import { buildTransportFixture, run, start, waitFor } from './support/transport-fixture.ts'
import type { Answers, TransportFixture } from './support/transport-fixture.ts'
import { describeUnless } from '../support/skip.ts'

const missing = sshdMissing()

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function fixtureWith(
  answers: Answers = {},
  options: Parameters<typeof buildTransportFixture>[1] = {},
): TransportFixture {
  const fixture = buildTransportFixture(answers, options)
  cleanups.push(fixture.stop)
  return fixture
}

async function sshdWith(options: SshdOptions = {}): Promise<Sshd> {
  const sshd = await startSshd(options)
  cleanups.push(sshd.stop)
  return sshd
}

async function proxyTo(sshd: Sshd): Promise<FaultProxy> {
  const proxy = await startFaultProxy({ host: sshd.address, port: sshd.port })
  cleanups.push(proxy.stop)
  return proxy
}

function hostBehind(sshd: Sshd, proxy: FaultProxy, ssh: ConnectionOptions = {}) {
  return sshd.host('far', { host: proxy.address, port: proxy.port, ...ssh })
}

async function trustProxy(sshd: Sshd, proxy: FaultProxy): Promise<void> {
  await appendFile(sshd.knownHosts, `[${proxy.address}]:${proxy.port} ${sshd.publicKeys[0]}\n`)
}

describeUnless(missing)('a lost connection is told as lost', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd?.stop())

  test('when the server process is killed', async () => {
    const session = await fixtureWith().connect(sshd.host())
    const { handle, stdout } = start(session, 'echo up; sleep 30\n')
    await waitFor(() => stdout.length > 0, 'the script')
    sshd.killSessions()
    expect(await handle.outcome).toMatchObject({ kind: 'lost', sent: true })
    expect(await session.closed).toBeTypeOf('string')
    const after = await run(session, 'true\n')
    expect(after.outcome).toMatchObject({ kind: 'lost', sent: false })
  })

  test.each(['fin', 'rst'] as const)('when the wire is cut by %s; a new connect works', async (how) => {
    const proxy = await proxyTo(sshd)
    await trustProxy(sshd, proxy)
    const fixture = fixtureWith()
    const session = await fixture.connect(hostBehind(sshd, proxy))
    const { handle, stdout } = start(session, 'echo up; sleep 30\n')
    await waitFor(() => stdout.length > 0, 'the script')
    proxy.cut(how)
    expect(await handle.outcome).toMatchObject({ kind: 'lost', sent: true })
    const again = await fixture.connect(hostBehind(sshd, proxy))
    expect((await run(again, 'exit 4\n')).outcome).toEqual({ kind: 'exited', code: 4 })
  })

  test('when the link goes silent: keepalive notices, and nothing was an exit', async () => {
    const proxy = await proxyTo(sshd)
    await trustProxy(sshd, proxy)
    const fixture = fixtureWith({}, { limits: { keepaliveIntervalMs: 200, keepaliveCount: 3 } })
    const session = await fixture.connect(hostBehind(sshd, proxy))
    const { handle, stdout } = start(session, 'echo up; sleep 30\n')
    await waitFor(() => stdout.length > 0, 'the script')
    proxy.pause()
    expect(await handle.outcome).toEqual({ kind: 'lost', sent: true, reason: 'Keepalive timeout' })
  })

  test('when it is cut within the output, what came before is handed over', async () => {
    const proxy = await proxyTo(sshd)
    await trustProxy(sshd, proxy)
    const session = await fixtureWith().connect(hostBehind(sshd, proxy))
    proxy.cutAfter(100_000, 'toClient')
    const { outcome, stdout } = await run(session, 'yes\n')
    expect(outcome).toMatchObject({ kind: 'lost', sent: true })
    expect(stdout.length).toBeGreaterThan(10_000)
  })
})

describeUnless(missing)('connecting', () => {
  test('is tried again when the server resets early, and never after a refused login', async () => {
    const sshd = await sshdWith()
    const proxy = await proxyTo(sshd)
    await trustProxy(sshd, proxy)
    proxy.resetNext(2)
    const session = await fixtureWith().connect(hostBehind(sshd, proxy))
    expect(proxy.accepted()).toBe(3)
    expect((await run(session, 'true\n')).outcome).toEqual({ kind: 'exited', code: 0 })
    const { transport } = fixtureWith()
    const stranger = await startSshd()
    cleanups.push(stranger.stop)
    const refused = await transport.connect(hostBehind(sshd, proxy, { identity: stranger.identity }), {})
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'auth', phase: 'auth', retryable: false } })
    expect(proxy.accepted()).toBe(4)
  })

  test('survives a burst beyond MaxStartups', async () => {
    const sshd = await sshdWith({ config: ['MaxStartups 2:100:2'] })
    const fixtures = Array.from({ length: 10 }, () => fixtureWith())
    const sessions = await Promise.all(fixtures.map((fixture) => fixture.connect(sshd.host())))
    expect(sessions).toHaveLength(10)
  })

  test('tells refusal, a black hole and a silent server as unreachable, in time', async () => {
    const port = await findFreePort()
    const silent = createServer((socket) => socket.resume())
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => new Promise((resolve) => silent.close(() => resolve())))
    const bound = silent.address()
    const silentPort = typeof bound === 'object' && bound !== null ? bound.port : 0
    const { transport } = fixtureWith()
    const rows = [
      [buildHost('none', { host: '127.0.0.1', port }), 'connect', 'ECONNREFUSED'],
      [buildHost('mute', { host: '127.0.0.1', port: silentPort }), 'handshake', 'in time'],
      [buildHost('nameless', { host: 'no-such-host.invalid' }), 'resolve', 'name'],
    ] as const
    for (const [host, phase, words] of rows) {
      const connected = await transport.connect(host, { timeoutMs: 1_000 })
      expect(connected).toMatchObject({ ok: false, failure: { kind: 'unreachable', phase, retryable: true } })
      expect(connected.ok ? '' : connected.failure.message).toContain(words)
    }
  })

  test('can be cancelled while it waits', async () => {
    const sshd = await sshdWith()
    const proxy = await proxyTo(sshd)
    proxy.refuseNew('accept')
    const controller = new AbortController()
    const { transport } = fixtureWith()
    const connecting = transport.connect(hostBehind(sshd, proxy), { signal: controller.signal })
    await waitFor(() => proxy.accepted() > 0, 'the connection')
    controller.abort()
    expect(await connecting).toMatchObject({ ok: false, failure: { kind: 'cancelled' } })
  })

  test('is shared by all who ask for the same host and user', async () => {
    const sshd = await sshdWith()
    const fixture = fixtureWith()
    const sessions = await Promise.all(Array.from({ length: 5 }, () => fixture.connect(sshd.host())))
    const who = await Promise.all(sessions.map((session) => run(session, 'echo "$SSH_CONNECTION"\n')))
    expect(new Set(who.map(({ stdout }) => stdout.toString())).size).toBe(1)
    sessions[0].close()
    expect((await run(sessions[1], 'true\n')).outcome).toEqual({ kind: 'exited', code: 0 })
    for (const session of sessions) session.close()
    expect(await sessions[1].closed).toBe('closed by us')
  })

  test('tells how it was done, with no weak algorithm', async () => {
    const sshd = await sshdWith()
    const session = await fixtureWith().connect(sshd.host())
    expect(describeConnection(session)).toMatchObject({
      transport: 'ssh2',
      route: [`${sshd.user}@${sshd.address}:${sshd.port}`],
      auth: `key ${sshd.identity}`,
      algorithms: { kex: 'curve25519-sha256', hostKey: 'ssh-ed25519', cipher: 'aes128-gcm@openssh.com' },
    })
    expect(session.hostKey).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
  })
})

describeUnless(missing)('what a hostile server says', () => {
  test('reaches nobody with a control character', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'hr-banner-'))
    cleanups.push(async () => rmSync(dir, { recursive: true, force: true }))
    const banner = join(dir, 'banner')
    writeFileSync(banner, 'Welcome\u001b]0;owned\u0007\u001b[2J\u001b[8m hidden\n')
    const sshd = await sshdWith({ config: [`Banner ${banner}`] })
    const session = await fixtureWith().connect(sshd.host())
    const shown = describeConnection(session)?.banner ?? ''
    expect(shown).toContain('Welcome')
    expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
  })
})

describeUnless(missing)('channels', () => {
  test('queue when the server allows fewer sessions than we would use', async () => {
    const sshd = await sshdWith({ config: ['MaxSessions 2'] })
    const session = await fixtureWith().connect(sshd.host())
    const ran = await Promise.all(Array.from({ length: 6 }, (_, i) => run(session, `sleep 0.1; exit ${i}\n`)))
    expect(ran.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 6 }, (_, code) => ({ kind: 'exited', code })),
    )
  })

  test('that the server will not open at all are lost with nothing sent', async () => {
    const sshd = await sshdWith({ config: ['MaxSessions 0'] })
    const session = await fixtureWith().connect(sshd.host())
    const { outcome, sent } = await run(session, 'true\n')
    expect(outcome).toMatchObject({ kind: 'lost', sent: false })
    expect(sent).toBe(false)
  })

  test('stay intact through many key exchanges', async () => {
    const sshd = await sshdWith({ config: ['RekeyLimit 256K'] })
    const session = await fixtureWith().connect(sshd.host())
    let size = 0
    const handle = session.exec({
      input: 'dd if=/dev/zero bs=65536 count=256 2>/dev/null\n',
      onStdout: (chunk) => void (size += chunk.length),
    })
    expect(await handle.outcome).toEqual({ kind: 'exited', code: 0 })
    expect(size).toBe(256 * 65536)
  })
})
