import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { JobId } from '../../../src/core/base/ids.ts'
import type { FollowRequest } from '../../../src/engine/remote-job/job-request.ts'
import { SHELLS, TestHost, buildStart, collect, newNonce, waitFor } from './shells.ts'

const LINES = 60_000
const PRODUCE = `i=0; while [ $i -lt ${LINES} ]; do echo "line $i"; [ $((i % 100)) -ne 0 ] || echo "err $i" >&2; i=$((i+1)); done; printf end; exit 5\n`
const OUT = `${Array.from({ length: LINES }, (_, i) => `line ${i}\n`).join('')}end`
const ERR = Array.from({ length: LINES / 100 }, (_, i) => `err ${i * 100}\n`).join('')

describe.each(SHELLS)('following under %s', (_, shell) => {
  it(
    `gives ${LINES} lines exactly though followers are killed at random moments`,
    { timeout: 180_000 },
    async () => {
      using host = new TestHost(shell)
      const place = await host.place()
      let request = buildStart(place, { body: PRODUCE })
      const out: Buffer[] = []
      const err: Buffer[] = []
      let kills = 0
      let exchange = host.open(request)
      for (let turn = 0; turn < 200; turn += 1) {
        const killer = setTimeout(
          () => process.kill(-(exchange.child.pid ?? 0), 'SIGKILL'),
          15 + Math.random() * 60 + turn * 2,
        )
        const result = await exchange.done
        clearTimeout(killer)
        out.push(collect(exchange.events, 'stdout'))
        err.push(collect(exchange.events, 'stderr'))
        const report = result.status === 'complete' ? result.trailer.report?.kind : undefined
        // Killed between claim and launch the id is dead, and a new one is started.
        if (report === 'not-started') request = { ...request, job: `again${turn}.1` as JobId }
        if (report === 'never-started' || report === 'not-started') {
          // Killed before its claim the same id may be started again.
          exchange = host.open({ ...request, nonce: newNonce() })
          continue
        }
        if (result.status === 'complete') {
          expect(result.trailer.report).toEqual({ kind: 'exited', code: 5 })
          break
        }
        kills += 1
        const offsets = { outOffset: Buffer.concat(out).length, errOffset: Buffer.concat(err).length }
        const follow: FollowRequest = {
          verb: 'follow',
          nonce: newNonce(),
          place,
          job: request.job,
          waitMs: 20_000,
          ...offsets,
        }
        exchange = host.open(follow)
      }
      expect(kills).toBeGreaterThan(1)
      expect(Buffer.concat(out).toString() === OUT).toBe(true)
      expect(Buffer.concat(err).toString() === ERR).toBe(true)
    },
  )

  it('ends with "running" when its time is over', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const body = 'echo hello; while [ ! -e go ]; do sleep 0.02; done; echo bye\n'
    const started = await host.ask(buildStart(place, { body }, { waitMs: 50 }))
    expect(started.report).toMatchObject({ kind: 'running' })
    const out = `${host.directory(place, 'a1.1')}/out`
    await waitFor('output', () => readFileSync(out, 'utf8') === 'hello\n')
    const follow = (outOffset: number, waitMs: number) =>
      host.ask({
        verb: 'follow',
        nonce: newNonce(),
        place,
        job: 'a1.1' as JobId,
        outOffset,
        errOffset: 0,
        waitMs,
      })
    const reply = await follow(0, 50)
    expect(reply.report).toMatchObject({ kind: 'running', isStarted: true })
    expect(collect(reply.events, 'stdout').toString()).toBe('hello\n')
    writeFileSync(`${host.home}/go`, '')
    const rest = await follow(6, 20_000)
    expect(rest.report).toEqual({ kind: 'exited', code: 0 })
    expect(collect(rest.events, 'stdout').toString()).toBe('bye\n')
  })

  it('carries 32 MB in both streams exactly', { timeout: 180_000 }, async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const reply = await host.ask(
      buildStart(place, {
        body: 'head -c 32000000 /dev/zero | tr "\\0" "\\377"; head -c 32000000 /dev/zero >&2\n',
      }),
    )
    expect(reply.status).toBe('complete')
    expect(collect(reply.events, 'stdout').equals(Buffer.alloc(32_000_000, 255))).toBe(true)
    expect(collect(reply.events, 'stderr').equals(Buffer.alloc(32_000_000))).toBe(true)
  })

  it.each([
    [
      'every control character',
      `${String.fromCharCode(...Array.from({ length: 31 }, (_, i) => i + 1))}\u007f\u0080\u0081\u0088\u009f`,
    ],
    [
      'quotes, here-documents and no final line feed',
      `cat <<'E'\n'\\''$(x)\`y\`"\\\nE\n!! ${'\\'.repeat(7)}'`,
    ],
    ['final line feeds', 'a\n\n\n'],
    ['nothing', ''],
    ['a percent sign and a leading dash', '-n %s %d\\n\\0101\n'],
    ['letters of all sizes', 'ä€😀\u{10ffff}'],
    ['one megabyte', "echo 'x'; ".repeat(100_000)],
  ])('gives the interpreter the exact bytes: %s', async (_, body) => {
    using host = new TestHost(shell)
    const place = await host.place()
    for (const isBodySecret of [false, true]) {
      const job = `b${String(isBodySecret)}.1` as JobId
      const reply = await host.ask(buildStart(place, { body, interpreter: 'cat', isBodySecret }, { job }))
      expect(reply.report).toEqual({ kind: 'exited', code: 0 })
      expect(collect(reply.events, 'stdout').toString() === body).toBe(true)
    }
  })
})
