import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selectLabDirectory, writeLabFiles } from '../../adapters/lab/process/lab-directory.ts'
import type { LabDirectory } from '../../adapters/lab/process/lab-directory.ts'
import type { Scenario } from '../../adapters/lab/scenario/load-scenario.ts'
import { startLab } from '../../adapters/lab/scenario/start-lab.ts'
import type { Lab } from '../../adapters/lab/scenario/start-lab.ts'
import { compareStage } from './compare-stage.ts'
import { formatAnswerOptions } from './format-answer-options.ts'
import { runTool } from './run-tool.ts'
import type { ToolRun } from './run-tool.ts'
import type { TestCase, TestStage } from './test-schema.ts'

export type CaseRequest = {
  readonly testCase: TestCase
  readonly scenario: Scenario
  readonly runbook: string
  /** The command that starts this tool again. */
  readonly tool: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string | undefined>>
}

/** How a case went; no mismatch means that it passed. */
export type CaseResult = {
  readonly name: string
  readonly scenario: string
  readonly mismatches: readonly string[]
  readonly durationMs: number
  /** What the tool printed, stage by stage. */
  readonly output: string
}

/** The cluster of a test works faster than one at which somebody looks. */
const HASTE = 4

/** Runs one case: practice hosts in this process, the tool in one of its own, as a person would start it. */
export async function runCase(request: CaseRequest): Promise<CaseResult> {
  const { testCase, scenario } = request
  const beganMs = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'handrail-test-'))
  const secrets = { ...scenario.data.secrets, ...testCase.secrets }
  const lab = await startLab({ scenario: { ...scenario, data: { ...scenario.data, secrets } }, haste: HASTE })
  const mismatches: string[] = []
  let output = ''
  try {
    // Beside the state directory, not in it: what lies in there is a lab that the tool would bring up itself.
    const directory = selectLabDirectory(join(folder, 'hosts'), scenario.name)
    await writeLabFiles(lab, directory, true)
    await breakInventory(directory, testCase)
    for (const [index, stage] of testCase.stages.entries()) {
      const place = {
        request,
        lab,
        state: join(folder, 'state'),
        inventory: directory.inventory,
        secretFile: (name: string) => join(directory.path, 'secrets', name),
      }
      const ran = await runStage(stage, place)
      output += ran.output
      const found = await compareStage(stage.expect, {
        ran,
        lab,
        show: () => showRun(place),
        countStarts: (words) => countStarts(lab, words),
      })
      mismatches.push(...found.map((each) => `stage ${index + 1} (${stage.do}): ${each}`))
      if (found.length > 0) break
    }
  } finally {
    await lab.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const durationMs = Math.round(performance.now() - beganMs)
  return { name: testCase.name, scenario: scenario.name, mismatches, durationMs, output }
}

type StagePlace = {
  readonly request: CaseRequest
  readonly lab: Lab
  readonly state: string
  readonly inventory: string
  readonly secretFile: (name: string) => string
}

async function runStage(stage: TestStage, place: StagePlace): Promise<ToolRun> {
  const { request, lab, state, inventory } = place
  for (const fault of stage.faults) lab.faults.add(fault)
  for (const [name, value] of Object.entries(stage.secrets)) await writeFile(place.secretFile(name), value)
  const answers = stage.answers ?? request.scenario.data.answers
  const args =
    stage.do === 'resume'
      ? ['resume', ...formatAnswerOptions(answers)]
      : stage.do === 'check'
        ? ['check', request.runbook, '-i', inventory]
        : ['run', request.runbook, '-i', inventory, ...formatAnswerOptions(answers)]
  const inline = stage.do === 'check' ? [] : ['--inline']
  const running = runTool({
    command: [
      ...request.tool,
      ...args,
      ...inline,
      '--plain',
      '--no-color',
      '--state-dir',
      state,
      ...stage.args,
    ],
    env: request.env,
  })
  if (stage.kill !== undefined) lab.faults.watch(stage.kill, running.kill)
  return running.done
}

async function showRun({ request, state }: StagePlace): Promise<unknown> {
  const { stdout } = await runTool({
    command: [...request.tool, 'show', '--json', '--state-dir', state],
    env: request.env,
  }).done
  return JSON.parse(stdout)
}

function countStarts(lab: Lab, words: string): number {
  const [program = '', ...rest] = words.split(' ')
  return lab.faults
    .history()
    .filter((each) => each.at === 'start' && each.program === program && each.args.includes(rest.join(' ')))
    .length
}

async function breakInventory({ inventory }: LabDirectory, { inventory: mistakes }: TestCase): Promise<void> {
  if (mistakes.length === 0) return
  let text = await readFile(inventory, 'utf8')
  for (const { replace, by } of mistakes) text = text.replaceAll(replace, by)
  await writeFile(inventory, text)
}
