import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConnectionOptions } from '../../src/core/inventory/model.ts'
import { sshdMissing, startSshd } from './support/sshd.ts'
import type { Sshd } from './support/sshd.ts'
import { createThrowawayUser, usersMissing } from './support/throwaway-user.ts'
import type { SudoRule, ThrowawayUser } from './support/throwaway-user.ts'
import { buildTransportFixture, run, start, waitFor } from './support/transport-fixture.ts'
import type { Answers } from './support/transport-fixture.ts'
import { describeUnless } from '../support/skip.ts'

const missing = sshdMissing() ?? usersMissing() ?? (existsSync('/usr/bin/sudo') ? undefined : 'no sudo')

describeUnless(missing)('a script as another user', () => {
  let sshd: Sshd
  const users = new Map<SudoRule, ThrowawayUser>()
  const cleanups: (() => Promise<void>)[] = []
  beforeAll(async () => {
    sshd = await startSshd()
    chmodSync(sshd.dir, 0o755)
    for (const rule of ['none', 'nopasswd', 'password'] as const)
      users.set(rule, await createThrowawayUser(rule))
  })
  afterAll(async () => {
    for (const cleanup of cleanups) await cleanup()
    for (const user of users.values()) await user.remove()
    await sshd?.stop()
  })

  function userOf(rule: SudoRule): ThrowawayUser {
    const user = users.get(rule)
    if (user === undefined) throw new Error(rule)
    return user
  }
  async function sessionAs(rule: SudoRule, answers: Answers = {}, ssh: ConnectionOptions = {}) {
    const fixture = buildTransportFixture(answers)
    cleanups.push(fixture.stop)
    return { fixture, session: await fixture.connect(sshd.host('one', { user: userOf(rule).name, ...ssh })) }
  }
  const withSecret = { sudo: { password: 'sudo' } }

  test('runs without a question where none is asked, with exact input and outputs', async () => {
    const { session, fixture } = await sessionAs('nopasswd', {}, withSecret)
    const { outcome, stdout, stderr } = await run(
      session,
      'id -un; echo err >&2; cat <<X\nbytes\nX\nexit 12\n',
      { as: 'root' },
    )
    expect(outcome).toEqual({ kind: 'exited', code: 12 })
    expect(stdout.toString()).toBe('root\nbytes\n')
    expect(stderr.toString()).toBe('err\n')
    expect(fixture.asked.resolved).toEqual([])
  })

  test('answers the prompt with the password, which appears nowhere', async () => {
    const { password } = userOf('password')
    const { session } = await sessionAs('password', { secrets: { sudo: [password] } }, withSecret)
    const { outcome, stdout, stderr } = await run(
      session,
      'id -un; cat /proc/[0-9]*/cmdline 2>/dev/null; true\n',
      { as: 'root' },
    )
    expect(outcome).toEqual({ kind: 'exited', code: 0 })
    expect(stdout.toString()).toMatch(/^root\n/)
    expect(`${stdout.toString()}${stderr.toString()}`).not.toContain(password)
  })

  test('becomes any user, and does nothing where it already is that user', async () => {
    const { session } = await sessionAs('nopasswd')
    expect((await run(session, 'id -un\n', { as: userOf('none').name })).stdout.toString().trim()).toBe(
      userOf('none').name,
    )
    const plain = await sessionAs('none')
    const { outcome, stdout } = await run(plain.session, 'id -un\n', { as: userOf('none').name })
    expect(outcome).toEqual({ kind: 'exited', code: 0 })
    expect(stdout.toString().trim()).toBe(userOf('none').name)
  })

  test('a wrong password stops: it is rejected once, and the script is never sent', async () => {
    const { session, fixture } = await sessionAs('password', { secrets: { sudo: ['wrong'] } }, withSecret)
    const never = join(sshd.dir, 'never')
    const first = await run(session, `touch ${never}\n`, { as: 'root' })
    expect(first.outcome).toMatchObject({ kind: 'elevation-failed' })
    expect(first.sent).toBe(false)
    expect(existsSync(never)).toBe(false)
    expect(fixture.asked.rejected).toEqual(['sudo'])
    expect((await run(session, 'true\n', { as: 'root' })).outcome).toMatchObject({ kind: 'elevation-failed' })
    expect(fixture.asked.rejected).toEqual(['sudo'])
  })

  test('a wrong password is replaced in place when a better one is given', async () => {
    const { session, fixture } = await sessionAs('password', {
      prompted: ['wrong', userOf('password').password],
    })
    const { outcome } = await run(session, 'exit 6\n', { as: 'root' })
    expect(outcome).toEqual({ kind: 'exited', code: 6 })
    expect(fixture.asked.secrets.map((question) => question.rejected)).toEqual([false, true])
  })

  test('a user who may not use sudo fails with the reason, and nothing is sent', async () => {
    const { session } = await sessionAs('none', { secrets: { sudo: [userOf('none').password] } }, withSecret)
    const { outcome, sent } = await run(session, 'true\n', { as: 'root' })
    expect(outcome).toMatchObject({ kind: 'elevation-failed' })
    expect(outcome.kind === 'elevation-failed' ? outcome.reason : '').toMatch(/sudo/)
    expect(sent).toBe(false)
  })

  test('works with a terminal too', async () => {
    const { session } = await sessionAs(
      'password',
      { secrets: { sudo: [userOf('password').password] } },
      withSecret,
    )
    const { handle, stdout } = start(session, 'printf "who? "; read -r x; echo "$(id -un) $x"; exit 3\n', {
      as: 'root',
      pty: { columns: 80, rows: 24, term: 'xterm' },
    })
    await waitFor(() => Buffer.concat(stdout).includes('who? '), 'the question')
    handle.write(Buffer.from('me\n'))
    expect(await handle.outcome).toEqual({ kind: 'exited', code: 3 })
    expect(Buffer.concat(stdout).toString()).toContain('root me')
  })
})
