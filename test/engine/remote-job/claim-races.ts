import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { JobId } from '../../../src/core/base/ids.ts'
import { RUN, SHELLS, TestHost, buildStart, newNonce } from './shells.ts'

const STARTERS = 20
/** What bash takes for a series is six times what the others take. */
const BASH_SERIES = 4

/** How often each of the two is tried: a race is not lost at every turn. */
export type ClaimTrials = { readonly series: number; readonly kills: number }

/** Tries the claim of a job under every shell that is here. */
export function describeClaim(trials: ClaimTrials): void {
  describe.each(SHELLS)('the claim under %s', (name, shell) => {
    const series = name === 'bash' ? Math.min(BASH_SERIES, trials.series) : trials.series
    itIsWonOnce(shell, series)
    itSurvivesKills(shell, trials.kills)
  })
}

function itIsWonOnce(shell: readonly string[], count: number): void {
  it(
    `lets one of ${STARTERS} concurrent starters run the job, in each of ${count} series`,
    { timeout: 180_000 },
    async () => {
      using host = new TestHost(shell)
      const place = await host.place()
      for (let series = 0; series < count; series += 1) {
        const job = `s${series}.1` as JobId
        const start = () =>
          host.ask(buildStart(place, { body: `echo x >>"$HOME/${job}"; exit 3\n` }, { job }))
        const replies = await Promise.all(Array.from({ length: STARTERS }, start))
        expect(replies.filter((reply) => reply.header?.fields['new'] === '1')).toHaveLength(1)
        expect(replies.map((reply) => reply.report)).toEqual(replies.map(() => ({ kind: 'exited', code: 3 })))
        expect(readFileSync(`${host.home}/${job}`, 'utf8')).toBe('x\n')
        expect(readdirSync(host.directory(place, job)).filter((file) => file.startsWith('n.'))).toHaveLength(
          1,
        )
      }
      expect(readdirSync(`${place.base}/node-1/new`)).toEqual([])
    },
  )
}

function itSurvivesKills(shell: readonly string[], kills: number): void {
  it(
    `runs a job at most once though ${kills} starters are killed at any moment, and knows whether it ran`,
    { timeout: 120_000 },
    async () => {
      using host = new TestHost(shell)
      const place = await host.place()
      const verdicts: string[] = []
      for (let turn = 0; turn < kills; turn += 1) {
        const job = `k${turn}.1` as JobId
        const request = () =>
          buildStart(place, { body: `echo x >>"$HOME/${job}"\n`, env: { S: 'secret' } }, { job })
        const { child, done } = host.open(request())
        const delayMs = (turn * 25) / kills
        await new Promise((resolve) => setTimeout(resolve, delayMs))
        try {
          process.kill(-(child.pid ?? 0), 'SIGKILL')
        } catch {
          // It had ended already.
        }
        await done
        const reply = await host.ask(request())
        const ran = existsSync(`${host.home}/${job}`) ? readFileSync(`${host.home}/${job}`, 'utf8') : ''
        verdicts.push(reply.report?.kind ?? 'none')
        if (reply.report?.kind === 'not-started') {
          const tombstone = await host.ask({ verb: 'tombstone', nonce: newNonce(), place, job, run: RUN })
          // A supervisor may be on its way that had not signed yet: then the tombstone came too late, and says so.
          const isTold = tombstone.report?.kind === 'exited' || tombstone.report?.kind === 'cancelled'
          const hasRun = tombstone.report?.kind !== 'cancelled' || tombstone.report.hasRun
          expect(isTold).toBe(true)
          if (!hasRun) expect(existsSync(`${host.home}/${job}`)).toBe(false)
        } else {
          expect({ report: reply.report, ran }).toEqual({ report: { kind: 'exited', code: 0 }, ran: 'x\n' })
        }
      }
      expect(verdicts.filter((kind) => kind === 'exited').length).toBeGreaterThan(kills / 2)
    },
  )
}
