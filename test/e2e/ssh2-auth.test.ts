import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeConnection } from '../../src/adapters/transport/build-session.ts'
import { sshdMissing, startSshd } from './support/sshd.ts'
import type { Sshd } from './support/sshd.ts'
import { createThrowawayUser, usersMissing } from './support/throwaway-user.ts'
import type { ThrowawayUser } from './support/throwaway-user.ts'
import { buildTransportFixture, run, waitFor } from './support/transport-fixture.ts'
import type { TransportFixture } from './support/transport-fixture.ts'
import { describeUnless } from '../support/skip.ts'

const noSshd = sshdMissing()
const noUsers = noSshd ?? usersMissing()

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})
const fixtureWith: typeof buildTransportFixture = (answers, options) => {
  const fixture = buildTransportFixture(answers, options)
  cleanups.push(fixture.stop)
  return fixture
}

function countRefused(sshd: Sshd): number {
  return sshd.log().match(/Failed (password|keyboard-interactive)/g)?.length ?? 0
}

/** The daemon logs a refusal a moment after it has told the client. */
async function expectRefused(sshd: Sshd, since: number, count: number): Promise<void> {
  await waitFor(() => countRefused(sshd) >= since + count, `${count} refusals`)
  expect(countRefused(sshd) - since).toBe(count)
}

describeUnless(noSshd)('login by key', () => {
  let dir: string
  let sshd: Sshd
  const keys: { [name: string]: string } = {}
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'hr-keys-'))
    const kinds: [string, string[]][] = [
      ['ed25519', ['-t', 'ed25519', '-N', '']],
      ['ecdsa', ['-t', 'ecdsa', '-N', '']],
      ['rsa', ['-t', 'rsa', '-b', '2048', '-N', '']],
      ['rsa-pem', ['-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'open sesame']],
      ['ecdsa-pkcs8', ['-t', 'ecdsa', '-m', 'PKCS8', '-N', 'open sesame']],
      ['locked', ['-t', 'ed25519', '-N', 'open sesame', '-a', '8']],
      ['locked-gcm', ['-t', 'ed25519', '-N', 'open sesame', '-a', '4', '-Z', 'aes256-gcm@openssh.com']],
      ['locked-cbc', ['-t', 'ecdsa', '-N', 'open sesame', '-a', '4', '-Z', 'aes256-cbc']],
    ]
    await Promise.all(
      kinds.map(async ([name, args]) => {
        keys[name] = join(dir, name)
        await execa('ssh-keygen', ['-q', '-C', name, ...args, '-f', keys[name]], { stdin: 'ignore' })
      }),
    )
    const authorizedKeys = Object.values(keys).map((path) => readFileSync(`${path}.pub`, 'utf8').trim())
    sshd = await startSshd({ authorizedKeys, config: ['MaxAuthTries 3'] })
  })
  afterAll(async () => {
    await sshd?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  test.each(['ed25519', 'ecdsa', 'rsa'])('works with a %s key', async (name) => {
    const session = await fixtureWith().connect(sshd.host('one', { identity: keys[name] }))
    expect(describeConnection(session)?.auth).toBe(`key ${keys[name]}`)
  })

  test.each(['rsa-pem', 'ecdsa-pkcs8', 'locked', 'locked-gcm', 'locked-cbc'])(
    'opens the %s key with its passphrase',
    async (name) => {
      const fixture = fixtureWith({ secrets: { phrase: ['open sesame'] } })
      const session = await fixture.connect(sshd.host('one', { identity: keys[name], passphrase: 'phrase' }))
      expect((await run(session, 'exit 9\n')).outcome).toEqual({ kind: 'exited', code: 9 })
      expect(fixture.asked.rejected).toEqual([])
    },
  )

  test('asks again in place after a wrong passphrase, and once for all connections', async () => {
    const fixture = fixtureWith({ prompted: ['wrong', 'open sesame'] })
    const users = [
      sshd.host('one', { identity: keys['locked'] }),
      sshd.host('two', { identity: keys['locked'], knownHosts: sshd.knownHosts }),
    ]
    await fixture.connect(users[0])
    expect(fixture.asked.secrets.map((question) => question.rejected)).toEqual([false, true])
    await fixture.connect(users[1])
    expect(fixture.asked.secrets).toHaveLength(2)
  })

  test('opening a key of many rounds leaves the event loop free', async () => {
    const slow = join(dir, 'slow')
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-a', '24', '-f', slow], {
      stdin: 'ignore',
    })
    const { unlockPrivateKey } = await import('../../src/adapters/transport/private-key.ts')
    let turns = 0
    let isOver = false
    const turn = (): void => {
      turns += 1
      if (!isOver) setImmediate(turn)
    }
    setImmediate(turn)
    expect(await unlockPrivateKey(readFileSync(slow, 'utf8'), 'open sesame')).toMatchObject({ ok: true })
    isOver = true
    // It gives way after each of the 24 rounds of both halves of the key.
    expect(turns).toBeGreaterThan(24)
  })

  test('with a full agent: the pinned key goes first, otherwise the server gives up and the hint says why', async () => {
    const agent = await startAgent(dir)
    cleanups.push(agent.stop)
    for (let i = 0; i < 6; i++) {
      const path = join(dir, `extra-${i}`)
      if (!existsSync(path))
        await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path], { stdin: 'ignore' })
      await agent.add(path)
    }
    await agent.add(keys['ecdsa'])
    const env = { SSH_AUTH_SOCK: agent.socket, PATH: process.env['PATH'] }
    const pinned = await fixtureWith({}, { env }).connect(sshd.host('one', { identity: keys['ecdsa'] }))
    expect(describeConnection(pinned)?.auth).toMatch(/^agent key SHA256:/)
    const { identity: _, ...unpinned } = sshd.host('one').ssh
    const refused = await fixtureWith({}, { env }).transport.connect(
      { ...sshd.host('one'), ssh: unpinned },
      {},
    )
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'auth', retryable: false } })
    expect(refused.ok ? '' : refused.failure.hint).toContain('IdentitiesOnly')
  })
})

describeUnless(noUsers)('login by password', () => {
  let user: ThrowawayUser
  beforeAll(async () => {
    user = await createThrowawayUser()
  })
  afterAll(() => user?.remove())

  const methods: [string, string[]][] = [
    ['password', ['PasswordAuthentication yes']],
    ['keyboard-interactive', ['UsePAM yes', 'KbdInteractiveAuthentication yes', 'PasswordAuthentication no']],
  ]
  describe.each(methods)('through %s', (method, config) => {
    let sshd: Sshd
    beforeAll(async () => {
      sshd = await startSshd({ config })
    })
    afterAll(() => sshd?.stop())
    const connect = (fixture: TransportFixture, password?: string) =>
      fixture.transport.connect(hostOf(sshd, user, password), {})

    test('works with the inventory’s secret, or with a person’s answer', async () => {
      const session = await fixtureWith({ secrets: { login: [user.password] } }).connect(
        hostOf(sshd, user, 'login'),
      )
      expect((await run(session, 'id -un\n')).stdout.toString().trim()).toBe(user.name)
      expect(describeConnection(session)?.auth).toBe(method)
      const asked = fixtureWith({ prompted: [user.password] })
      await asked.connect(hostOf(sshd, user))
      expect(asked.asked.secrets).toMatchObject([{ rejected: false }])
    })

    test('a wrong password is sent once, and the right one is asked for in place', async () => {
      const fixture = fixtureWith({ secrets: { login: ['wrong', user.password] } })
      const before = countRefused(sshd)
      await fixture.connect(hostOf(sshd, user, 'login'))
      expect(fixture.asked.rejected).toEqual(['login'])
      await expectRefused(sshd, before, 1)
    })

    test('without a better one the login ends, and nothing is sent again by the next connect', async () => {
      const fixture = fixtureWith({ secrets: { login: ['wrong'] } })
      const before = countRefused(sshd)
      expect(await connect(fixture, 'login')).toMatchObject({
        ok: false,
        failure: { kind: 'auth', retryable: false },
      })
      expect(await connect(fixture, 'login')).toMatchObject({
        ok: false,
        failure: { kind: 'auth', retryable: false },
      })
      await expectRefused(sshd, before, 1)
    })

    test('a source that repeats a refused value is not believed', async () => {
      const fixture = fixtureWith({ secrets: { login: ['wrong', 'wrong', 'wrong'] } })
      const before = countRefused(sshd)
      expect(await connect(fixture, 'login')).toMatchObject({ ok: false, failure: { kind: 'auth' } })
      await expectRefused(sshd, before, 1)
    })
  })

  test('a new password is tried on one host; the others wait and never send the refused one', async () => {
    const daemons = await Promise.all(
      Array.from({ length: 4 }, () => startSshd({ config: ['PasswordAuthentication yes'] })),
    )
    cleanups.push(...daemons.map((sshd) => sshd.stop))
    const fixture = fixtureWith({ secrets: { login: ['wrong', user.password] } })
    await Promise.all(daemons.map((sshd) => fixture.connect(hostOf(sshd, user, 'login'))))
    const refused = () => daemons.reduce((sum, sshd) => sum + countRefused(sshd), 0)
    await waitFor(() => refused() > 0, 'the refusal')
    expect(refused()).toBe(1)
  })

  test('key and then password, where the server wants both', async () => {
    const sshd = await startSshd({
      config: ['AuthenticationMethods publickey,password', 'PasswordAuthentication yes'],
    })
    cleanups.push(sshd.stop)
    chmodSync(sshd.dir, 0o755)
    const session = await fixtureWith({ secrets: { login: [user.password] } }).connect(
      sshd.host('one', { user: user.name, password: 'login' }),
    )
    expect(describeConnection(session)?.auth).toBe('password')
  })
})

function hostOf(sshd: Sshd, user: ThrowawayUser, password?: string) {
  const { identity: _, ...ssh } = sshd.host('one', { user: user.name }).ssh
  return { ...sshd.host('one'), ssh: { ...ssh, ...(password === undefined ? {} : { password }) } }
}

async function startAgent(dir: string) {
  const socket = join(dir, 'agent.sock')
  const agent = execa('ssh-agent', ['-D', '-a', socket], { reject: false, stdin: 'ignore' })
  await waitFor(() => existsSync(socket), 'the agent')
  const add = (path: string) => execa('ssh-add', ['-q', path], { env: { SSH_AUTH_SOCK: socket } })
  const stop = async () => {
    agent.kill()
    await agent
  }
  return { socket, add, stop }
}
