// The others, doing what a probe of ours does: one trivial command on every host, over warm connections.
import { readFileSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import ssh2 from 'ssh2'
import type { LoopbackHosts } from './loopback-hosts.ts'
import type { Sshd } from '../test/e2e/support/sshd.ts'

export type Contestant = {
  readonly name: string
  /** Runs the command once on all hosts; rejects if it failed on one. */
  readonly run: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Why a tool takes no part. */
export type Absent = { readonly name: string; readonly why: string }

/** What everybody runs: it looks at something and changes nothing. */
const COMMAND = 'test -d /'
const ANSIBLE_MODULES = ['raw', 'command'] as const
/** No single run of another tool may hold up the comparison for longer. */
const TOOL_TIMEOUT_MS = 120_000

/** Readies bare ssh2, OpenSSH's master, ansible and clush for the first `count` hosts. */
export async function openContestants(
  hosts: LoopbackHosts,
  count: number,
  directory: string,
): Promise<{ readonly contestants: readonly Contestant[]; readonly absent: readonly Absent[] }> {
  const names = hosts.names.slice(0, count)
  const contestants = [await openRawSsh2(hosts.sshds.slice(0, count))]
  const absent: Absent[] = []
  const given = { hosts, names, directory }
  if (!isInstalled('ssh')) absent.push({ name: 'ControlMaster', why: 'there is no ssh program' })
  else contestants.push(await openMaster(given))
  if (!isInstalled('ansible')) absent.push({ name: 'ansible', why: 'not installed (Debian: ansible-core)' })
  else for (const module of ANSIBLE_MODULES) contestants.push(openAnsible(given, module))
  if (!isInstalled('clush')) absent.push({ name: 'clush', why: 'not installed (Debian: clustershell)' })
  else contestants.push(openClush(given))
  return { contestants, absent }
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((directory) => existsSync(join(directory, program)))
}

async function openRawSsh2(sshds: readonly Sshd[]): Promise<Contestant> {
  const clients: ssh2.Client[] = []
  for (const sshd of sshds) clients.push(await connectRaw(sshd))
  return {
    name: 'raw ssh2',
    run: async () => void (await Promise.all(clients.map(execRaw))),
    close: async () => clients.forEach((client) => client.end()),
  }
}

function connectRaw({ address, port, user, identity }: Sshd): Promise<ssh2.Client> {
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client)).once('error', reject)
    client.connect({
      host: address,
      port,
      username: user,
      privateKey: readFileSync(identity),
      algorithms: { cipher: ['aes128-gcm@openssh.com'] },
      // The daemons were started by this very benchmark, on loopback.
      hostVerifier: () => true,
    })
    client.setNoDelay(true)
  })
}

function execRaw(client: ssh2.Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.exec('exec /bin/sh -s', (error, channel) => {
      if (error !== undefined) return reject(error)
      channel.once('close', (code: number | undefined) =>
        code === 0 ? resolve() : reject(new Error(`ended with ${code}`)),
      )
      channel.resume()
      channel.stderr.resume()
      channel.end(`${COMMAND}\n`)
    })
  })
}

type Given = { readonly hosts: LoopbackHosts; readonly names: readonly string[]; readonly directory: string }

/** One `ssh` for each host and command, all at once, through masters that are connected already. */
async function openMaster({ hosts, names }: Given): Promise<Contestant> {
  const ssh = (name: string, ...args: string[]) =>
    execa('ssh', ['-F', hosts.sshConfig, ...args, name, COMMAND], {
      stdin: 'ignore',
      stdout: 'ignore',
      timeout: TOOL_TIMEOUT_MS,
    })
  for (const name of names) await ssh(name)
  return {
    name: 'ControlMaster',
    run: async () => void (await Promise.all(names.map((name) => ssh(name)))),
    close: async () => void (await Promise.all(names.map((name) => endMaster(hosts.sshConfig, name)))),
  }
}

function endMaster(sshConfig: string, name: string) {
  return execa('ssh', ['-F', sshConfig, '-O', 'exit', name], { reject: false, stdin: 'ignore' })
}

function openAnsible(given: Given, module: (typeof ANSIBLE_MODULES)[number]): Contestant {
  const { hosts, names, directory } = given
  const inventory = join(directory, `ansible-${names.length}`)
  const config = join(directory, 'ansible.cfg')
  writeFileSync(inventory, `${names.join('\n')}\n`)
  writeFileSync(
    config,
    [
      '[defaults]',
      `local_tmp = ${join(directory, 'ansible-local')}`,
      `remote_tmp = ${join(directory, 'ansible-remote')}`,
      'interpreter_python = /usr/bin/python3',
      '[ssh_connection]',
      'pipelining = True',
      `ssh_args = -F ${hosts.sshConfig}`,
      '',
    ].join('\n'),
  )
  const args = ['all', '-i', inventory, '-f', String(names.length), '-m', module, '-a', COMMAND]
  return {
    name: `ansible ${module}`,
    run: async () => {
      const env = { ANSIBLE_CONFIG: config, ANSIBLE_HOME: join(directory, 'ansible-home') }
      await execa('ansible', args, { env, stdin: 'ignore', stdout: 'ignore', timeout: TOOL_TIMEOUT_MS })
    },
    close: async () => undefined,
  }
}

function openClush({ hosts, names }: Given): Contestant {
  const args = ['-q', '-S', '-f', String(names.length), '-o', `-F ${hosts.sshConfig}`, '-w', names.join(',')]
  return {
    name: 'clush',
    run: async () => {
      const options = { stdin: 'ignore', stdout: 'ignore', timeout: TOOL_TIMEOUT_MS } as const
      await execa('clush', [...args, COMMAND], options)
    },
    close: async () => undefined,
  }
}
