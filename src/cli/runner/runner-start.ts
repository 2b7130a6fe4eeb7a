import { buildCommandInput, type CommandInput } from '../command-input.ts'

/** What a runner is told over its standard input; never a secret, since `-p` takes only references to them. */
export type RunnerStart = {
  readonly operator: string
  /** Look first whether what succeeded still holds. */
  readonly rechecks: boolean
  /** A runner with no job and no client ends after so long. */
  readonly idleMs: number
  /** Answers given beforehand, as the command line named them. */
  readonly options: Readonly<Record<string, string | readonly string[]>>
}

/** Options of `run` and `resume` that the engine goes by while it runs; others are settled before. */
const TEXTS = ['approve', 'environment', 'ref', 'onFailure', 'overrideNeeds', 'stateDir'] as const
const LISTS = ['confirm', 'answer', 'decide'] as const

/** Selects what a runner needs of a command line. */
export function selectRunnerOptions(input: CommandInput): RunnerStart['options'] {
  const texts = TEXTS.flatMap((name) => {
    const value = input.text(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const lists = LISTS.map((name) => [name, input.list(name)] as const)
  return Object.fromEntries([...texts, ...lists])
}

/** The command line as the runner sees it. */
export function buildRunnerInput(run: string, { options, operator }: RunnerStart): CommandInput {
  return buildCommandInput([run], { ...options, operator })
}

/** Reads the one line that a runner is given; throws where it is none. */
export async function readRunnerStart(stdin: AsyncIterable<unknown>): Promise<RunnerStart> {
  let text = ''
  for await (const chunk of stdin) text += String(chunk)
  return JSON.parse(text) as RunnerStart
}
