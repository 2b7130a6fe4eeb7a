// How long `--version` takes against Node that does nothing.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { atMost, median, type Figure } from './figure.ts'

const ROOT = join(import.meta.dirname, '..')
/** The first ones fill the system's caches. */
const WARM_UP = 3

/** Measures the launcher and the bundle alone, interleaved with `node -e 0`. */
export function measureVersion(repetitions: number): Figure[] {
  const launcher = [join(ROOT, 'bin/handrail'), '--version']
  const bundle = [process.execPath, join(ROOT, 'dist/handrail.mjs'), '--version']
  const bare = [process.execPath, '-e', '0']
  const times = { launcher: [] as number[], bundle: [] as number[], bare: [] as number[] }
  for (let round = -WARM_UP; round < repetitions; round += 1) {
    const each = { bare: timeOf(bare), launcher: timeOf(launcher), bundle: timeOf(bundle) }
    if (round < 0) continue
    times.bare.push(each.bare)
    times.launcher.push(each.launcher)
    times.bundle.push(each.bundle)
  }
  const reference = { name: 'node -e 0', value: median(times.bare) }
  return (['launcher', 'bundle'] as const).map((key) => {
    const ours = median(times[key])
    const ratio = ours / reference.value
    const name = key === 'launcher' ? 'bin/handrail --version' : 'node dist/handrail.mjs --version'
    return { name, unit: 'ms', ours, reference, ratio, goal: atMost(ratio, 1.5, '≤ 1.5×') }
  })
}

function timeOf([program, ...args]: readonly string[]): number {
  const began = performance.now()
  const { status } = spawnSync(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const took = performance.now() - began
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
  return took
}
