import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import { afterEach, expect, test } from 'vitest'
import { startFaultProxy } from './fault-proxy.ts'
import { sshdMissing, startSshd, startSshds } from './sshd.ts'
import type { Sshd } from './sshd.ts'
import { describeUnless } from '../../support/skip.ts'

const missing = sshdMissing()
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

function sshArguments(sshd: Sshd, port = sshd.port): string[] {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${sshd.knownHosts}`,
    'IdentitiesOnly=yes',
  ]
  const alias = `HostKeyAlias=[${sshd.address}]:${sshd.port}`
  return [
    '-F',
    'none',
    ...[...options, alias].flatMap((o) => ['-o', o]),
    '-i',
    sshd.identity,
    '-p',
    String(port),
    sshd.address,
  ]
}

describeUnless(missing)('the sshd harness', () => {
  test('starts a daemon that real ssh can log in to, and stops it', async () => {
    const sshd = await startSshd()
    cleanups.push(sshd.stop)
    const { stdout } = await execa('ssh', [...sshArguments(sshd), 'echo reached'])
    expect(stdout).toBe('reached')
    await sshd.stop()
    expect(() => process.kill(sshd.pid, 0)).toThrow()
  })

  test('starts several daemons on one port, and kills sessions without the daemon', async () => {
    const daemons = await startSshds(3)
    cleanups.push(...daemons.map((d) => d.stop))
    expect(new Set(daemons.map((d) => d.port)).size).toBe(1)
    const sshd = daemons[2]
    const running = execa('ssh', [...sshArguments(sshd), 'echo up; sleep 30'], { reject: false })
    for await (const line of running) {
      if (line === 'up') sshd.killSessions()
    }
    expect((await running).exitCode).toBe(255)
    expect((await execa('ssh', [...sshArguments(sshd), 'echo again'])).stdout).toBe('again')
  })

  test('the proxy forwards, resets and cuts after a number of bytes', async () => {
    const sshd = await startSshd()
    const proxy = await startFaultProxy({ host: sshd.address, port: sshd.port })
    cleanups.push(proxy.stop, sshd.stop)
    const run = () =>
      execa('ssh', [...sshArguments(sshd, proxy.port), 'cat /proc/self/comm'], { reject: false })
    expect((await run()).stdout).toBe('cat')
    proxy.resetNext(1)
    expect((await run()).exitCode).toBe(255)
    proxy.cutAfter(2000, 'toClient')
    expect((await run()).exitCode).toBe(255)
    expect((await run()).stdout).toBe('cat')
    expect(readFileSync(sshd.knownHosts, 'utf8')).toContain(String(sshd.port))
  })
})
