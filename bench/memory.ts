// How much memory a process takes that drives many hosts; bundled first, as the program itself is.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { execa } from 'execa'
import { RUNNER_FLAGS } from '../src/adapters/runner/runner-flags.ts'
import { startSshd, sshdMissing, type Sshd } from '../test/e2e/support/sshd.ts'
import { atMost, type Figure } from './figure.ts'
import { keepDaemon, stopDaemons } from './own-daemons.ts'

/** Addresses that one daemon listens on: each is a host of its own, with a connection of its own. */
const ADDRESSES_EACH = 10
/** Bounds the child; 100 hosts take a few seconds. */
const CHILD_TIMEOUT_MS = 120_000

/** Measures the largest resident set of a process that checks and changes `hosts` hosts at the same time. */
export async function measureMemory(hosts: number): Promise<Figure[]> {
  const missing = sshdMissing()
  if (missing !== undefined) return [{ name: 'memory', unit: 'MB', note: `not measured: ${missing}` }]
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'hr-memory-')))
  const sshds: Sshd[] = []
  try {
    for (let from = 0; from < hosts; from += ADDRESSES_EACH) sshds.push(keepDaemon(await startGroup(from)))
    const inventory = join(directory, 'inventory.yaml')
    writeFileSync(inventory, buildInventory(sshds, hosts, join(directory, 'base')))
    const child = await buildChild(directory)
    const { stdout } = await execa(process.execPath, [...RUNNER_FLAGS, child, inventory], {
      stdin: 'ignore',
      timeout: CHILD_TIMEOUT_MS,
    })
    const { startedMb, peakMb } = JSON.parse(stdout) as { startedMb: number; peakMb: number }
    const reference = { name: 'before the first host', value: startedMb }
    const goal = hosts >= 100 ? { goal: atMost(peakMb, 150, '≤ 150 MB') } : {}
    return [{ name: `memory, ${hosts} hosts, peak`, unit: 'MB', ours: peakMb, reference, ...goal }]
  } finally {
    await stopDaemons(sshds)
    rmSync(directory, { recursive: true, force: true })
  }
}

function startGroup(from: number): Promise<Sshd> {
  const more = Array.from(
    { length: ADDRESSES_EACH - 1 },
    (_, index) => `ListenAddress ${addressOf(from + index + 1)}`,
  )
  return startSshd({ address: addressOf(from), config: more })
}

function addressOf(index: number): string {
  return `127.0.${1 + Math.floor(index / 200)}.${1 + (index % 200)}`
}

function buildInventory(sshds: readonly Sshd[], count: number, base: string): string {
  const lines = sshds.flatMap((sshd, group) => {
    const addresses = Array.from({ length: ADDRESSES_EACH }, (_, index) =>
      addressOf(group * ADDRESSES_EACH + index),
    )
    const known = addresses.map((address) => `[${address}]:${sshd.port} ${sshd.publicKeys[0]}\n`)
    writeFileSync(sshd.knownHosts, known.join(''))
    const { port, user, identity, knownHosts } = sshd
    const ssh = `port: ${port}, user: ${user}, identity: ${identity}, knownHosts: ${knownHosts}, base: ${base}`
    return addresses.map(
      (address) =>
        `  - { name: m-${address.replaceAll('.', '-')}, address: { private: ${address} }, ssh: { ${ssh} }, roles: { box: {} } }`,
    )
  })
  return `handrail: 1\nname: memory\nhosts:\n${lines.slice(0, count).join('\n')}\n`
}

async function buildChild(directory: string): Promise<string> {
  const outfile = join(directory, 'child.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'memory-child.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.13',
    external: ['*.node', 'cpu-features'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;",
    },
    logLevel: 'silent',
  })
  return outfile
}
