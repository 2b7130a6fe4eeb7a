import { execa } from 'execa'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { startSshds, type Sshd } from './sshd.ts'

/** Lines that the loud step prints; with a pause per hundred it takes about `LOUD_LINES / 2000` seconds. */
export const LOUD_LINES = 4000

/** The secret that must be found nowhere but where it belongs. */
export const TOKEN = 'tOk3n-\'quoted"-canary'

/** A running program. */
export type Tool = PromiseLike<{ readonly exitCode?: number; readonly all: string }> & {
  readonly kill: (signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM') => boolean
}

/** Some real hosts behind breakable wires, an inventory of them, and a state directory of their own. */
export type Practice = {
  readonly dir: string
  readonly inventory: string
  readonly stateDir: string
  readonly hosts: readonly PracticeHost[]
  /** Runs the program to its end. */
  readonly run: (args: readonly string[], options?: { readonly input?: string }) => Promise<Ended>
  /** Starts the program; the caller ends it. */
  readonly start: (args: readonly string[]) => Tool
  readonly stop: () => Promise<void>
}

export type PracticeHost = {
  readonly name: string
  readonly dir: string
  readonly sshd: Sshd
  readonly proxy: FaultProxy
  readonly lines: (file: string) => string[]
}
export type Ended = {
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
  readonly all: string
  readonly lastLine: string
}

/** Starts `count` daemons, a proxy in front of each, and writes the inventory. */
export async function startPractice(count: number): Promise<Practice> {
  const dir = mkdtempSync(join(tmpdir(), 'hr-e2e-'))
  const sshds = await startSshds(count)
  const hosts = await Promise.all(sshds.map((sshd, index) => preparePracticeHost(dir, sshd, index)))
  const inventory = join(dir, 'inventory.yaml')
  writeFileSync(inventory, renderInventory(dir, hosts))
  const stateDir = join(dir, 'state')
  const env = {
    ...process.env,
    HANDRAIL_STATE_DIR: stateDir,
    HR_TOKEN: TOKEN,
    XDG_RUNTIME_DIR: dir,
    NO_COLOR: '1',
  }
  const start: Practice['start'] = (args) => {
    const child = execa('bin/handrail', args, { env, reject: false, stdin: 'ignore', all: true })
    return Object.assign(
      child.then(({ exitCode, all }) => ({ all, ...(exitCode === undefined ? {} : { exitCode }) })),
      { kill: (signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM') => child.kill(signal) },
    )
  }
  return {
    dir,
    inventory,
    stateDir,
    hosts,
    start,
    run: async (args, { input } = {}) => {
      const ended = await execa('bin/handrail', args, {
        env,
        reject: false,
        ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
        all: true,
        timeout: 110_000,
      })
      const lastLine = ended.stderr.trimEnd().split('\n').at(-1) ?? ''
      return { code: ended.exitCode, stdout: ended.stdout, stderr: ended.stderr, all: ended.all, lastLine }
    },
    stop: async () => {
      await Promise.all(hosts.map(({ proxy }) => proxy.stop()))
      await Promise.all(sshds.map((sshd) => sshd.stop()))
      rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}

async function preparePracticeHost(dir: string, sshd: Sshd, index: number): Promise<PracticeHost> {
  const name = `box${index + 1}`
  const own = join(dir, name)
  mkdirSync(own)
  writeFileSync(join(own, 'number'), `${index + 1}\n`)
  writeFileSync(join(own, 'wanted-token.ini'), `[auth]\ntoken = ${TOKEN}\n`)
  writeFileSync(join(own, 'settings.ini'), '; kept as it is\n[other]\nx = 1\n\n[main]\nnumber=0\n')
  const proxy = await startFaultProxy({ host: sshd.address, port: sshd.port })
  const lines = (file: string): string[] =>
    existsSync(join(own, file)) ? readFileSync(join(own, file), 'utf8').trimEnd().split('\n') : []
  return { name, dir: own, sshd, proxy, lines }
}

function renderInventory(dir: string, hosts: readonly PracticeHost[]): string {
  const known = hosts.map(({ sshd, proxy }) =>
    sshd.publicKeys.map((key) => `[${proxy.address}]:${proxy.port} ${key}\n`).join(''),
  )
  writeFileSync(join(dir, 'known_hosts'), known.join(''))
  const rows = hosts.map(
    ({ name, dir: own, sshd, proxy }) =>
      `  - { name: ${name}, dc: DC1, address: { private: ${proxy.address} }, roles: { box: {} }, vars: { dir: ${own} }, ssh: { port: ${proxy.port}, user: ${sshd.user}, identity: ${sshd.identity}, knownHosts: ${join(dir, 'known_hosts')}, base: ${join(dir, `base-${name}`)} } }`,
  )
  return `handrail: 1
name: practice
environment: { name: practice, level: test }
vars: { log: ${join(dir, 'rolling.log')}, lines: ${LOUD_LINES} }
datacenters: [{ name: DC1, racks: [] }]
hosts:
${rows.join('\n')}
secrets:
  token: { env: HR_TOKEN }
`
}

/** What the loud step must have printed, to the byte. */
export function expectedLoudOutput(): string {
  return Array.from(
    { length: LOUD_LINES },
    (_, index) => `line ${index} of a long output that must come back byte for byte\n`,
  ).join('')
}
