// Milliseconds per host-step: ours (attached, detached) and the others, on real daemons, in one run.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { sshdMissing } from '../test/e2e/support/sshd.ts'
import { openContestants, type Contestant } from './contestants.ts'
import { openEngineBench, planOf, type EngineBench } from './engine-bench.ts'
import { atMost, median, type Figure } from './figure.ts'
import { startLoopbackHosts, type LoopbackHosts } from './loopback-hosts.ts'

export type HostStepsOptions = {
  /** Numbers of hosts, and how many repetitions each gets; everybody has a turn in each. */
  readonly sizes: readonly { readonly count: number; readonly repetitions: number }[]
}

/** Fast contestants have so many turns in a repetition, slow ones (a second and more) one. */
const FAST_TURNS = 4
const SLOW = /^(ansible|clush)/
/** The marginal cost is the slope between a run of one such step and a run of so many. */
const MANY_STEPS = 5

/** Measures all sizes one after the other; daemons are stopped by their own pid in the end. */
export async function measureHostSteps(options: HostStepsOptions): Promise<Figure[]> {
  const missing = sshdMissing()
  if (missing !== undefined) return [{ name: 'host-steps', unit: 'ms', note: `not measured: ${missing}` }]
  const bench = await openEngineBench()
  const hosts = await startLoopbackHosts(
    Math.max(...options.sizes.map(({ count }) => count)),
    bench.directory,
  )
  try {
    const figures: Figure[] = []
    for (const size of options.sizes) figures.push(...(await measureSize(bench, hosts, size)))
    return figures
  } finally {
    await bench.close()
    await hosts.stop()
  }
}

type Size = HostStepsOptions['sizes'][number]

async function measureSize(bench: EngineBench, hosts: LoopbackHosts, size: Size): Promise<Figure[]> {
  const { count } = size
  const directory = join(bench.directory, `others-${count}`)
  mkdirSync(directory)
  const { contestants, absent } = await openContestants(hosts, count, directory)
  const inventory = hosts.inventory(count)
  const checks = await bench.openChecks(planOf(inventory, runbookOf(0)))
  const one = planOf(inventory, runbookOf(1))
  const many = planOf(inventory, runbookOf(MANY_STEPS))
  const entries: Contestant[] = [
    { name: 'attached', run: checks.check, close: checks.close },
    { name: 'one', run: () => bench.run(one), close: async () => undefined },
    { name: 'many', run: () => bench.run(many), close: async () => undefined },
    ...contestants,
  ]
  try {
    const times = await takeTurns(entries, size.repetitions)
    const others = contestants.map(({ name }) => ({ name, value: median(times.get(name)!) / count }))
    const notes = absent.map(({ name, why }): Figure => ({
      name: `${name}, ${count} hosts`,
      unit: 'ms',
      note: why,
    }))
    return [...describeAttached(times, others, count), ...describeDetached(times, others, count), ...notes]
  } finally {
    for (const { close } of entries) await close()
  }
}

type Others = readonly { readonly name: string; readonly value: number }[]

function describeAttached(times: Times, others: Others, count: number): Figure[] {
  const ours = median(times.get('attached')!) / count
  return others.map((reference) => {
    const isBase = reference.name === 'raw ssh2'
    const ratio = isBase ? ours / reference.value : reference.value / ours
    const name = `check, ${count} host${count === 1 ? '' : 's'}, per host`
    const figure: Figure = { name, unit: 'ms', ours, reference, ratio }
    if (isBase) return { ...figure, goal: atMost(ratio, 2, 'ours ≤ 2× raw ssh2') }
    const isGoal = reference.name === 'ansible raw' && count >= 50
    return isGoal ? { ...figure, goal: { text: '≥ 10× faster', isReached: ratio >= 10 } } : figure
  })
}

function describeDetached(times: Times, others: Others, count: number): Figure[] {
  const slopes = times
    .get('many')!
    .map((many, index) => (many - times.get('one')![index]!) / (MANY_STEPS - 1))
  const ours = median(slopes) / count
  const reference = others.find(({ name }) => name === 'raw ssh2')!
  const name = `detached, ${count} host${count === 1 ? '' : 's'}, marginal`
  const goal = count >= 50 ? { goal: atMost(ours, 25, '≤ 25 ms per host-step') } : {}
  const first = median(times.get('one')!) / count
  return [
    { name, unit: 'ms', ours, reference, ratio: ours / reference.value, ...goal },
    {
      name: `whole run of one step, ${count} host${count === 1 ? '' : 's'}, per host`,
      unit: 'ms',
      ours: first,
    },
  ]
}

type Times = ReadonlyMap<string, readonly number[]>

/** Everybody in turn, the order moved on by one each time, so that nobody always follows the same. */
async function takeTurns(entries: readonly Contestant[], repetitions: number): Promise<Times> {
  const times = new Map<string, number[]>(entries.map(({ name }) => [name, []]))
  for (const { run } of entries) await run()
  for (let round = 0; round < repetitions; round += 1) {
    const from = round % entries.length
    for (const { name, run } of [...entries.slice(from), ...entries.slice(0, from)]) {
      const turns = SLOW.test(name) || name === 'one' || name === 'many' ? 1 : FAST_TURNS
      for (let turn = 0; turn < turns; turn += 1) {
        const began = performance.now()
        await run()
        times.get(name)!.push(performance.now() - began)
      }
    }
  }
  return times
}

/** Without a step count: one check. Else so many steps that each run a command that prints a line. */
function runbookOf(steps: number): string {
  const head = '---\nhandrail: 1\n---\n\n# Bench\n\n'
  if (steps === 0) return `${head}## Look\n<!-- handrail on=box -->\n\n\`\`\`sh check\ntest -d /\n\`\`\`\n`
  const bodies = Array.from(
    { length: steps },
    (_, index) =>
      `## Step ${index + 1}\n<!-- handrail on=box -->\n\n\`\`\`sh run\necho step ${index}\n\`\`\`\n`,
  )
  return `${head}${bodies.join('\n')}`
}
