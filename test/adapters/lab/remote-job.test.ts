import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { describeUnless } from '../../support/skip.ts'
import type { HostName, JobId, RunId } from '../../../src/core/base/ids.ts'
import type { JobRequest, JobSpec, Place, StartRequest } from '../../../src/engine/remote-job/job-request.ts'
import type { JobReport } from '../../../src/engine/remote-job/job-report.ts'
import { renderRequest } from '../../../src/engine/remote-job/render-request.ts'
import { createReplyParser } from '../../../src/engine/remote-job/reply-parser.ts'
import { runScriptBytes } from '../../../src/adapters/lab/shell/run-script.ts'
import { buildPracticeHost, ops } from './shell/practice-host.ts'

type RawReply = { readonly stdout: Buffer; readonly stderr: Buffer }
/** A host to hold the contract against: it runs the input of one exchange. */
type ContractHost = { send(input: string): Promise<RawReply>; dispose(): void }
type Reply = {
  readonly report: JobReport | undefined
  readonly out: string
  readonly err: string
  readonly fields: Readonly<Record<string, string>>
  readonly items: readonly string[]
}

const hosts: readonly (readonly [string, () => ContractHost])[] = [
  ['a practice host', openPracticeHost],
  ['dash', openDash],
]
const noDash = spawnSync('dash', ['-c', ':']).error === undefined ? undefined : 'dash is not installed'

const run = 'r-1' as RunId
const job = 'a1.1' as JobId

for (const [name, open] of hosts) {
  describeUnless(name === 'dash' ? noDash : undefined)(`the remote job program on ${name}`, () =>
    contract(open),
  )
}

function contract(open: () => ContractHost): void {
  const withHost = async (
    use: (
      ask: (request: DistributiveOmit<JobRequest, 'nonce'>) => Promise<Reply>,
      place: Place,
    ) => Promise<void>,
  ): Promise<void> => {
    const host = open()
    try {
      const ask = (request: DistributiveOmit<JobRequest, 'nonce'>): Promise<Reply> =>
        exchange(host, { ...request, nonce: newNonce() } as JobRequest)
      const base = await ask({ verb: 'base', host: 'node-1' as HostName })
      await use(ask, {
        base: base.items[0] ?? '',
        host: 'node-1' as HostName,
        marker: base.fields['marker'] ?? '',
      })
    } finally {
      host.dispose()
    }
  }

  it.concurrent('runs a job once and tells its output and exit code', () =>
    withHost(async (ask, place) => {
      const first = await ask(
        start(place, { body: 'echo out; echo err >&2; echo run >> $HOME/runs; exit 3\n' }),
      )
      expect(first).toMatchObject({ report: { kind: 'exited', code: 3 }, out: 'out\n', err: 'err\n' })
      const second = await ask(start(place, { body: 'echo other\n' }))
      expect(second).toMatchObject({
        report: { kind: 'exited', code: 3 },
        out: 'out\n',
        fields: { new: '0' },
      })
      const count = await ask(start(place, { body: 'cat $HOME/runs\n' }, { job: 'a2.1' as JobId }))
      expect(count.out).toBe('run\n')
    }))

  it.concurrent('starts one job only, however many ask for it at once', () =>
    withHost(async (ask, place) => {
      const request = start(place, { body: 'echo run >> $HOME/runs; sleep 0.1; cat $HOME/runs\n' })
      const replies = await Promise.all(Array.from({ length: 5 }, () => ask(request)))
      expect(replies.filter(({ fields }) => fields['new'] === '1')).toHaveLength(1)
      expect(replies.map(({ out, report }) => ({ out, report }))).toEqual(
        Array.from({ length: 5 }, () => ({ out: 'run\n', report: { kind: 'exited', code: 0 } })),
      )
    }))

  it.concurrent('gives the job its variables and its directory, and keeps a secret body off the disk', () =>
    withHost(async (ask, place) => {
      const reply = await ask(
        start(place, {
          body: 'pwd; printf "%s\\n" "$WORD"; ls ' + place.base + '/node-1/jobs/a1.1 | grep -c body\n',
          cwd: '/tmp',
          env: { WORD: "a 'b' $c" },
          isBodySecret: true,
        }),
      )
      expect(reply).toMatchObject({ out: "/tmp\na 'b' $c\n0\n", report: { kind: 'exited', code: 1 } })
    }))

  it.concurrent('follows from byte offsets, also in the middle of a character', () =>
    withHost(async (ask, place) => {
      await ask(start(place, { body: 'printf "x\\303\\251y"; printf "err" >&2\n' }))
      const rest = await ask({ verb: 'follow', place, job, outOffset: 3, errOffset: 1, waitMs: 0 })
      expect(rest).toMatchObject({ out: 'y', err: 'rr', report: { kind: 'exited', code: 0 } })
      const cut = await ask({ verb: 'follow', place, job, outOffset: 2, errOffset: 3, waitMs: 0 })
      expect(Buffer.from(cut.out, 'latin1')).toEqual(Buffer.from([0xa9, 0x79]))
    }))

  it.concurrent('leaves a job running when nobody follows, and ends it with all its processes when told', () =>
    withHost(async (ask, place) => {
      const began = await ask(start(place, { body: 'sleep 60 & echo up; sleep 60; wait\n' }, { waitMs: 50 }))
      expect(began.report).toMatchObject({ kind: 'running' })
      await untilOut(() => ask(look(place)), 'up\n')
      const status = await ask({ verb: 'status', place, jobs: [job, 'none.1' as JobId] })
      expect(status.items).toEqual([
        expect.stringMatching(/^id=a1\.1 running started=/),
        expect.stringMatching(/^id=none\.1 absent /),
      ])
      const cancelled = await ask({ verb: 'cancel', place, run, job, graceSeconds: 2 })
      expect(cancelled.report).toEqual({ kind: 'cancelled', hasRun: true, code: 143, hasSurvivors: false })
      expect((await ask({ verb: 'cancel', place, run, job })).report).toEqual(cancelled.report)
    }))

  it.concurrent('kills a job that ignores the polite signal', () =>
    withHost(async (ask, place) => {
      await ask(start(place, { body: 'trap "" TERM; echo deaf; sleep 60; sleep 60\n' }, { waitMs: 50 }))
      await untilOut(() => ask(look(place)), 'deaf\n')
      const cancelled = await ask({ verb: 'cancel', place, run, job, graceSeconds: 1 })
      expect(cancelled.report).toEqual({ kind: 'cancelled', hasRun: true, code: 137, hasSurvivors: false })
    }))

  it.concurrent('lets the host end a job after its time', () =>
    withHost(async (ask, place) => {
      const reply = await ask(
        start(place, { body: 'echo a; sleep 60\n', killAfterSeconds: 1, graceSeconds: 1 }),
      )
      expect(reply).toMatchObject({
        out: 'a\n',
        report: { kind: 'timed-out', code: 143, hasSurvivors: false },
      })
    }))

  it.concurrent('never runs an id that was made a tombstone', () =>
    withHost(async (ask, place) => {
      const cancelled = { kind: 'cancelled', hasRun: false, code: undefined, hasSurvivors: false }
      expect((await ask({ verb: 'tombstone', place, run, job })).report).toEqual(cancelled)
      expect(await ask(start(place, { body: 'echo never\n' }))).toMatchObject({ out: '', report: cancelled })
    }))

  it.concurrent('refuses a lower epoch, another run under the lock, a changed file and a missing directory', () =>
    withHost(async (ask, place) => {
      const why = async (request: StartRequestWithoutNonce): Promise<unknown> =>
        ((await ask(request)).report as { why?: string }).why
      await ask({ verb: 'epoch', place, run, epoch: 5 })
      expect(await why(start(place, {}, { epoch: 4 }))).toBe('epoch')
      await ask({ verb: 'lock', place, lock: { mode: 'lock', run, holder: 'an operator', since: 'now' } })
      expect(await why(start(place, {}, { run: 'other' as RunId }))).toBe('locked')
      expect(await why(start(place, { cwd: '/nosuch' }, { epoch: 5 }))).toBe('cwd')
      expect(
        await why(start(place, {}, { epoch: 5, expectFile: { path: '/etc/passwd', digest: 'absent' } })),
      ).toBe('digest')
      expect((await ask(start(place, { body: 'true\n' }, { epoch: 5 }))).report).toEqual({
        kind: 'exited',
        code: 0,
      })
      expect((await ask({ verb: 'unlock', place, run })).report).toBeUndefined()
    }))

  it.concurrent('tells a never started job from lost storage', () =>
    withHost(async (ask, place) => {
      const never = await ask({ verb: 'follow', place, job, outOffset: 0, errOffset: 0, waitMs: 0 })
      expect(never.report).toEqual({ kind: 'never-started' })
      const lost = await ask({
        verb: 'follow',
        place: { ...place, marker: '0123456789abcdef' },
        job,
        outOffset: 0,
        errOffset: 0,
        waitMs: 0,
      })
      expect(lost.report).toEqual({ kind: 'storage-lost' })
    }))

  it.concurrent('removes outputs but not the memory of a job', () =>
    withHost(async (ask, place) => {
      await ask(start(place, { body: 'echo out\n' }))
      expect((await ask({ verb: 'outputs-remove', place, job })).report).toEqual({ kind: 'exited', code: 0 })
      expect(await ask(start(place, { body: 'echo again\n' }))).toMatchObject({
        out: '',
        report: { kind: 'exited', code: 0 },
      })
    }))
}

it('a practice host that was booted during a job says so, and keeps what was written', async () => {
  const practice = buildPracticeHost()
  const host = practiceContract(practice)
  const base = await exchange(host, { verb: 'base', host: 'node-1' as HostName, nonce: newNonce() })
  const place: Place = {
    base: base.items[0] ?? '',
    host: 'node-1' as HostName,
    marker: base.fields['marker'] ?? '',
  }
  await exchange(host, {
    ...buildStart(place, { body: 'echo before; sleep 60\n' }),
    waitMs: 50,
    nonce: newNonce(),
  })
  const lookNow = () => exchange(host, { ...look(place), nonce: newNonce() })
  await untilOut(lookNow, 'before\n')
  practice.reboot()
  const after = await lookNow()
  expect(after).toMatchObject({ report: { kind: 'rebooted' }, out: 'before\n' })
})

it('a practice host whose supervisor was killed tells an orphan from a dead job', async () => {
  const practice = buildPracticeHost()
  const host = practiceContract(practice)
  const base = await exchange(host, { verb: 'base', host: 'node-1' as HostName, nonce: newNonce() })
  const place: Place = {
    base: base.items[0] ?? '',
    host: 'node-1' as HostName,
    marker: base.fields['marker'] ?? '',
  }
  const lookNow = () => exchange(host, { ...look(place), nonce: newNonce() })
  await exchange(host, {
    ...buildStart(place, { body: 'echo up; sleep 60\n' }),
    waitMs: 50,
    nonce: newNonce(),
  })
  await untilOut(lookNow, 'up\n')
  const kill = (part: string): void => {
    for (const { pid, command } of practice.handle.processes())
      if (command.includes(part)) practice.handle.signalProcess(pid, 'KILL')
  }
  kill('run.sh sup')
  expect((await lookNow()).report).toMatchObject({ kind: 'orphan' })
  kill('body')
  expect((await lookNow()).report).toEqual({ kind: 'killed' })
})

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type StartRequestWithoutNonce = Omit<StartRequest, 'nonce'>

function start(
  place: Place,
  spec: Partial<JobSpec>,
  more: Partial<StartRequestWithoutNonce> = {},
): StartRequestWithoutNonce {
  return { ...buildStart(place, spec), ...more }
}

/** Asks how the job is and for all that it wrote, without waiting. */
function look(place: Place) {
  return { verb: 'follow', place, job, outOffset: 0, errOffset: 0, waitMs: 0 } as const
}

/** Waits until the job has written this: then it runs, and what stands before it in its body is done. */
async function untilOut(lookNow: () => Promise<Reply>, out: string): Promise<void> {
  // Not by `expect.poll`: tests run side by side here, and it knows of one only.
  await vi.waitFor(async () => expect((await lookNow()).out).toBe(out), { timeout: 10_000, interval: 50 })
}

function newNonce(): string {
  return randomBytes(16).toString('hex')
}

function buildStart(place: Place, spec: Partial<JobSpec>): StartRequestWithoutNonce {
  return {
    verb: 'start',
    place,
    run,
    job,
    epoch: 1,
    outOffset: 0,
    errOffset: 0,
    waitMs: 20_000,
    spec: { body: 'true\n', ...spec },
  }
}

async function exchange(host: ContractHost, request: JobRequest): Promise<Reply> {
  const raw = await host.send(renderRequest(request))
  const from = 'waitMs' in request ? { out: request.outOffset, err: request.errOffset } : { out: 0, err: 0 }
  const parser = createReplyParser(request.nonce, from)
  const events = [...parser.push('stdout', raw.stdout), ...parser.push('stderr', raw.stderr)]
  const result = parser.finish()
  if (result.status !== 'complete')
    throw new Error(`${request.verb}: ${result.reason}\n${raw.stderr.toString()}`)
  const bytes = (stream: string): string =>
    Buffer.concat(
      events.flatMap((event) => (event.type === 'output' && event.stream === stream ? [event.bytes] : [])),
    ).toString('latin1')
  const items = events.flatMap((event) => (event.type === 'item' ? [event.line.rest] : []))
  return {
    report: result.trailer.report,
    out: bytes('stdout'),
    err: bytes('stderr'),
    fields: result.header.fields,
    items,
  }
}

function openPracticeHost(): ContractHost {
  return practiceContract(buildPracticeHost())
}

function practiceContract(practice: ReturnType<typeof buildPracticeHost>): ContractHost {
  return {
    send: async (input) => {
      return runScriptBytes({
        machine: practice.machine,
        user: ops,
        argv: ['sh', '-c', 'exec /bin/sh -s'],
        stdin: input,
      })
    },
    dispose: () => practice.reboot(),
  }
}

function openDash(): ContractHost {
  const home = mkdtempSync(join(tmpdir(), 'lab-job-'))
  return {
    send: async (input) => {
      const child = spawn('dash', ['-s'], {
        cwd: home,
        detached: true,
        env: { PATH: '/usr/bin:/bin', HOME: home },
      })
      const stdout: Buffer[] = []
      const stderr: Buffer[] = []
      child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
      child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
      child.stdin.end(input)
      const { promise, resolve } = Promise.withResolvers<void>()
      child.on('close', () => resolve())
      await promise
      return { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }
    },
    dispose: () => rmSync(home, { recursive: true, force: true }),
  }
}
