import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExecOutcome, Session } from '../../src/engine/ports/transport.ts'
import { run, start, waitFor } from './support/transport-fixture.ts'
import { describeUnless } from '../support/skip.ts'

/** What a transport kind is known not to be able to tell; everything else is the same for all. */
export type Traits = {
  /** A signalled shell is told as such; OpenSSH's client can only tell 128 + number. */ readonly tellsSignals: boolean
  /** Set where it cannot run here: the reason is printed and the table skipped. */ readonly missing?: string
}

export type Subject = { readonly session: Session; readonly stop: () => Promise<void> }

const MEGABYTE = 1024 * 1024

/** One table of what every transport kind guarantees about `exec`; run it once for each kind, the lab included. */
export function describeTransportContract(
  name: string,
  traits: Traits,
  prepare: () => Promise<Subject>,
): void {
  describeUnless(traits.missing)(`${name} keeps the contract of exec`, () => {
    let subject: Subject
    beforeAll(async () => {
      subject = await prepare()
    })
    afterAll(() => subject?.stop())

    const outcomes: [string, string, ExecOutcome][] = [
      ['success', 'true', { kind: 'exited', code: 0 }],
      ['a failure', 'exit 1', { kind: 'exited', code: 1 }],
      ['exit 255, which is not a lost connection', 'exit 255', { kind: 'exited', code: 255 }],
      ['exit 300, as the system sees it', 'exit 300', { kind: 'exited', code: 44 }],
      ['exit 137, which is not SIGKILL', 'exit 137', { kind: 'exited', code: 137 }],
      [
        'a shell that was killed',
        'kill -9 $$',
        traits.tellsSignals ? { kind: 'signalled', signal: 'SIGKILL' } : { kind: 'exited', code: 137 },
      ],
    ]
    test.each(outcomes)('tells %s', async (_, script, expected) => {
      const { outcome, sent } = await run(subject.session, `${script}\n`)
      expect(outcome).toEqual(expected)
      expect(sent).toBe(true)
    })

    test('keeps both outputs apart and exact, whatever the bytes', async () => {
      const script = String.raw`printf 'out\377\000\001\n'; printf '\303err\200' >&2; printf '\342\202'; printf '\254'`
      const { stdout, stderr, outcome } = await run(subject.session, script)
      expect(outcome).toEqual({ kind: 'exited', code: 0 })
      expect(stdout.toString('hex')).toBe('6f7574ff00010ae282ac')
      expect(stderr.toString('hex')).toBe('c365727280')
    })

    test('gives the script exactly the bytes of its input, and then the end', async () => {
      const line = Buffer.from([...Array.from({ length: 95 }, (_, i) => i + 32), 0xa0, 0xff, 0xc3, 0x28, 10])
      const bytes = Buffer.concat(Array.from({ length: 3_000 }, () => line))
      const script = Buffer.concat([
        Buffer.from("cat <<'THE END'\n"),
        bytes,
        Buffer.from('THE END\nread -r more; echo $?\n'),
      ])
      const { stdout } = await run(subject.session, script)
      expect(stdout.subarray(0, -2).equals(bytes)).toBe(true)
      expect(stdout.subarray(-2).toString()).toBe('1\n')
    })

    test('drains 8 MB of standard error that nobody asked for', async () => {
      const handle = subject.session.exec({
        input: `dd if=/dev/zero bs=65536 count=128 >&2 2>/dev/null; exit 3\n`,
      })
      expect(await handle.outcome).toEqual({ kind: 'exited', code: 3 })
    })

    test('hands over 8 MB on both outputs without losing a byte', async () => {
      let [out, err] = [0, 0]
      const handle = subject.session.exec({
        input:
          '{ dd if=/dev/zero bs=65536 count=128 2>/dev/null & dd if=/dev/zero bs=65536 count=128 >&2 2>/dev/null; wait; }\n',
        onStdout: (chunk) => void (out += chunk.length),
        onStderr: (chunk) => void (err += chunk.length),
      })
      expect(await handle.outcome).toEqual({ kind: 'exited', code: 0 })
      expect([out, err]).toEqual([8 * MEGABYTE, 8 * MEGABYTE])
    })

    test('reads no more than it can hand on: a slow reader keeps memory bounded', async () => {
      const controller = new AbortController()
      const { promise: blocked, resolve: unblock } = Promise.withResolvers<void>()
      let taken = 0
      const before = process.memoryUsage().rss
      const handle = subject.session.exec({
        input: 'yes 0123456789012345678901234567890123456789\n',
        signal: controller.signal,
        onStdout: (chunk) => {
          taken += chunk.length
          return blocked
        },
      })
      await waitFor(() => taken > 0, 'the first chunk')
      // Other work on the same session goes on meanwhile, and gives the flood time to pile up if it could.
      for (let i = 0; i < 20; i++) expect((await run(subject.session, 'true\n')).outcome.kind).toBe('exited')
      expect(taken).toBeLessThan(4 * MEGABYTE)
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * MEGABYTE)
      controller.abort()
      expect(await handle.outcome).toEqual({ kind: 'lost', sent: true, reason: 'cancelled' })
      unblock()
    })

    test('ends a cancelled exec at once, and the session stays usable', async () => {
      const controller = new AbortController()
      const { handle, stdout } = start(subject.session, 'echo up; sleep 60\n', { signal: controller.signal })
      await waitFor(() => stdout.length > 0, 'the script to run')
      controller.abort()
      expect(await handle.outcome).toEqual({ kind: 'lost', sent: true, reason: 'cancelled' })
      expect((await run(subject.session, 'exit 7\n')).outcome).toEqual({ kind: 'exited', code: 7 })
    })

    test('sends nothing for an exec that was cancelled before', async () => {
      const { outcome, sent } = await run(subject.session, 'true\n', { signal: AbortSignal.abort() })
      expect(outcome).toEqual({ kind: 'lost', sent: false, reason: 'cancelled' })
      expect(sent).toBe(false)
    })

    test('runs 20 at once without mixing them up', async () => {
      const ran = await Promise.all(
        Array.from({ length: 20 }, (_, i) => run(subject.session, `echo ${i}; exit ${i}\n`)),
      )
      expect(ran.map(({ stdout, outcome }) => [stdout.toString().trim(), outcome])).toEqual(
        Array.from({ length: 20 }, (_, i) => [String(i), { kind: 'exited', code: i }]),
      )
    })

    test('rejects a user name that is none, before anything runs', async () => {
      const { outcome } = await run(subject.session, 'true\n', { as: 'root; id' })
      expect(outcome.kind).toBe('elevation-failed')
    })

    test('gives a terminal to the script, its size, the keyboard, and no echo of the script', async () => {
      const { handle, stdout } = start(
        subject.session,
        'stty size; printf "name? "; read -r name; echo "hello $name"; exit 5\n',
        {
          pty: { columns: 91, rows: 33, term: 'xterm' },
        },
      )
      await waitFor(() => Buffer.concat(stdout).includes('name? '), 'the question')
      handle.write(Buffer.from('Ada\n'))
      const outcome = await handle.outcome
      const text = Buffer.concat(stdout).toString()
      expect(text).toContain('33 91')
      expect(text).toContain('hello Ada')
      expect(text).not.toContain('stty size')
      expect(outcome).toEqual({ kind: 'exited', code: 5 })
    })
  })
}
