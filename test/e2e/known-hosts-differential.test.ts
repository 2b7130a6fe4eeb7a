import { createHmac, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sshdMissing, startSshd } from './support/sshd.ts'
import type { Sshd } from './support/sshd.ts'
import { buildTransportFixture } from './support/transport-fixture.ts'
import { describeUnless } from '../support/skip.ts'

const missing = sshdMissing()

type Names = {
  /** `[127.0.0.1]:PORT` */ readonly name: string
  readonly port: number
  readonly ed: string
  readonly ec: string
  readonly rsa: string
  readonly otherEd: string
  readonly otherEc: string
}
type Verdict = 'accepted' | 'new' | 'changed' | 'revoked'

function hashName(name: string, salt = randomBytes(20)): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

/** What the file holds, and what the verdict is; `ssh` itself is asked for the same file. */
const rows: [string, (n: Names) => string, Verdict][] = [
  ['an empty file', () => '', 'new'],
  ['comments and blank lines', (n) => `# ${n.name} ${n.ed}\n\n   \n`, 'new'],
  ['the exact name', (n) => `${n.name} ${n.ed}\n`, 'accepted'],
  ['no final newline', (n) => `${n.name} ${n.ed}`, 'accepted'],
  [
    'leading blanks and tabs between',
    (n) => `  ${n.name}\t\t${n.ed.replace(' ', '\t')}\tcomment here\n`,
    'accepted',
  ],
  ['the name without its port', (n) => `127.0.0.1 ${n.ed}\n`, 'accepted'],
  ['another key without the port', (n) => `127.0.0.1 ${n.otherEd}\n`, 'new'],
  ['the name with another port', (n) => `[127.0.0.1]:1 ${n.ed}\n`, 'new'],
  ['brackets with port 22', (n) => `[127.0.0.1]:22 ${n.ed}\n`, 'new'],
  ['another name', (n) => `[127.0.0.2]:${n.port} ${n.ed}\n`, 'new'],
  ['another key', (n) => `${n.name} ${n.otherEd}\n`, 'changed'],
  ['another key before the right one', (n) => `${n.name} ${n.otherEd}\n${n.name} ${n.ed}\n`, 'accepted'],
  ['the right key before another', (n) => `${n.name} ${n.ed}\n${n.name} ${n.otherEd}\n`, 'accepted'],
  ['a key of a type that is not preferred', (n) => `${n.name} ${n.ec}\n`, 'accepted'],
  ['only the RSA key', (n) => `${n.name} ${n.rsa}\n`, 'accepted'],
  ['another key of a type that is not preferred', (n) => `${n.name} ${n.otherEc}\n`, 'changed'],
  [
    'another ed25519 key and the right ecdsa key',
    (n) => `${n.name} ${n.otherEd}\n${n.name} ${n.ec}\n`,
    'changed',
  ],
  ['a list of names', (n) => `example.org,${n.name},10.0.0.1 ${n.ed}\n`, 'accepted'],
  ['a star', (n) => `* ${n.ed}\n`, 'accepted'],
  ['a star within brackets', (n) => `[127.0.0.*]:${n.port} ${n.ed}\n`, 'accepted'],
  ['a question mark', (n) => `[127.0.0.?]:${n.port} ${n.ed}\n`, 'accepted'],
  ['a pattern without a port', (n) => `127.* ${n.ed}\n`, 'accepted'],
  ['a star as the port', (n) => `[127.0.0.1]:* ${n.ed}\n`, 'accepted'],
  ['a negated name, found again without the port', (n) => `*,!${n.name} ${n.ed}\n`, 'accepted'],
  ['a name negated with and without the port', (n) => `*,!${n.name},!127.0.0.1 ${n.ed}\n`, 'new'],
  ['negations first', (n) => `!127.0.0.1,!${n.name},* ${n.ed}\n`, 'new'],
  ['a revoked key without the port', (n) => `@revoked 127.0.0.1 ${n.ed}\n`, 'revoked'],
  ['only a negation', (n) => `!other ${n.ed}\n`, 'new'],
  ['a negation of another', (n) => `*,!other ${n.ed}\n`, 'accepted'],
  ['a hashed name', (n) => `${hashName(n.name)} ${n.ed}\n`, 'accepted'],
  ['a hashed name without the port', (n) => `${hashName('127.0.0.1')} ${n.ed}\n`, 'accepted'],
  ['a hashed name with another key', (n) => `${hashName(n.name)} ${n.otherEd}\n`, 'changed'],
  ['a hash of another name', (n) => `${hashName('other')} ${n.ed}\n`, 'new'],
  ['a broken hash', (n) => `|1|abc|def ${n.ed}\n`, 'new'],
  ['an unknown hash version', (n) => `${hashName(n.name).replace('|1|', '|2|')} ${n.ed}\n`, 'new'],
  ['a revoked key', (n) => `@revoked ${n.name} ${n.ed}\n`, 'revoked'],
  ['a revoked key after the same key', (n) => `${n.name} ${n.ed}\n@revoked ${n.name} ${n.ed}\n`, 'revoked'],
  ['a revoked key for all', (n) => `${n.name} ${n.ed}\n@revoked * ${n.ed}\n`, 'revoked'],
  ['another revoked key', (n) => `${n.name} ${n.ed}\n@revoked * ${n.otherEd}\n`, 'accepted'],
  ['an unknown marker', (n) => `@strange ${n.name} ${n.ed}\n`, 'new'],
  ['two markers', (n) => `@revoked @cert-authority ${n.name} ${n.ed}\n`, 'new'],
  [
    'an authority for another name',
    (n) => `@cert-authority other ${n.otherEd}\n${n.name} ${n.ed}\n`,
    'accepted',
  ],
  [
    'an authority and the plain key',
    (n) => `@cert-authority ${n.name} ${n.otherEd}\n${n.name} ${n.ed}\n`,
    'accepted',
  ],
  ['broken base64', (n) => `${n.name} ${n.ed}!!\n`, 'new'],
  ['a key that is cut short', (n) => `${n.name} ${n.ed.slice(0, -8)}\n`, 'new'],
  ['a type that is not the key’s', (n) => `${n.name} ssh-rsa ${n.ed.split(' ')[1]}\n`, 'new'],
  ['an unknown type', (n) => `${n.name} ssh-strange ${n.ed.split(' ')[1]}\n`, 'new'],
  ['a broken line before a good one', (n) => `${n.name} nonsense\n${n.name} ${n.ed}\n`, 'accepted'],
  ['Windows line ends', (n) => `${n.name} ${n.ed} comment\r\n`, 'accepted'],
  ['upper case in a pattern', (n) => `LOCALHOST,${n.name} ${n.ed}\n`, 'accepted'],
]

describeUnless(missing)('known_hosts is read as OpenSSH reads it', () => {
  let sshd: Sshd
  let other: Sshd
  let names: Names
  beforeAll(async () => {
    sshd = await startSshd({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] })
    other = await startSshd({ hostKeys: ['ed25519', 'ecdsa'] })
    const [ed, ec, rsa] = sshd.publicKeys
    const [otherEd, otherEc] = other.publicKeys
    names = { name: `[${sshd.address}]:${sshd.port}`, port: sshd.port, ed, ec, rsa, otherEd, otherEc }
  })
  afterAll(async () => {
    await sshd?.stop()
    await other?.stop()
  })

  test.each(rows)('%s', async (_, build, expected) => {
    const file = join(sshd.dir, 'case_known_hosts')
    writeFileSync(file, build(names))
    expect(await askOpenssh(sshd, file)).toBe(expected)
    expect(await askOurs(sshd, file)).toBe(expected)
  })

  test('a changed key is refused with file and line, and nobody is asked', async () => {
    const file = join(other.dir, 'changed_known_hosts')
    writeFileSync(file, `# first\n[${other.address}]:${other.port} ${names.ed}\n`)
    const fixture = buildTransportFixture({ hostKeys: true })
    const connected = await fixture.transport.connect(other.host('one', { knownHosts: file }), {})
    await fixture.stop()
    expect(connected).toMatchObject({
      ok: false,
      failure: { kind: 'host-key-changed', phase: 'host-key', retryable: false },
    })
    expect(connected.ok ? '' : connected.failure.message).toContain(`${file}:2`)
    expect(fixture.asked.hostKeys).toEqual([])
    // Nobody logs in there in any other test.
    expect(other.log()).not.toContain('Accepted')
  })

  test('a new key is shown once, stored in our own file when trusted, and known from then on', async () => {
    const file = join(sshd.dir, 'absent_known_hosts')
    const fixture = buildTransportFixture({ hostKeys: true })
    const host = sshd.host('one', { knownHosts: file })
    const session = await fixture.connect(host)
    expect(fixture.asked.hostKeys).toMatchObject([
      { address: `${sshd.address}:${sshd.port}`, keyType: 'ssh-ed25519', fingerprint: session.hostKey },
    ])
    expect(readFileSync(fixture.knownHostsFile, 'utf8')).toBe(`${names.name} ${names.ed}\n`)
    session.close()
    await session.closed
    await fixture.connect(host)
    expect(fixture.asked.hostKeys).toHaveLength(1)
    expect(await askOpenssh(sshd, fixture.knownHostsFile)).toBe('accepted')
    await fixture.stop()
  })

  test.each([[false], [undefined]])(
    'a new key that is answered with %s is refused and not stored',
    async (answer) => {
      const fixture = buildTransportFixture(answer === undefined ? {} : { hostKeys: answer })
      const connected = await fixture.transport.connect(sshd.host('one', { knownHosts: '/dev/null' }), {})
      await fixture.stop()
      expect(connected).toMatchObject({ ok: false, failure: { kind: 'host-key-new', retryable: false } })
      expect(() => readFileSync(fixture.knownHostsFile)).toThrow()
    },
  )
})

async function askOpenssh(sshd: Sshd, file: string): Promise<Verdict> {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${file}`,
    'GlobalKnownHostsFile=/dev/null',
    'UpdateHostKeys=no',
    'LogLevel=INFO',
  ]
  const args = [
    '-F',
    'none',
    ...options.flatMap((o) => ['-o', o]),
    '-i',
    sshd.identity,
    '-p',
    String(sshd.port),
    sshd.address,
    'true',
  ]
  const { exitCode, stderr } = await execa('ssh', args, { reject: false, stdin: 'ignore' })
  if (exitCode === 0) return 'accepted'
  if (stderr.includes('REVOKED')) return 'revoked'
  if (stderr.includes('REMOTE HOST IDENTIFICATION HAS CHANGED')) return 'changed'
  if (stderr.includes('is known for')) return 'new'
  throw new Error(`ssh said something else: ${stderr}`)
}

async function askOurs(sshd: Sshd, file: string): Promise<Verdict> {
  const fixture = buildTransportFixture()
  const connected = await fixture.transport.connect(
    sshd.host('one', { knownHosts: file, transport: 'ssh2' }),
    {},
  )
  await fixture.stop()
  if (connected.ok) return 'accepted'
  const verdict = /^host-key-(new|changed|revoked)$/.exec(connected.failure.kind)?.[1]
  if (verdict === undefined) throw new Error(JSON.stringify(connected.failure))
  return verdict as Verdict
}
