import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Digest, JobId, RunId } from '../../../src/core/base/ids.ts'
import { describePassedBase } from '../../../src/engine/remote-job/passed-base.ts'
import { parseHostFacts, parseHostLock } from '../../../src/engine/remote-job/host-facts.ts'
import { HOST, RUN, SHELLS, TestHost, buildStart, collect, newNonce } from './shells.ts'

const OTHER = 'zzzz-0000' as RunId
const JOB = 'a1.1' as JobId

async function askFacts(host: TestHost, configured?: string) {
  return (await askBase(host, configured)).facts
}

async function askBase(host: TestHost, configured?: string) {
  const reply = await host.ask({
    verb: 'base',
    nonce: newNonce(),
    host: HOST,
    ...(configured === undefined ? {} : { configured }),
  })
  return { facts: parseHostFacts(reply.events), events: reply.events }
}

describe.each(SHELLS)('a host under %s', { concurrent: true }, (_, shell) => {
  it('gives the configured base, else ~/.cache/handrail, and its facts; the marker stays', async () => {
    using host = new TestHost(shell)
    const first = await askFacts(host, `${host.home}/it's mine/base`)
    expect(first).toMatchObject({
      base: `${host.home}/it's mine/base`,
      uid: process.getuid?.(),
      session: 'setsid',
      operatingSystem: 'Linux',
    })
    expect(first?.freeKiB).toBeGreaterThan(0)
    expect(await askFacts(host, `${host.home}/it's mine/base`)).toMatchObject({
      marker: first?.marker,
      boot: first?.boot,
    })
    expect(await askFacts(host)).toMatchObject({ base: `${host.home}/.cache/handrail` })
  })

  it.each([
    [
      'a symbolic link',
      (path: string) => (mkdirSync(`${path}.real`, { mode: 0o700 }), symlinkSync(`${path}.real`, path)),
      /is a symbolic link: name/,
    ],
    [
      'open to others',
      (path: string) => (mkdirSync(path), chmodSync(path, 0o755)),
      /has mode 0755 and belongs to \S+: .*chmod 700 \S+base$/,
    ],
    ['a file', (path: string) => writeFileSync(path, ''), /is not a directory/],
    ['below a file', (path: string) => writeFileSync(path.replace(/\/base$/, ''), ''), /is not there/],
  ])('does not take a base that is %s, and says so', async (_, make, words) => {
    using host = new TestHost(shell)
    const base = `${host.home}/in/base`
    mkdirSync(`${host.home}/in`)
    if (words.source.includes('not there')) rmSync(`${host.home}/in`, { recursive: true })
    make(base)
    const { facts, events } = await askBase(host, base)
    expect(facts).toMatchObject({ base: `${host.home}/.cache/handrail`, operatingSystem: 'Linux' })
    expect(facts?.freeKiB).toBeGreaterThan(0)
    expect(describePassedBase(base, events)).toMatch(words)
    const relative = await askBase(host, 'relative')
    expect(relative.facts).toMatchObject({ base: `${host.home}/.cache/handrail` })
    expect(describePassedBase('relative', relative.events)).toMatch(/is not an absolute path/)
  })

  it('refuses a lower epoch, remembers a higher one, and nothing starts in a run that was collected', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const seize = (epoch: number) => host.ask({ verb: 'epoch', nonce: newNonce(), place, run: RUN, epoch })
    expect((await seize(5)).status).toBe('complete')
    expect(existsSync(`${place.base}/${HOST}/runs/${RUN}`)).toBe(true)
    expect((await seize(4)).report).toMatchObject({
      kind: 'refused',
      why: 'epoch',
      detail: { epoch: '000000005' },
    })
    expect((await host.ask(buildStart(place, {}, { epoch: 4 }))).report).toMatchObject({
      kind: 'refused',
      why: 'epoch',
    })
    expect(existsSync(host.directory(place, JOB))).toBe(false)
    expect((await host.ask(buildStart(place, {}, { epoch: 10 }))).report).toMatchObject({ kind: 'exited' })
    expect((await seize(9)).report).toMatchObject({ why: 'epoch' })
    await host.ask({ verb: 'gc', nonce: newNonce(), place, run: RUN })
    expect((await host.ask(buildStart(place, {}, { epoch: 11, job: 'b.1' as JobId }))).report).toMatchObject({
      why: 'epoch',
    })
  })

  it('does not start when a takeover raised the epoch between the check and the claim', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    host.rewrite = (script) =>
      script.replace('\nh_claim claimed\n', `\ntrue >"epochs/${RUN}.000000007"\nh_claim claimed\n`)
    expect((await host.ask(buildStart(place, { body: 'echo ran >"$HOME/ran"\n' }))).report).toMatchObject({
      kind: 'refused',
      why: 'epoch',
    })
    host.rewrite = (script) => script
    const reply = await host.ask(buildStart(place, {}, { epoch: 7 }))
    expect(reply.report).toMatchObject({ kind: 'cancelled', hasRun: false })
    expect(existsSync(`${host.home}/ran`)).toBe(false)
  })

  it('does not touch a claimed directory when a late starter gets as far as the rename', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    await host.ask(buildStart(place, { body: 'echo 1\n' }))
    const before = readdirSync(host.directory(place, JOB))
    host.rewrite = (script) => script.replace(`h_new=0\nif [ ! -d "jobs/$h_id" ]`, 'h_new=0\nif :')
    const reply = await host.ask(buildStart(place, { body: 'echo 2\n' }))
    expect(reply.header?.fields['new']).toBe('0')
    expect(collect(reply.events, 'stdout').toString()).toBe('1\n')
    expect(readdirSync(host.directory(place, JOB))).toEqual(before)
    expect(readdirSync(`${place.base}/${HOST}/new`)).toEqual([])
  })

  it('has one lock, which names run, holder and since when, and turns into a notice', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const lock = (run: RunId, mode: 'lock' | 'notice', force = false) =>
      host.ask({
        verb: 'lock',
        nonce: newNonce(),
        place,
        force,
        lock: { mode, run, holder: 'Ann <a=b>\n', since: '2026-01-02T03:04:05Z' },
      })
    const seen = (reply: Awaited<ReturnType<typeof lock>>) =>
      reply.status === 'complete' ? parseHostLock(reply.trailer) : undefined
    expect(seen(await lock(RUN, 'lock'))).toEqual({
      mode: 'lock',
      run: RUN,
      holder: 'Ann <a=b>\n',
      since: '2026-01-02T03:04:05Z',
    })
    const refused = await lock(OTHER, 'lock')
    expect(refused.report).toMatchObject({ kind: 'refused', why: 'locked', detail: { run: RUN } })
    expect((await host.ask(buildStart(place, {}, { run: OTHER }))).report).toMatchObject({ why: 'locked' })
    expect((await host.ask(buildStart(place, {}))).report).toMatchObject({ kind: 'exited' })
    expect(seen(await lock(RUN, 'notice'))).toMatchObject({ mode: 'notice', run: RUN })
    expect((await host.ask(buildStart(place, {}, { run: OTHER, job: 'o.1' as JobId }))).report).toMatchObject(
      { kind: 'exited' },
    )
    expect((await lock(OTHER, 'lock')).report).toMatchObject({ why: 'locked' })
    expect(seen(await lock(OTHER, 'lock', true))).toMatchObject({ mode: 'lock', run: OTHER })
    const unlock = (run: RunId) => host.ask({ verb: 'unlock', nonce: newNonce(), place, run })
    expect(seen(await unlock(RUN))).toMatchObject({ run: OTHER })
    expect(seen(await unlock(OTHER))).toBeUndefined()
  })

  it('gives a lock to one of ten runs that ask at once', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const runs = Array.from({ length: 10 }, (_, i) => `run-${i}` as RunId)
    const replies = await Promise.all(
      runs.map((run) =>
        host.ask({
          verb: 'lock',
          nonce: newNonce(),
          place,
          lock: { mode: 'lock', run, holder: 'x', since: 't' },
        }),
      ),
    )
    expect(replies.filter((reply) => reply.report === undefined)).toHaveLength(1)
  })

  it('removes job directories of the ended run alone, older than 24 hours, and none that runs', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const start = (job: string, run = RUN, body = 'true\n') =>
      host.ask(
        buildStart(place, { body }, { job: job as JobId, run, waitMs: body === 'true\n' ? 20_000 : 0 }),
      )
    await start('old.1')
    await start('new.1')
    await start('other.1', OTHER)
    await start('running.1', RUN, 'sleep 20\n')
    const before = Date.now() / 1000 - 25 * 3600
    for (const job of ['old.1', 'other.1', 'running.1'])
      utimesSync(host.directory(place, job), before, before)
    const reply = await host.ask({ verb: 'gc', nonce: newNonce(), place, run: RUN })
    expect(reply.status === 'complete' && reply.trailer.fields).toMatchObject({ removed: '1', kept: '2' })
    expect(readdirSync(`${place.base}/${HOST}/jobs`).toSorted()).toEqual([
      '.marker',
      'new.1',
      'other.1',
      'running.1',
    ])
    await host.ask({
      verb: 'cancel',
      nonce: newNonce(),
      place,
      job: 'running.1' as JobId,
      run: RUN,
      graceSeconds: 1,
    })
  })

  it('keeps of an ended run only that its jobs ran, and after a day nothing, whichever run looks', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    const collect = (run: RunId) => host.ask({ verb: 'gc', nonce: newNonce(), place, run })
    const ended = host.directory(place, 'a1.1')
    mkdirSync(`${place.base}/${HOST}/runs/${RUN}`, { recursive: true })
    await host.ask(buildStart(place, { body: 'echo 1\n' }))
    await host.ask(buildStart(place, { body: 'echo 2\n' }, { job: 'other.1' as JobId, run: OTHER }))
    await collect(RUN)
    const left = readdirSync(ended)
    for (const name of ['out', 'err', 'body', 'spec', 'run.sh']) expect(left).not.toContain(name)
    expect(left).toContain('state.exit000')
    // The other run goes on: its output is still wanted.
    expect(readdirSync(host.directory(place, 'other.1'))).toContain('out')
    const before = Date.now() / 1000 - 25 * 3600
    utimesSync(ended, before, before)
    await collect(OTHER)
    expect(existsSync(ended)).toBe(false)
    expect(existsSync(`${place.base}/${HOST}/runs/${RUN}`)).toBe(false)
    expect(existsSync(host.directory(place, 'other.1'))).toBe(true)
  })

  it('starts in the home directory where the directory of the login cannot be entered', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    host.rewrite = (script) => `mkdir gone && cd gone && rmdir ../gone\n${script}`
    const { report } = await host.ask(buildStart(place, { body: '[ "$PWD" = "$HOME" ]' }))
    expect(report).toMatchObject({ kind: 'exited', code: 0 })
  })

  it('refuses when the directory is missing or the target file is another than was shown', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    expect((await host.ask(buildStart(place, { cwd: '/nowhere' }))).report).toMatchObject({ why: 'cwd' })
    const path = `${host.home}/the file`
    writeFileSync(path, 'one\n')
    const expectFile = (digest: string) => ({ expectFile: { path, digest: digest as Digest } })
    const digest = createHash('sha256').update('one\n').digest('hex')
    expect((await host.ask(buildStart(place, {}, expectFile('0'.repeat(64))))).report).toMatchObject({
      why: 'digest',
    })
    expect((await host.ask(buildStart(place, {}, expectFile('absent')))).report).toMatchObject({
      why: 'digest',
    })
    expect((await host.ask(buildStart(place, {}, expectFile(digest)))).report).toMatchObject({
      kind: 'exited',
    })
    rmSync(path)
    expect(
      (await host.ask(buildStart(place, {}, { ...expectFile('absent'), job: 'b.1' as JobId }))).report,
    ).toMatchObject({ kind: 'exited' })
  })

  it('may greet: its noise is told apart', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    host.rewrite = (script) => `echo Welcome; echo careful >&2\n${script}`
    const reply = await host.ask(buildStart(place, { body: 'echo hello\n' }))
    expect(reply.report).toMatchObject({ kind: 'exited' })
    expect(collect(reply.events, 'stdout', 'noise').toString()).toBe('Welcome\n')
    expect(collect(reply.events, 'stderr', 'noise').toString()).toBe('careful\n')
    expect(collect(reply.events, 'stdout').toString()).toBe('hello\n')
  })

  it('tells the state of many jobs in one exchange', async () => {
    using host = new TestHost(shell)
    const place = await host.place()
    await host.ask(buildStart(place, { body: 'echo hello; exit 4\n' }))
    const reply = await host.ask({ verb: 'status', nonce: newNonce(), place, jobs: [JOB, 'b.1' as JobId] })
    const items = reply.events.flatMap((event) =>
      event.type === 'item' ? [[event.line.fields['id'], event.line.report, event.line.fields['out']]] : [],
    )
    expect(items).toEqual([
      [JOB, { kind: 'exited', code: 4 }, '6'],
      ['b.1', { kind: 'never-started' }, '-'],
    ])
    expect(readFileSync(`${host.directory(place, JOB)}/body`, 'utf8')).toContain('hello')
  })
})
