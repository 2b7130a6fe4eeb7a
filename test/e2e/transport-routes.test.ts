import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { describeConnection } from '../../src/adapters/transport/build-session.ts'
import type { HttpRequest, Session } from '../../src/engine/ports/transport.ts'
import { buildHost, findFreePort, sshdMissing, startSshd } from './support/sshd.ts'
import type { Sshd, SshdOptions } from './support/sshd.ts'
import { buildTransportFixture, run, start, waitFor } from './support/transport-fixture.ts'
import { describeUnless } from '../support/skip.ts'

const missing = sshdMissing()

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})
async function sshdWith(options: SshdOptions = {}): Promise<Sshd> {
  const sshd = await startSshd(options)
  cleanups.push(sshd.stop)
  return sshd
}
const fixtureWith: typeof buildTransportFixture = (answers, options) => {
  const fixture = buildTransportFixture(answers, options)
  cleanups.push(fixture.stop)
  return fixture
}
function configFile(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'hr-config-'))
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }))
  writeFileSync(join(dir, 'config'), text, { mode: 0o600 })
  return join(dir, 'config')
}
/** One known_hosts file for several daemons. */
function mergeKnownHosts(...daemons: Sshd[]): string {
  const [first] = daemons
  writeFileSync(first.knownHosts, daemons.map((sshd) => readFileSync(sshd.knownHosts, 'utf8')).join(''))
  return first.knownHosts
}

describeUnless(missing)('a jump host', () => {
  test.each(['ssh2', 'openssh'] as const)(
    'is passed through by the %s transport; it alone sees us',
    async (transport) => {
      const [jump, target] = [await sshdWith(), await sshdWith()]
      writeFileSync(join(target.dir, 'authorized_keys'), readFileSync(`${jump.identity}.pub`))
      const knownHosts = mergeKnownHosts(jump, target)
      const config = configFile(`Host ${jump.address}\n  IdentityFile ${jump.identity}\n`)
      const fixture = fixtureWith({}, { sshConfigFile: config })
      const hop = `${jump.user}@${jump.address}:${jump.port}`
      const session = await fixture.connect(
        target.host('deep', { identity: jump.identity, knownHosts, jump: hop, transport }),
      )
      expect((await run(session, 'exit 21\n')).outcome).toEqual({ kind: 'exited', code: 21 })
      expect(describeConnection(session)).toMatchObject({
        transport,
        route: [hop, `${target.user}@${target.address}:${target.port}`],
      })
      expect(jump.log()).toContain('Accepted publickey')
    },
  )

  test('serves all targets behind it with one login, and its loss is the loss of all', async () => {
    const [jump, one, two] = [await sshdWith(), await sshdWith(), await sshdWith()]
    for (const target of [one, two])
      writeFileSync(join(target.dir, 'authorized_keys'), readFileSync(`${jump.identity}.pub`))
    const knownHosts = mergeKnownHosts(jump, one, two)
    const ssh = { identity: jump.identity, knownHosts, jump: `${jump.user}@${jump.address}:${jump.port}` }
    const fixture = fixtureWith()
    const sessions = await Promise.all(
      [one, two].map((sshd, i) => fixture.connect(sshd.host(`deep${i}`, ssh))),
    )
    expect(jump.log().match(/Accepted publickey/g)).toHaveLength(1)
    const execs = sessions.map((session) => start(session, 'echo up; sleep 30\n'))
    await waitFor(() => execs.every(({ stdout }) => stdout.length > 0), 'both scripts')
    jump.killSessions()
    for (const { handle } of execs) expect(await handle.outcome).toMatchObject({ kind: 'lost', sent: true })
  })

  test('that forbids forwarding is said so', async () => {
    const [jump, target] = [await sshdWith({ config: ['AllowTcpForwarding no'] }), await sshdWith()]
    const knownHosts = mergeKnownHosts(jump, target)
    const jumpTo = `${jump.user}@${jump.address}:${jump.port}`
    const connected = await fixtureWith().transport.connect(
      target.host('deep', { identity: jump.identity, knownHosts, jump: jumpTo }),
      {},
    )
    expect(connected).toMatchObject({ ok: false, failure: { kind: 'unreachable', retryable: false } })
    expect(connected.ok ? '' : connected.failure.hint).toContain('AllowTcpForwarding')
  })
})

describeUnless(missing)('the user’s SSH configuration', () => {
  test('resolves an alias with its name, port, user, key, known_hosts and jump host; the inventory’s words win', async () => {
    const [jump, target] = [await sshdWith(), await sshdWith()]
    writeFileSync(join(target.dir, 'authorized_keys'), readFileSync(`${jump.identity}.pub`))
    const knownHosts = mergeKnownHosts(jump, target)
    const sshConfigFile = configFile(
      [
        'Host far',
        `  HostName ${target.address}`,
        `  Port ${target.port}`,
        '  ProxyJump gate',
        'Host gate',
        `  HostName ${jump.address}`,
        `  Port ${jump.port}`,
        'Host *',
        '  User nobody-such',
        `  IdentityFile ${jump.identity}`,
        `  UserKnownHostsFile ${knownHosts}`,
        '',
      ].join('\n'),
    )
    const fixture = fixtureWith({}, { sshConfigFile })
    const refused = await fixture.transport.connect(buildHost('far', {}), {})
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'auth' } })
    const named = configFile(readFileSync(sshConfigFile, 'utf8').replace('nobody-such', jump.user))
    const session = await fixtureWith({}, { sshConfigFile: named }).connect(buildHost('far', {}))
    expect(describeConnection(session)?.route).toHaveLength(2)
    const directly = await fixtureWith({}, { sshConfigFile }).connect(
      buildHost('far', { user: jump.user, jump: 'none' }),
    )
    expect(describeConnection(directly)?.route).toEqual([`${jump.user}@${target.address}:${target.port}`])
  })

  const reasons: [string, string, RegExp][] = [
    ['ProxyCommand', 'ProxyCommand nc %h %p', /ProxyCommand/],
    ['PKCS11Provider', 'PKCS11Provider /lib/x.so', /PKCS11Provider/],
    ['KnownHostsCommand', 'KnownHostsCommand /bin/echo', /KnownHostsCommand/],
    ['only GSSAPI', 'PreferredAuthentications gssapi-with-mic', /GSSAPI/],
    [
      'a key exchange that the built-in client lacks',
      'KexAlgorithms sntrup761x25519-sha512@openssh.com',
      /KexAlgorithms/,
    ],
  ]
  test.each(reasons)('with %s chooses the system’s ssh and says why', async (_, line, pattern) => {
    const { resolveTarget } = await import('../../src/adapters/transport/resolve-target.ts')
    const { buildSshConfigReader } = await import('../../src/adapters/transport/ssh-config.ts')
    const deps = {
      readConfig: buildSshConfigReader({ program: 'ssh', configFile: configFile(`Host far\n  ${line}\n`) }),
      readKnownHosts: async () => [],
      knownHostsFile: '/nonexistent',
      home: '/nonexistent',
      localUser: 'me',
      agentSocket: undefined,
      hosts: [],
    }
    const found = await resolveTarget(buildHost('far', {}), deps)
    expect(found).toMatchObject({ ok: true, target: { kind: 'openssh' } })
    expect(found.ok ? found.target.notes.join() : '').toMatch(pattern)
    expect(await resolveTarget(buildHost('far', { transport: 'ssh2' }), deps)).toMatchObject({
      ok: true,
      target: { kind: 'ssh2' },
    })
  })

  test('is asked anew only once the connection is gone', async () => {
    const sshd = await sshdWith()
    const dir = mkdtempSync(join(tmpdir(), 'hr-asked-'))
    cleanups.push(() => rmSync(dir, { recursive: true, force: true }))
    const asked = join(dir, 'asked')
    writeFileSync(join(dir, 'ssh'), `#!/bin/sh\necho asked >>${asked}\nexec ssh "$@"\n`, { mode: 0o755 })
    const fixture = fixtureWith({}, { sshProgram: join(dir, 'ssh') })
    const host = sshd.host()
    const first = await fixture.connect(host)
    const once = readFileSync(asked, 'utf8')
    expect(once).not.toBe('')
    const answersHoldMs = 15_000
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 10 * answersHoldMs)
    cleanups.push(() => void vi.restoreAllMocks())
    await fixture.connect(host)
    expect(readFileSync(asked, 'utf8')).toBe(once)
    sshd.killSessions()
    await first.closed
    const again = await fixture.connect(host)
    expect(readFileSync(asked, 'utf8')).not.toBe(once)
    expect((await run(again, 'exit 4\n')).outcome).toEqual({ kind: 'exited', code: 4 })
  })

  test('is done without where there is no ssh program, with a note', async () => {
    const sshd = await sshdWith()
    const session = await fixtureWith({}, { sshProgram: 'no-such-ssh' }).connect(sshd.host())
    expect(describeConnection(session)?.notes.join()).toContain('no ssh program')
  })

  test.each(['-oProxyCommand=id', 'a b', 'x;id', ''])('is never asked about the host %j', async (host) => {
    const connected = await fixtureWith().transport.connect(buildHost('evil', { host }), {})
    expect(connected).toMatchObject({
      ok: false,
      failure: { kind: 'protocol', phase: 'resolve', retryable: false },
    })
  })
})

describeUnless(missing)('the system’s ssh', () => {
  const openssh = { transport: 'openssh' } as const
  test('tells a lost connection as lost, and never goes on by another one', async () => {
    const sshd = await sshdWith()
    const session = await fixtureWith().connect(sshd.host('one', openssh))
    const { handle, stdout } = start(session, 'echo up; sleep 30\n')
    await waitFor(() => stdout.length > 0, 'the script')
    sshd.killSessions()
    expect(await handle.outcome).toMatchObject({ kind: 'lost', sent: true })
    await session.closed
    expect((await run(session, 'true\n')).outcome).toMatchObject({ kind: 'lost', sent: false })
    expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(1)
  })

  test('queues when the server allows fewer sessions', async () => {
    const sshd = await sshdWith({ config: ['MaxSessions 2'] })
    const session = await fixtureWith().connect(sshd.host('one', openssh))
    const ran = await Promise.all(Array.from({ length: 6 }, (_, i) => run(session, `sleep 0.1; exit ${i}\n`)))
    expect(ran.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 6 }, (_, code) => ({ kind: 'exited', code })),
    )
  })

  test('checks a host that only an authority vouches for, which is chosen by itself', async () => {
    const sshd = await sshdWith()
    const authority = join(sshd.dir, 'ca')
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', authority], { stdin: 'ignore' })
    await execa('ssh-keygen', [
      '-q',
      '-s',
      authority,
      '-I',
      'host',
      '-h',
      '-n',
      sshd.address,
      join(sshd.dir, 'host_ed25519.pub'),
    ])
    const certified = await sshdWith({
      config: [`HostKey ${sshd.dir}/host_ed25519`, `HostCertificate ${sshd.dir}/host_ed25519-cert.pub`],
    })
    writeFileSync(
      certified.knownHosts,
      `@cert-authority [127.0.0.1]:* ${readFileSync(`${authority}.pub`, 'utf8')}`,
    )
    const session = await fixtureWith().connect(certified.host())
    expect(describeConnection(session)).toMatchObject({ transport: 'openssh' })
    expect((await run(session, 'exit 2\n')).outcome).toEqual({ kind: 'exited', code: 2 })
  })

  test.each([
    ['new', () => '', 'host-key-new'],
    [
      'changed',
      (sshd: Sshd, other: Sshd) => `[${sshd.address}]:${sshd.port} ${other.publicKeys[0]}\n`,
      'host-key-changed',
    ],
    ['revoked', (sshd: Sshd) => `@revoked * ${sshd.publicKeys[0]}\n`, 'host-key-revoked'],
  ] as const)('refuses a %s host key', async (_, build, kind) => {
    const [sshd, other] = [await sshdWith(), await sshdWith()]
    writeFileSync(sshd.knownHosts, build(sshd, other))
    const connected = await fixtureWith().transport.connect(sshd.host('one', openssh), {})
    expect(connected).toMatchObject({ ok: false, failure: { kind, phase: 'host-key', retryable: false } })
  })

  test('tells a refused login and a refused connection', async () => {
    const [sshd, stranger] = [await sshdWith(), await sshdWith()]
    const { transport } = fixtureWith()
    const refused = await transport.connect(sshd.host('one', { ...openssh, identity: stranger.identity }), {})
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'auth', retryable: false } })
    const absent = await transport.connect(sshd.host('two', { ...openssh, port: await findFreePort() }), {})
    expect(absent).toMatchObject({ ok: false, failure: { kind: 'unreachable', retryable: true } })
  })
})

describeUnless(missing)('an HTTP exchange', () => {
  let plain: { server: Server; port: number }
  let secured: { server: Server; port: number; ca: string }
  let dir: string
  const seen: string[] = []
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'hr-http-'))
    const args = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
    ]
    await execa('openssl', [
      ...args,
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      join(dir, 'key'),
      '-out',
      join(dir, 'cert'),
    ])
    const [key, cert] = [readFileSync(join(dir, 'key')), readFileSync(join(dir, 'cert'), 'utf8')]
    const serve = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers['x-one']} ${body}`)
        if (request.url === '/silent') return
        if (request.url === '/big') return void response.end(Buffer.alloc(200_000))
        if (request.url === '/moved') return void response.writeHead(302, { Location: '/' }).end()
        response.writeHead(201, { 'X-Two': 'b' }).end(`got ${body}`)
      })
    })
    const tls = createTlsServer({ key, cert }, (request, response) => response.end(`secure ${request.url}`))
    plain = { server: serve, port: await listen(serve) }
    secured = { server: tls as unknown as Server, port: await listen(tls as unknown as Server), ca: cert }
  })
  afterAll(async () => {
    for (const { server } of [plain, secured]) {
      server?.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    rmSync(dir, { recursive: true, force: true })
  })

  const request = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'POST',
    url: `http://127.0.0.1:${plain.port}${path}`,
    headers: [['X-One', 'a']],
    body: 'hello',
    timeoutMs: 20_000,
    ...more,
  })
  const kinds: [string, () => Promise<Session>][] = [
    ['from this machine', () => fixtureWith().connect(buildHost('local', {}))],
    ['through ssh2', async () => fixtureWith().connect((await sshdWith()).host())],
    [
      'through the system’s ssh',
      async () => fixtureWith().connect((await sshdWith()).host('one', { transport: 'openssh' })),
    ],
  ]
  test.each(kinds)('%s gives status, headers and body, with and without TLS', async (_, connect) => {
    const session = await connect()
    const outcome = await session.http(request('/x?y=1'))
    expect(outcome).toMatchObject({ kind: 'replied', status: 201 })
    expect(outcome.kind === 'replied' ? Buffer.from(outcome.body).toString() : '').toBe('got hello')
    expect(outcome.kind === 'replied' ? outcome.headers : []).toContainEqual(['X-Two', 'b'])
    expect(seen.at(-1)).toBe('POST /x?y=1 a hello')
    const url = `https://localhost:${secured.port}/s`
    const tls = await session.http({ method: 'GET', url, headers: [], timeoutMs: 20_000, ca: secured.ca })
    expect(tls.kind === 'no-reply' ? tls.reason : '').toBe('')
    expect(tls).toMatchObject({ kind: 'replied', status: 200 })
    const distrusted = await session.http({ method: 'GET', url, headers: [], timeoutMs: 20_000 })
    expect(distrusted).toMatchObject({ kind: 'no-reply', sent: false })
    expect(await session.http(request('/moved'))).toMatchObject({ kind: 'replied', status: 302 })
    expect(await session.http(request('/big', { maxBodyBytes: 1_000 }))).toMatchObject({
      kind: 'no-reply',
      sent: true,
    })
    expect(await session.http(request('/silent', { timeoutMs: 300 }))).toMatchObject({
      kind: 'no-reply',
      sent: true,
    })
  })

  test('through a host that forbids forwarding, or to a closed port, is not sent', async () => {
    const session = await fixtureWith().connect(
      (await sshdWith({ config: ['AllowTcpForwarding no'] })).host(),
    )
    const outcome = await session.http(request('/'))
    expect(outcome).toMatchObject({ kind: 'no-reply', sent: false })
    expect(outcome.kind === 'no-reply' ? outcome.hint : '').toContain('AllowTcpForwarding')
    const open = await fixtureWith().connect((await sshdWith()).host())
    const closed = request('/', { url: `http://127.0.0.1:${await findFreePort()}/` })
    expect(await open.http(closed)).toMatchObject({ kind: 'no-reply', sent: false })
  })
})

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address()
      resolve(typeof bound === 'object' && bound !== null ? bound.port : 0)
    })
  })
}
