import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JobId } from '../../../src/core/base/ids.ts'
import { HOST, RUN, SHELLS, TestHost, buildStart, newNonce, waitFor } from './shells.ts'
import { testUnless } from '../../support/skip.ts'

const JOB = 'a1.1' as JobId
const noMount = probeMount() ? undefined : 'a full disk was not tried: mounting a small tmpfs needs root'

/** A small file system of its own, unmounted at the end. */
function mountSmall(kilobytes: number) {
  const path = mkdtempSync(join(tmpdir(), 'small-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=700`, 'tmpfs', path])
  const unmount = () => {
    if (status === 0) spawnSync('umount', ['-l', path])
    rmSync(path, { recursive: true, force: true })
  }
  return { path, isMounted: status === 0, [Symbol.dispose]: unmount }
}

function probeMount(): boolean {
  using small = mountSmall(64)
  return small.isMounted
}

function fill(path: string): void {
  spawnSync('dd', ['if=/dev/zero', `of=${path}/filler`, 'bs=1k'])
}

describe.each(SHELLS)('on a full disk under %s', (_, shell) => {
  testUnless(noMount)('a start is refused before anything runs, and works once there is room', async () => {
    using host = new TestHost(shell)
    using small = mountSmall(256)
    const place = await host.place(`${small.path}/base`)
    fill(small.path)
    const start = () => buildStart(place, { body: 'echo ran >>"$HOME/ran"\n' })
    expect((await host.ask(start())).report).toMatchObject({ kind: 'refused', why: 'disk' })
    expect(existsSync(`${host.home}/ran`)).toBe(false)
    expect(readdirSync(`${place.base}/${HOST}/new`)).toEqual([])
    rmSync(`${small.path}/filler`)
    expect((await host.ask(start())).report).toEqual({ kind: 'exited', code: 0 })
  })

  testUnless(noMount)('the exit code of a job that filled it is recorded', async () => {
    using host = new TestHost(shell)
    using small = mountSmall(256)
    const place = await host.place(`${small.path}/base`)
    const reply = await host.ask(buildStart(place, { body: 'head -c 1000000 /dev/zero; exit 9\n' }))
    expect(reply.report).toEqual({ kind: 'exited', code: 9 })
    const cancelled = await host.ask({ verb: 'cancel', nonce: newNonce(), place, job: JOB, run: RUN })
    expect(cancelled.report).toEqual({ kind: 'exited', code: 9 })
  })
})

describe.each(SHELLS)('without /proc under %s', (_, shell) => {
  it('the same table is told from ps and sysctl', async () => {
    using host = new TestHost(shell)
    mkdirSync(`${host.home}/bin`)
    writeFileSync(
      `${host.home}/bin/sysctl`,
      '#!/bin/sh\n[ "$2" = kern.boottime ] && echo "{ sec = 1700000000, usec = 5 } Tue Nov 14"\n',
    )
    chmodSync(`${host.home}/bin/sysctl`, 0o755)
    host.environment = { PATH: `${host.home}/bin:${process.env['PATH'] ?? ''}` }
    host.rewrite = (script) => script.replace('h_P=/proc\n', 'h_P=/nowhere\n')
    const place = await host.place()
    expect(place.boot).toBe('1700000000')
    const body = 'echo begun\ntrap "" TERM\nwhile :; do sleep 0.05; done\n'
    await host.ask(buildStart(place, { body }, { waitMs: 0 }))
    const directory = host.directory(place, JOB)
    await waitFor('output', () => readFileSync(`${directory}/out`, 'utf8') === 'begun\n')
    const probe = async () =>
      (
        await host.ask({
          verb: 'follow',
          nonce: newNonce(),
          place,
          job: JOB,
          outOffset: 0,
          errOffset: 0,
          waitMs: 0,
        })
      ).report
    expect(await probe()).toMatchObject({ kind: 'running', isStarted: true })
    const cancelled = await host.ask({
      verb: 'cancel',
      nonce: newNonce(),
      place,
      job: JOB,
      run: RUN,
      graceSeconds: 0,
    })
    expect(cancelled.report).toMatchObject({
      kind: 'cancelled',
      hasRun: true,
      code: 137,
      hasSurvivors: false,
    })
    expect((await host.ask(buildStart(place, { body: 'exit 6\n' }, { job: 'b.1' as JobId }))).report).toEqual(
      { kind: 'exited', code: 6 },
    )
  })
})

describe.each(SHELLS.filter(([name]) => name !== 'busybox ash'))(
  'without setsid and perl under %s',
  (_, shell) => {
    it('a job runs, outlives its starter and can be cancelled', async () => {
      using host = new TestHost(shell)
      mkdirSync(`${host.home}/bin`)
      for (const program of [
        'mkdir',
        'mv',
        'rm',
        'head',
        'dd',
        'ls',
        'sleep',
        'id',
        'df',
        'tail',
        'uname',
        'cat',
        'env',
        ...shell.slice(0, 1),
      ]) {
        symlinkSync(
          spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim(),
          `${host.home}/bin/${program}`,
        )
      }
      host.environment = { PATH: `${host.home}/bin` }
      const place = await host.place()
      const { child, done } = host.open(buildStart(place, { body: 'echo begun; sleep 30\n' }))
      await waitFor(
        'output',
        () =>
          existsSync(`${host.directory(place, JOB)}/out`) &&
          readFileSync(`${host.directory(place, JOB)}/out`, 'utf8') === 'begun\n',
      )
      process.kill(child.pid ?? 0, 'SIGKILL')
      expect(await done).toMatchObject({ status: 'lost' })
      const reply = await host.ask({
        verb: 'cancel',
        nonce: newNonce(),
        place,
        job: JOB,
        run: RUN,
        graceSeconds: 1,
      })
      expect(reply.report).toMatchObject({ kind: 'cancelled', hasRun: true })
    })
  },
)
