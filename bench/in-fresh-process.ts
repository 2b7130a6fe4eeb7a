// Each measure has a process of its own: the heap that one leaves behind must not slow down the next.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { median, type Figure } from './figure.ts'

/** Bounds one measure; that of the hosts takes about four minutes on two busy cores. */
const MEASURE_TIMEOUT_MS = 15 * 60_000

/** Runs one measure so many times, each in a fresh process, and gives the median of each figure. */
export async function measureInFreshProcess(
  name: string,
  { times, isQuick }: { readonly times: number; readonly isQuick: boolean },
): Promise<Figure[]> {
  const runs: Figure[][] = []
  for (let run = 0; run < times; run += 1) runs.push(await measureOnce(name, isQuick))
  return runs[0]!.map((figure, index) => {
    const values = runs.flatMap((run) => run[index]?.ours ?? [])
    if (values.length < 2) return figure
    const ours = median(values)
    const { goal } = figure
    const limit = goal?.limit
    return {
      ...figure,
      ours,
      ...(limit === undefined ? {} : { goal: { ...goal!, isReached: ours <= limit } }),
    }
  })
}

async function measureOnce(name: string, isQuick: boolean): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'hr-bench-figures-'))
  const file = join(directory, 'figures.json')
  const main = join(import.meta.dirname, 'main.ts')
  try {
    const args = [main, '--only', name, '--json', file, ...(isQuick ? ['--quick'] : [])]
    const options = {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'inherit',
      timeout: MEASURE_TIMEOUT_MS,
    } as const
    await execa(process.execPath, args, options)
    return (JSON.parse(readFileSync(file, 'utf8')) as { figures: Figure[] }).figures
  } catch (error) {
    return [
      { name, unit: '', note: `not measured: ${error instanceof Error ? error.message : String(error)}` },
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
