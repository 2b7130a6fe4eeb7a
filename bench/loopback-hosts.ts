// Real daemons on loopback addresses, as an inventory of ours and as configuration of the others.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepDaemon, stopDaemons } from './own-daemons.ts'
import { startSshds, type Sshd } from '../test/e2e/support/sshd.ts'

export type LoopbackHosts = {
  readonly sshds: readonly Sshd[]
  /** Text of an inventory of the first `count` hosts. */
  readonly inventory: (count: number) => string
  /** An OpenSSH configuration that names the hosts and keeps one master connection to each. */
  readonly sshConfig: string
  readonly names: readonly string[]
  readonly stop: () => Promise<void>
}

/** Starts `count` daemons; everything that they or the clients write stands in `directory`. */
export async function startLoopbackHosts(count: number, directory: string): Promise<LoopbackHosts> {
  const sshds = (await startSshds(count)).map(keepDaemon)
  const names = sshds.map((_, index) => `h${index + 1}`)
  const base = join(directory, 'base')
  mkdirSync(base, { mode: 0o700 })
  mkdirSync(join(directory, 'cm'), { mode: 0o700 })
  const sshConfig = join(directory, 'client_config')
  writeFileSync(sshConfig, sshds.map((sshd, index) => clientConfig(names[index]!, sshd, directory)).join(''))
  const inventory = (wanted: number) => {
    const hosts = sshds
      .slice(0, wanted)
      .map(
        ({ address, port, identity, knownHosts, user }, index) =>
          `  - { name: ${names[index]}, address: { private: ${address} }, ` +
          `ssh: { port: ${port}, user: ${user}, identity: ${identity}, knownHosts: ${knownHosts}, base: ${base} }, roles: { box: {} } }`,
      )
    return `handrail: 1\nname: loopback\nhosts:\n${hosts.join('\n')}\n`
  }
  const stop = () => stopDaemons(sshds)
  return { sshds, inventory, sshConfig, names, stop }
}

function clientConfig(name: string, sshd: Sshd, directory: string): string {
  const { address, port, user, identity, knownHosts } = sshd
  const options = {
    HostName: address,
    Port: port,
    User: user,
    IdentityFile: identity,
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
    ControlMaster: 'auto',
    ControlPath: join(directory, 'cm', name),
    ControlPersist: 600,
  }
  const lines = Object.entries(options).map(([key, value]) => `  ${key} ${value}\n`)
  return `Host ${name}\n${lines.join('')}`
}
