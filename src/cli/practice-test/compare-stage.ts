import type { Lab } from '../../adapters/lab/scenario/start-lab.ts'
import type { ToolRun } from './run-tool.ts'
import type { Expectation } from './test-schema.ts'

/** What a stage is compared with. */
export type StageOutcome = {
  readonly ran: ToolRun
  readonly lab: Lab
  /** The run as `show --json` tells it. */
  readonly show: () => Promise<unknown>
  readonly countStarts: (words: string) => number
}

/** The parts of `show --json` that are compared. */
type ShownRun = {
  readonly steps: readonly {
    readonly id: string
    readonly state: string
    readonly hosts: readonly {
      readonly host: string
      readonly state: string
      readonly outcome: string | null
    }[]
  }[]
  readonly waiting: readonly {
    readonly step: string | null
    readonly host: string | null
    readonly question: string
  }[]
}

/** Says in sentences what is not as expected. */
export async function compareStage(expected: Expectation, outcome: StageOutcome): Promise<readonly string[]> {
  const { ran, countStarts } = outcome
  const found: string[] = []
  if (expected.exit !== undefined && ran.exitCode !== expected.exit)
    found.push(`exit code ${ran.exitCode ?? 'none (killed)'} instead of ${expected.exit}`)
  for (const words of expected.says)
    if (!ran.output.includes(words)) found.push(`the output does not hold ${JSON.stringify(words)}`)
  for (const [words, times] of Object.entries(expected.started))
    if (countStarts(words) !== times)
      found.push(`${words} was started ${countStarts(words)} times instead of ${times}`)
  if (Object.keys(expected.steps).length > 0 || expected.asked !== undefined)
    found.push(...compareRun(expected, (await outcome.show()) as ShownRun))
  found.push(...compareGoals(expected, outcome.lab))
  return found
}

function compareRun({ steps, asked }: Expectation, run: ShownRun): readonly string[] {
  const found: string[] = []
  for (const [id, wanted] of Object.entries(steps)) {
    const step = run.steps.find((each) => each.id === id)
    if (step === undefined) {
      found.push(`there is no step ${id}`)
      continue
    }
    const hosts =
      typeof wanted === 'string' ? step.hosts.map(({ host }) => [host, wanted]) : Object.entries(wanted)
    if (hosts.length === 0 && step.state !== wanted)
      found.push(`${id} is ${step.state} instead of ${String(wanted)}`)
    for (const [host, state] of hosts) {
      const shown = step.hosts.find((each) => each.host === host)
      const is = shown?.outcome ?? shown?.state ?? 'absent'
      if (is !== state) found.push(`${id} on ${host} is ${is} instead of ${state}`)
    }
  }
  if (asked !== undefined) {
    const open = run.waiting.map(formatQuestion).toSorted()
    if (open.join('\n') !== asked.toSorted().join('\n'))
      found.push(`open questions are [${open.join(', ')}] instead of [${asked.join(', ')}]`)
  }
  return found
}

function formatQuestion({ step, host }: ShownRun['waiting'][number]): string {
  return `${step ?? 'plan'}${host === null ? '' : `@${host}`}`
}

function compareGoals({ goals }: Expectation, lab: Lab): readonly string[] {
  if (goals === undefined) return []
  const results = goals === 'met' ? lab.checkGoals() : lab.checkGoals(goals)
  return results
    .filter(({ met }) => !met)
    .map(({ says, reason }) => `not reached: ${says}${reason === undefined ? '' : ` (${reason})`}`)
}
