import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { JobId } from '../../../src/core/base/ids.ts'
import type { Place } from '../../../src/engine/remote-job/job-request.ts'
import { decideSafeAction } from '../../../src/engine/remote-job/job-report.ts'
import { RUN, SHELLS, TestHost, buildStart, collect, findProcesses, newNonce, waitFor } from './shells.ts'

const JOB = 'a1.1' as JobId

async function probe(host: TestHost, place: Place, boot?: string) {
  const reply = await host.ask({
    verb: 'follow',
    nonce: newNonce(),
    place,
    job: JOB,
    outOffset: 0,
    errOffset: 0,
    waitMs: 0,
    ...(boot === undefined ? {} : { boot }),
  })
  if (reply.report === undefined) throw new Error(`no report: ${JSON.stringify(reply)}`)
  return {
    ...reply.report,
    action: decideSafeAction(reply.report),
    out: collect(reply.events, 'stdout').toString(),
  }
}

/** Starts a job that stays until its directory is removed, and returns once it runs. */
async function startLasting(
  host: TestHost,
  place: Place,
  body = 'echo begun\nwhile [ -e stay ]; do sleep 0.05; done\n',
): Promise<string> {
  writeFileSync(`${host.home}/stay`, '')
  await host.ask(buildStart(place, { body }, { waitMs: 0 }))
  const directory = host.directory(place, JOB)
  await waitFor('output', () => readFileSync(`${directory}/out`, 'utf8') === 'begun\n')
  return directory
}

function pidIn(file: string): number {
  const words = readFileSync(file, 'utf8').trim().split(' ')
  return Number(words.at(-2))
}

async function kill9(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await waitFor(
    'death',
    () => !existsSync(`/proc/${pid}`) || / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')),
  )
}

describe.each(SHELLS)('a job under %s', { concurrent: true }, (_, shell) => {
  it('runs once, gives its bytes and exit code, and answers again with the same', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const body = `printf 'a\\0\\377b'; printf "it's\n" >&2; cat; echo x >>ran; exit 7`
    const first = await host.ask(buildStart(place, { body }))
    expect(first.report).toEqual({ kind: 'exited', code: 7 })
    expect(collect(first.events, 'stdout')).toEqual(Buffer.from([97, 0, 255, 98]))
    expect(collect(first.events, 'stderr').toString()).toBe("it's\n")
    const second = await host.ask(buildStart(place, { body }))
    expect(second.header?.fields['new']).toBe('0')
    expect(second.report).toEqual({ kind: 'exited', code: 7 })
    expect(collect(second.events, 'stdout')).toHaveLength(4)
    expect(readFileSync(`${host.home}/ran`, 'utf8')).toBe('x\n')
  })

  it('tells never started from lost storage and from a reboot by marker and boot token', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    expect(await probe(host, place, place.boot)).toMatchObject({
      kind: 'never-started',
      action: 'start-same-id',
    })
    expect(await probe(host, place, 'other.1')).toMatchObject({ kind: 'rebooted', action: 'unknown' })
    expect(await probe(host, { ...place, marker: 'other' })).toMatchObject({
      kind: 'storage-lost',
      action: 'unknown',
    })
    rmSync(place.base, { recursive: true })
    expect(await probe(host, place)).toMatchObject({ kind: 'storage-lost', action: 'unknown' })
    expect((await host.ask(buildStart(place, {}))).report).toMatchObject({ kind: 'refused', why: 'storage' })
  })

  it('is not started when it was claimed and the supervisor is dead', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    host.rewrite = (script) => script.replace(/^h_own .* sup .*$/m, 'exit')
    await host.ask(buildStart(place, { body: 'echo ran >>ran\n' }, { waitMs: 0 }))
    host.rewrite = (script) => script
    expect(readdirSync(host.directory(place, JOB))).toContain('state.claimed')
    expect(await probe(host, place)).toMatchObject({
      kind: 'not-started',
      action: 'tombstone-then-new-attempt',
    })
    const tombstone = await host.ask({ verb: 'tombstone', nonce: newNonce(), place, job: JOB, run: RUN })
    expect(tombstone.report).toMatchObject({ kind: 'cancelled', hasRun: false })
    expect(existsSync(`${host.directory(place, JOB)}/body`)).toBe(false)
    expect(existsSync(`${host.home}/ran`)).toBe(false)
  })

  it('is running, then orphan, then killed as its processes die', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const directory = await startLasting(host, place)
    expect(await probe(host, place)).toMatchObject({
      kind: 'running',
      isStarted: true,
      action: 'follow',
      out: 'begun\n',
    })
    await kill9(pidIn(`${directory}/sup`))
    expect(await probe(host, place)).toMatchObject({ kind: 'orphan', action: 'follow-then-unknown' })
    await kill9(pidIn(`${directory}/kid`))
    expect(await probe(host, place)).toMatchObject({ kind: 'killed', action: 'unknown' })
  })

  it('is rebooted when the boot token is another, also if only claimed', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const directory = await startLasting(host, place)
    const meta = readFileSync(`${directory}/sup`, 'utf8')
    writeFileSync(`${directory}/sup`, meta.replace(place.boot, 'other.1'))
    expect(await probe(host, place)).toMatchObject({ kind: 'rebooted', action: 'unknown' })
    renameSync(`${directory}/state.running`, `${directory}/state.claimed`)
    expect(await probe(host, place)).toMatchObject({ kind: 'rebooted', action: 'unknown' })
    renameSync(`${directory}/state.claimed`, `${directory}/state.running`)
    rmSync(`${host.home}/stay`)
    await waitFor('the end', () => readdirSync(directory).includes('state.exit000'))
  })

  it('is cancelled with all of its tree, though the tree ignores TERM', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const mark = `MARK${newNonce()}`
    const body = `trap '' TERM; export M=${mark}; sh -c 'trap "" TERM; (sleep 100; :) & sleep 100; :' & echo begun; sleep 100; sleep 100\n`
    await startLasting(host, place, body)
    await waitFor('the tree', () => findProcesses(mark).length > 2)
    const reply = await host.ask({
      verb: 'cancel',
      nonce: newNonce(),
      place,
      job: JOB,
      run: RUN,
      graceSeconds: 1,
    })
    expect(reply.report).toMatchObject({ kind: 'cancelled', hasRun: true, code: 137, hasSurvivors: false })
    expect(findProcesses(mark)).toEqual([])
  })

  it('that is an orphan can be cancelled too', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const directory = await startLasting(host, place)
    await kill9(pidIn(`${directory}/sup`))
    const reply = await host.ask({
      verb: 'cancel',
      nonce: newNonce(),
      place,
      job: JOB,
      run: RUN,
      graceSeconds: 1,
    })
    expect(reply.report).toMatchObject({ kind: 'cancelled', hasRun: true })
    expect(
      existsSync(`/proc/${pidIn(`${directory}/kid`)}`) &&
        /^\d+ \(.*\) [^ZX]/.test(readFileSync(`/proc/${pidIn(`${directory}/kid`)}/stat`, 'utf8')),
    ).toBe(false)
  })

  it('is ended by the host itself only if that was asked', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const reply = await host.ask(
      buildStart(place, { body: 'sleep 60\n', killAfterSeconds: 1, graceSeconds: 1 }),
    )
    expect(reply.report).toMatchObject({ kind: 'timed-out', code: 143, hasSurvivors: false })
  })

  it('never starts after its tombstone, and the tombstone of a running job ends it', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const tombstone = { verb: 'tombstone', place, job: JOB, run: RUN, graceSeconds: 1 } as const
    const first = await host.ask({ ...tombstone, nonce: newNonce() })
    expect(first.report).toEqual({ kind: 'cancelled', hasRun: false, code: undefined, hasSurvivors: false })
    const start = await host.ask(buildStart(place, { body: 'echo ran >ran\n' }))
    expect(start.report).toMatchObject({ kind: 'cancelled', hasRun: false })
    expect(existsSync(`${host.home}/ran`)).toBe(false)
    await host.ask(buildStart(place, { body: 'sleep 60\n' }, { job: 'b.1' as JobId, waitMs: 0 }))
    const second = await host.ask({ ...tombstone, nonce: newNonce(), job: 'b.1' as JobId })
    expect(second.report).toMatchObject({ kind: 'cancelled' })
  })

  it('keeps its tombstone when its outputs are removed', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    await host.ask(buildStart(place, { body: 'echo hello\n' }))
    const reply = await host.ask({ verb: 'outputs-remove', nonce: newNonce(), place, job: JOB })
    expect(reply).toMatchObject({ report: { kind: 'exited', code: 0 } })
    expect(existsSync(`${host.directory(place, JOB)}/out`)).toBe(false)
    expect(await probe(host, place)).toMatchObject({ kind: 'exited', code: 0, out: '' })
    expect((await host.ask(buildStart(place, {}))).header?.fields['new']).toBe('0')
  })

  it('that starts a daemon ends with itself, not with the daemon', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const mark = `MARK${newNonce()}`
    const reply = await host.ask(buildStart(place, { body: `M=${mark} sleep 60 & echo hello\n` }))
    expect(reply.report).toEqual({ kind: 'exited', code: 0 })
    // The daemon has its own environment once it is no longer the shell that began it.
    await waitFor('the daemon', () => findProcesses(mark).length === 1)
    for (const pid of findProcesses(mark)) process.kill(pid)
  })

  it('gets cwd, umask, environment, interpreter, and default signals; its secret is neither on disk nor in any argv', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    mkdirSync(`${host.home}/with space`)
    const secret = `s3cr'et\n$x ${newNonce()}`
    const body = `[ ! -e "$D/body" ] || exit 9; pwd; umask; printf %s "$S" >"$HOME/got"; cat; : '${newNonce()}'\n`
    const start = buildStart(place, {
      body,
      cwd: `${host.home}/with space`,
      env: { S: secret, D: host.directory(place, JOB) },
      isBodySecret: true,
      signals: 'env',
    })
    const reply = await host.ask(start)
    expect(reply.report).toEqual({ kind: 'exited', code: 0 })
    expect(collect(reply.events, 'stdout').toString()).toBe(`${host.home}/with space\n0022\n`)
    expect(readFileSync(`${host.home}/got`, 'utf8')).toBe(secret)
    const tail = body.slice(-34, -2)
    for (const text of [secret.slice(-32), tail])
      expect(spawnSync('grep', ['-r', text, place.base]).status).toBe(1)
    const other = await host.ask(
      buildStart(place, { body: 'b\na\n', interpreter: "sort '-r' -" }, { job: 'i.1' as JobId }),
    )
    expect(collect(other.events, 'stdout').toString()).toBe('b\na\n')
    const signals = await host.ask(
      buildStart(place, { body: 'grep SigIgn /proc/self/status\n', signals: 'env' }, { job: 's.1' as JobId }),
    )
    expect(collect(signals.events, 'stdout').toString()).toBe('SigIgn:\t0000000000000000\n')
  })
})
