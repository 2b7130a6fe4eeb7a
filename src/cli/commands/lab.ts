import { selectStateDirectory } from '../history/open-history.ts'
import { listRunEntries } from '../library/list-run-entries.ts'
import { askLab } from '../../adapters/lab/process/ask-lab.ts'
import { forgetLab } from '../../adapters/lab/process/lab-directory.ts'
import { serveLab } from '../../adapters/lab/process/serve-lab.ts'
import { listScenarios } from '../../adapters/lab/scenario/load-scenario.ts'
import { UsageError } from '../../core/base/errors.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { requireArgument } from '../command-input.ts'
import { scenarioFolders } from '../lab/lab-places.ts'
import { findLab, openLab } from '../lab/open-lab.ts'
import type { LabPlace } from '../lab/lab-model.ts'
import { formatTable } from '../output/format-table.ts'
import { say } from '../output/say.ts'

/** `handrail lab up|down|reset|goals SCENARIO` and `lab list`: practice hosts in a process of their own. */
export async function runLab(context: CliContext): Promise<CommandEnd> {
  const action = requireArgument(context.input, 0, 'what to do: up, down, reset, goals or list')
  const run = ACTIONS.get(action)
  if (run === undefined)
    throw new UsageError(`lab cannot ${action}`, ['handrail lab list', 'handrail lab up SCENARIO'])
  return run(context)
}

const ACTIONS: ReadonlyMap<string, (context: CliContext) => Promise<CommandEnd>> = new Map([
  ['up', bringUp],
  ['down', bringDown],
  ['reset', reset],
  ['list', list],
  ['goals', showGoals],
  ['serve', serve],
])

async function bringUp(context: CliContext): Promise<CommandEnd> {
  const lab = await openLab(context, requireScenario(context))
  const { scenario, directory, wasUp } = lab
  const { json, output } = context
  if (json) output.json({ scenario: scenario.name, pid: lab.pid, inventory: directory.inventory, wasUp })
  output.tell(
    say`lab:${scenario.name} ${wasUp ? 'is up already' : 'is up'}: ${scenario.inventory.hosts.length} hosts on this machine only.`,
    'good',
  )
  output.tell(say`  Its inventory: ${directory.inventory}`)
  const { runbookPath } = scenario
  if (runbookPath !== undefined)
    output.tell(say`  Walk it: handrail run ${runbookPath} -i lab:${scenario.name}`)
  return DONE
}

async function bringDown(context: CliContext): Promise<CommandEnd> {
  const place = await findLab(context, requireScenario(context))
  const wasUp = await stopLab(place)
  context.output.tell(
    wasUp
      ? say`lab:${place.scenario.name} is down; its state is kept. lab reset forgets it.`
      : say`lab:${place.scenario.name} was not up.`,
  )
  return DONE
}

async function reset(context: CliContext): Promise<CommandEnd> {
  const place = await findLab(context, requireScenario(context))
  await refuseUnderWay(context, place)
  const wasUp = await stopLab(place)
  await forgetLab(place.directory)
  if (wasUp) await openLab(context, place.scenario.path)
  context.output.tell(
    say`lab:${place.scenario.name} is as at its beginning${wasUp ? ', and up' : ''}.`,
    'good',
  )
  return DONE
}

/** Hosts that are made anew under a run would leave it without them, in the middle of its work. */
async function refuseUnderWay(context: CliContext, { scenario }: LabPlace): Promise<void> {
  const runs = await listRunEntries(selectStateDirectory(context))
  const busy = runs.find(
    ({ isUnfinished, driver, inventory }) =>
      isUnfinished && driver !== undefined && inventory === `lab-${scenario.name}`,
  )
  if (busy !== undefined)
    throw new UsageError(`run ${busy.run} is under way on lab:${scenario.name}`, [
      `handrail open ${busy.run}, then X to abort it`,
    ])
}

async function stopLab({ socketPath }: LabPlace): Promise<boolean> {
  if ((await askLab(socketPath, { ask: 'down' })) === undefined) return false
  for (let turn = 0; turn < MAX_STOP_TURNS; turn += 1) {
    if ((await askLab(socketPath, { ask: 'ping' })) === undefined) return true
    await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS))
  }
  throw new UsageError('the lab does not stop', ['handrail lab list'])
}

/** A lab needs milliseconds to save itself; ten seconds are for a machine that is busy. */
const STOP_POLL_MS = 20
const MAX_STOP_TURNS = 500

async function showGoals(context: CliContext): Promise<CommandEnd> {
  const place = await findLab(context, requireScenario(context))
  const found = await askLab(place.socketPath, { ask: 'goals' })
  if (found?.ok !== true)
    throw new UsageError(`lab:${place.scenario.name} is not up`, [`handrail lab up ${place.scenario.name}`])
  const goals = found.goals ?? []
  if (context.json) context.output.json({ scenario: place.scenario.name, goals, cluster: found.cluster })
  for (const goal of goals)
    context.output.tell(say`${goal.met ? 'reached' : 'not yet'}  ${goal.says}`, goal.met ? 'good' : 'quiet')
  return DONE
}

async function list(context: CliContext): Promise<CommandEnd> {
  const entries = await listScenarios(scenarioFolders(context))
  const rows = await Promise.all(
    entries.map(async (entry) => {
      const { socketPath } = await findLab(context, entry.path)
      const isUp = (await askLab(socketPath, { ask: 'ping' })) !== undefined
      return { ...entry, isUp }
    }),
  )
  if (context.json)
    context.output.json(
      rows.map(({ name, title, summary, runbook, isUp }) => ({ name, title, summary, runbook, up: isUp })),
    )
  const table = formatTable([
    ['LAB', 'UP', 'WHAT IT IS'],
    ...rows.map(({ name, title, isUp }) => [`lab:${name}`, isUp ? 'yes' : '-', title]),
  ])
  for (const line of table) context.output.tell(line)
  return DONE
}

/** The process of a lab itself; `lab up` starts it. */
async function serve(context: CliContext): Promise<CommandEnd> {
  const place = await findLab(context, requireScenario(context))
  await serveLab({
    ...place,
    onTerminate: (stop) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop)
      process.on('SIGHUP', () => undefined)
    },
  })
  return DONE
}

function requireScenario({ input }: CliContext): string {
  return requireArgument(input, 1, 'the scenario').replace(/^lab:/, '')
}
