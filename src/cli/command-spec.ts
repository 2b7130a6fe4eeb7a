import type { CommandRunner } from './cli-context.ts'

/** One option: flags as commander reads them, its help, and whether it may be given several times. */
export type OptionSpec = {
  readonly flags: string
  readonly help: string
  readonly repeatable?: true
  readonly choices?: readonly string[]
}

/** One command as data: help, parser, completion and documentation are all made from it. */
export type CommandSpec = {
  readonly name: string
  /** As commander reads them: `<needed>`, `[optional]`, `<several...>`. */
  readonly arguments: string
  readonly summary: string
  readonly group: 'Run' | 'Prepare' | 'Look back' | 'Help'
  readonly options: readonly OptionSpec[]
  /** Command lines without the leading `handrail`; at least one. */
  readonly examples: readonly string[]
  /** Not in the help: a process of our own. */
  readonly isHidden?: true
  /** Loads the command when it is used, and nothing of it before. */
  readonly load: () => Promise<CommandRunner>
}

const INVENTORY: OptionSpec = {
  flags: '-i, --inventory <file>',
  help: 'the inventory: a YAML file, or lab:SCENARIO',
}
const PARAM: OptionSpec = {
  flags: '-p, --param <name=value>',
  help: 'a parameter; of a secret only a reference, secret:NAME',
  repeatable: true,
}
const PARAM_FILE: OptionSpec = { flags: '--param-file <file>', help: 'a YAML file of parameters' }
const LIMIT: OptionSpec = { flags: '--limit <selector>', help: 'only on these hosts' }
const ONLY: OptionSpec = { flags: '--only <step>', help: 'only this step' }
const FROM: OptionSpec = { flags: '--from <step>', help: 'from this step on' }

/** Options that every command takes. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '--state-dir <dir>', help: 'where runs are kept; also HANDRAIL_STATE_DIR' },
  { flags: '--json', help: 'JSON on standard output, words on standard error' },
  { flags: '--plain', help: 'plain lines instead of a screen' },
  { flags: '--ascii', help: 'no symbols beyond ASCII of our own' },
  { flags: '--no-color', help: 'no colours; also NO_COLOR' },
]

/** What tells a plan apart: inventory, parameters, limits. */
export const PLAN_OPTIONS: readonly OptionSpec[] = [INVENTORY, PARAM, PARAM_FILE, ONLY, FROM, LIMIT]

export { INVENTORY }

/** Answers given beforehand, for runs without a person. */
export const ANSWER_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--approve <danger>',
    help: 'go on unasked up to this danger; also accepts the plan',
    choices: ['change', 'disruptive'],
  },
  {
    flags: '--confirm <step[@host]=word>',
    help: 'the word to type of an irreversible step',
    repeatable: true,
  },
  { flags: '--answer <step[@host]/item=text>', help: 'ticks a manual item, by number', repeatable: true },
  {
    flags: '--decide <step[@host]=choice[:why]>',
    help: 'retry, recheck, accept:WHY, skip:WHY, defer:WHY, exclude:WHY, undo, abort',
    repeatable: true,
  },
  { flags: '--override-needs <why>', help: 'run although a needed runbook was not finished' },
  { flags: '--ref <ticket>', help: 'the change ticket' },
  { flags: '--environment <name>', help: 'the name that a production inventory asks for' },
  { flags: '--operator <name>', help: 'who runs this; default: the login name' },
  { flags: '--on-failure <what>', help: 'default: ask', choices: ['stop', 'ask'] },
  { flags: '--inline', help: 'keep the runner in this process' },
]
