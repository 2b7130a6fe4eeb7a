import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { JobId } from '../../../src/core/base/ids.ts'
import { HOST, RUN, SHELLS, TestHost, buildStart, findProcesses, newNonce, waitFor } from './shells.ts'

const JOB = 'a1.1' as JobId
const CUTS = 25

describe.each(SHELLS)('a race under %s', (_, shell) => {
  it('of the end with a probe is told as the end: the state is read again before "killed"', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    writeFileSync(`${host.home}/stay`, '')
    await host.ask(buildStart(place, { body: 'while [ -e stay ]; do sleep 0.02; done\n' }, { waitMs: 0 }))
    await waitFor('running', () => readdirSync(host.directory(place, JOB)).includes('state.running'))
    // The probe reads "running", then waits until the supervisor is gone, then looks for it.
    const pause = `if [ "$h_pass" = 1 ]; then true >"$HOME/read"; read -r h_a h_pid h_ts <"jobs/$1/sup"; while h_up "$h_pid" "$h_ts"; do h_nap 10; done; fi\n`
    host.rewrite = (script) => script.replace('do\nh_state "$1"\n', (text) => `${text}${pause}`)
    const probe = host.open({
      verb: 'follow',
      nonce: newNonce(),
      place,
      job: JOB,
      outOffset: 0,
      errOffset: 0,
      waitMs: 0,
    })
    await waitFor('the first look', () => existsSync(`${host.home}/read`))
    rmSync(`${host.home}/stay`)
    expect(await probe.done).toMatchObject({
      status: 'complete',
      trailer: { report: { kind: 'exited', code: 0 } },
    })
  })

  it('of a tombstone with a start that was claimed is won by one of them', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    // The child stops just before its rename, until the tombstone is written.
    host.rewrite = (script) =>
      script.replace(
        'mv state.claimed state.running',
        'while [ ! -e "$h_d/../../../go" ]; do h_nap 10; done; mv state.claimed state.running',
      )
    await host.ask(
      buildStart(place, { body: 'echo ran >>"$HOME/ran"\n', interpreter: '/bin/sh' }, { waitMs: 0 }),
    )
    host.rewrite = (script) => script
    await waitFor('the child', () => existsSync(`${host.directory(place, JOB)}/kid`))
    const reply = await host.ask({ verb: 'tombstone', nonce: newNonce(), place, job: JOB, run: RUN })
    expect(reply.report).toMatchObject({ kind: 'cancelled', hasRun: false })
    const [, pid] = readFileSync(`${host.directory(place, JOB)}/sup`, 'utf8').split(' ')
    writeFileSync(`${place.base}/go`, '')
    await waitFor('the supervisor to end', () => !findProcesses('run.sh').includes(Number(pid)))
    expect(existsSync(`${host.home}/ran`)).toBe(false)
    expect(readdirSync(host.directory(place, JOB))).toContain('state.stop---')
  })

  it('of a lost connection with the request: what arrived cut off runs nothing', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const request = buildStart(place, { body: 'echo ran >>"$HOME/ran"\n'.repeat(50), env: { S: 'x' } })
    for (let cut = 1; cut <= CUTS; cut += 1) {
      host.rewrite = (script) => script.slice(0, cut === CUTS ? -3 : Math.floor((script.length * cut) / CUTS))
      expect(await host.open(request).done).toMatchObject({ status: 'lost', reason: 'no-header' })
    }
    expect(existsSync(`${host.home}/ran`)).toBe(false)
    expect(readdirSync(`${place.base}/${HOST}/jobs`)).toEqual(['.marker'])
    expect(readdirSync(`${place.base}/${HOST}/new`)).toEqual([])
  })

  it('leaves no follower behind when its parent is gone, and the job goes on', async () => {
    const mark = `MARK${newNonce()}`
    using host = new TestHost(['dash', '-c', `${shell.join(' ')} -s; :`], shell)
    using plain = new TestHost(shell)
    const place = await plain.place()
    host.environment = { M: mark }
    const start = buildStart(place, { body: 'unset M; exec env -i sh -c "echo begun; sleep 30"\n' })
    const { child } = host.open(start)
    const out = `${plain.directory(place, JOB)}/out`
    await waitFor('output', () => existsSync(out) && readFileSync(out, 'utf8') === 'begun\n')
    child.kill('SIGKILL')
    await waitFor('the follower to leave', () => findProcesses(mark, 'run.sh').length === 0)
    const reply = await plain.ask({
      verb: 'follow',
      nonce: newNonce(),
      place,
      job: JOB,
      outOffset: 6,
      errOffset: 0,
      waitMs: 0,
    })
    expect(reply.report).toMatchObject({ kind: 'running', isStarted: true })
    await plain.ask({ verb: 'cancel', nonce: newNonce(), place, job: JOB, run: RUN, graceSeconds: 1 })
  })

  it('leaves nothing of a starter that died before its claim once another starts', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    host.rewrite = (script) =>
      script.replace('then mv -f "$h_N"', (text) => text.replace('mv', () => 'kill -s KILL $$; mv'))
    expect((await host.ask(buildStart(place, { body: 'echo secret\n', isBodySecret: true }))).status).toBe(
      'lost',
    )
    expect(readdirSync(`${place.base}/${HOST}/new`)).toHaveLength(1)
    host.rewrite = (script) => script
    expect((await host.ask(buildStart(place, {}))).report).toEqual({ kind: 'exited', code: 0 })
    expect(readdirSync(`${place.base}/${HOST}/new`)).toEqual([])
  })
})
