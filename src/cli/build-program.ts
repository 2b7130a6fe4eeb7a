import { Command, Option } from 'commander'
import { UsageError } from '../core/base/errors.ts'
import { suggestName } from '../core/base/suggest-name.ts'
import type { CommandSpec, OptionSpec } from './command-spec.ts'
import { COMMON_OPTIONS } from './command-spec.ts'

/** What was found on a command line. */
export type ParsedCommand = {
  readonly spec: CommandSpec | undefined
  readonly positional: readonly unknown[]
  readonly options: Readonly<Record<string, unknown>>
}

/** Makes the parser of all commands; `found` is called with the one that was meant. */
export function buildProgram(
  specs: readonly CommandSpec[],
  options: { readonly write: (text: string) => void; readonly found: (parsed: ParsedCommand) => void },
): Command {
  const program = new Command('handrail')
  program
    .description('Walks people through Markdown runbooks over SSH: checked, journaled, resumable.')
    .exitOverride()
    .configureOutput({ writeOut: options.write, writeErr: () => undefined })
    .enablePositionalOptions()
    .option('--version', 'print the version')
    .helpOption('-h, --help', 'this help, or that of a command')
    .helpCommand('help [command]', 'the help of a command')
    .commandsGroup('Help:')
    .allowExcessArguments(true)
    .addHelpText('after', HELP_END)
  addOptions(program, COMMON_OPTIONS)
  for (const spec of specs) addCommand(program, spec, options.found)
  program.action(() => {
    const [unknown] = program.args
    if (unknown !== undefined) throw describeUnknown(unknown, specs)
    options.found({ spec: undefined, positional: [], options: collectOptions([program]) })
  })
  return program
}

const HELP_END = `
Exit codes:
  0 finished   1 a step failed   2 usage, or nothing to resume   3 waits for a person
  4 errors in runbook, inventory, rules or plan   5 unreachable   6 journal   7 finished with deviations
  130 interrupted

Example:
  $ handrail plan upgrade.md -i production.yaml
`

function describeUnknown(word: string, specs: readonly CommandSpec[]): UsageError {
  const near = suggestName(
    word,
    specs.map(({ name }) => name),
  )
  return new UsageError(`there is no command ${word}`, [
    near === undefined ? 'handrail --help' : `handrail ${near} --help`,
  ])
}

function addCommand(program: Command, spec: CommandSpec, found: (parsed: ParsedCommand) => void): void {
  const command = program.command(`${spec.name} ${spec.arguments}`.trim(), { hidden: spec.isHidden === true })
  command
    .summary(spec.summary)
    .description(`${spec.summary.charAt(0).toUpperCase()}${spec.summary.slice(1)}.`)
    .helpGroup(`${spec.group}:`)
    .helpOption('-h, --help', 'this help')
    .allowExcessArguments(false)
  addOptions(command, [...spec.options, ...COMMON_OPTIONS])
  const examples = spec.examples.map((example) => `  $ handrail ${example}`)
  command.addHelpText('after', `\n${examples.length > 1 ? 'Examples' : 'Example'}:\n${examples.join('\n')}\n`)
  command.action((...args: unknown[]) =>
    // The last two are the options and the command itself.
    found({ spec, positional: args.slice(0, -2), options: collectOptions([program, command]) }),
  )
}

function addOptions(command: Command, specs: readonly OptionSpec[]): void {
  for (const spec of specs) {
    const option = new Option(spec.flags, spec.help)
    if (spec.choices !== undefined) option.choices([...spec.choices])
    if (spec.repeatable)
      option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
    command.addOption(option)
  }
}

/** What was really written, inner commands last; a default of the outer one never hides what the inner one was given. */
function collectOptions(commands: readonly Command[]): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const command of commands)
    for (const [name, value] of Object.entries(command.opts()))
      if (command.getOptionValueSource(name) === 'cli' || !(name in found)) found[name] = value
  return found
}
