import { spawn } from 'node:child_process'
import { askLab } from '../../adapters/lab/process/ask-lab.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { OWN_COMMAND } from '../lab/lab-places.ts'
import { openLab } from '../lab/open-lab.ts'
import { say } from '../output/say.ts'
import { openKeyboard } from '../plain/keyboard.ts'
import { formatAnswerOptions } from '../practice-test/format-answer-options.ts'

/** The scenario that a first visitor is shown. */
const FIRST_SCENARIO = 'system-auth'

/** `npm start`: three ways in on a terminal; off one, the first of them from beginning to end. */
export async function runStart(context: CliContext): Promise<CommandEnd> {
  const { world, output } = context
  if (world.stdin.isTTY !== true || world.stderr.isTTY !== true) return walk(context, { isAlone: true })
  output.tell(say`handrail walks people through Markdown runbooks: checked, recorded, resumable.`, 'strong')
  output.tell(say``)
  output.tell(say`  1  Walk through system_auth on six practice hosts (nothing to set up)`)
  output.tell(say`  2  Describe hosts of your own, and write a first runbook`)
  output.tell(say`  3  Show what there is: commands, practice hosts, runs`)
  output.tell(say``)
  const keyboard = openKeyboard({ input: world.stdin, output: world.stderr, onInterrupt: () => undefined })
  const answer = await keyboard.ask(say`1, 2 or 3 (Enter: 1): `)
  if (answer === undefined) return { exitCode: 130, next: 'npm start' }
  if (answer.trim() === '2') return runOwn(context, ['init'])
  if (answer.trim() === '3') return runOwn(context, ['--help'])
  return walk(context, { isAlone: false })
}

async function walk(context: CliContext, { isAlone }: { readonly isAlone: boolean }): Promise<CommandEnd> {
  const { output } = context
  output.tell(say`Starting six practice hosts on this machine; they listen on loopback only.`)
  const { scenario, socketPath } = await openLab(context, FIRST_SCENARIO)
  const found = await askLab(socketPath, { ask: 'goals' })
  if (found?.ok === true && found.goals?.every(({ met }) => met) === true) {
    output.tell(say`The cluster was walked through already; it begins anew.`)
    await runOwn(context, ['lab', 'reset', FIRST_SCENARIO])
  }
  const answers = isAlone ? [...formatAnswerOptions(scenario.data.answers), '--inline', '--plain'] : []
  const end = await runOwn(context, [
    'run',
    scenario.runbookPath ?? '',
    '-i',
    `lab:${FIRST_SCENARIO}`,
    ...answers,
  ])
  if (end.exitCode === 0 && isAlone) await runOwn(context, ['lab', 'goals', FIRST_SCENARIO])
  return end
}

/** Runs another command of this tool on the same terminal. */
async function runOwn({ world, input }: CliContext, args: readonly string[]): Promise<CommandEnd> {
  const [program, entry] = OWN_COMMAND
  const stateDirectory = input.text('stateDir')
  const place = stateDirectory === undefined ? [] : ['--state-dir', stateDirectory]
  const child = spawn(program, [entry, ...args, ...place], {
    stdio: 'inherit',
    env: world.env,
    cwd: world.cwd,
  })
  // Ctrl-C reaches both; what it means is the other one's to say.
  const stopListening = world.onInterrupt(() => undefined)
  const { promise, resolve } = Promise.withResolvers<number>()
  child.on('error', () => resolve(1))
  child.on('close', (code) => resolve(code ?? 130))
  const exitCode = await promise
  stopListening()
  return exitCode === 0 ? { exitCode: 0 } : { exitCode, next: 'npm start' }
}
