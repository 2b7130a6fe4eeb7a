import { UsageError } from '../core/base/errors.ts'
import type { CliContext, CommandEnd } from './cli-context.ts'
import type { CliWorld } from './cli-world.ts'
import type { ParsedCommand } from './build-program.ts'
import { keepStateDir, readStateDir } from './state-dir-option.ts'

declare const HANDRAIL_VERSION: string

/** Set by the build; tests run from the sources. */
const VERSION = typeof HANDRAIL_VERSION === 'undefined' ? '0.0.0-source' : HANDRAIL_VERSION

/** Runs one command line and gives its exit code. The only place where errors are caught. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  if (args.length === 1 && args[0] === '--version') {
    world.stdout.write(`${VERSION}\n`)
    return 0
  }
  const { openOutput } = await import('./output/output.ts')
  const output = openOutput({
    stdout: world.stdout,
    stderr: world.stderr,
    // What cannot be parsed must still be answered in the way that was asked for.
    json: args.includes('--json'),
    ascii: args.includes('--ascii'),
    color: !args.includes('--no-color') && !world.env['NO_COLOR'] && world.env['TERM'] !== 'dumb',
  })
  let end: CommandEnd
  try {
    end = await runParsed(await parseArguments(args, world), { world, output })
  } catch (error) {
    const { describeError } = await import('./describe-error.ts')
    end = await describeError(error, { world, output, args, version: VERSION, stateDir: readStateDir(args) })
  }
  if (end.next !== undefined && !('isTold' in end && end.isTold === true)) {
    const { say } = await import('./output/say.ts')
    output.warn(say`Next: ${keepStateDir(end.next, readStateDir(args))}`, 'strong')
  }
  return end.exitCode
}

/** Gives undefined when help or the version was printed and nothing is left to do. */
async function parseArguments(args: readonly string[], world: CliWorld): Promise<ParsedCommand | undefined> {
  const [{ buildProgram }, { COMMANDS }, { CommanderError }] = await Promise.all([
    import('./build-program.ts'),
    import('./commands.ts'),
    import('commander'),
  ])
  let parsed: ParsedCommand | undefined
  const program = buildProgram(COMMANDS, {
    write: (text) => world.stdout.write(text),
    found: (found) => {
      parsed = found
    },
  })
  try {
    program.parse([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    throw describeParseError(
      error.code === 'commander.help' ? `there is no command ${args.at(-1)}` : error.message,
      args,
    )
  }
  return parsed
}

function describeParseError(message: string, args: readonly string[]): UsageError {
  const [first = '', ...more] = message.replace(/^error: /, '').split('\n')
  const near = /Did you mean (.*)\?/.exec(more.join(' '))?.[1]
  const command = args.find((arg) => !arg.startsWith('-'))
  const help = command === undefined ? '' : `${command} `
  const steps = near === undefined ? [] : [`did you mean ${near}?`]
  return new UsageError(first, [...steps, `handrail ${help}--help`])
}

async function runParsed(
  parsed: ParsedCommand | undefined,
  base: Pick<CliContext, 'world' | 'output'>,
): Promise<CommandEnd> {
  if (parsed === undefined) return { exitCode: 0 }
  if (parsed.options['version'] === true) {
    base.world.stdout.write(`${VERSION}\n`)
    return { exitCode: 0 }
  }
  const { buildCommandInput } = await import('./command-input.ts')
  const input = buildCommandInput(parsed.positional, parsed.options)
  const context = await withLab({ ...base, input, version: VERSION, json: input.flag('json') })
  const run = parsed.spec === undefined ? await loadStatus() : await parsed.spec.load()
  return run(context)
}

/** Where the inventory is a lab's, that lab is brought up first, for whatever command it is. */
async function withLab(context: CliContext): Promise<CliContext> {
  if (context.input.text('inventory')?.startsWith('lab:') !== true) return context
  return (await import('./lab/open-lab.ts')).useLab(context)
}

async function loadStatus() {
  return (await import('./commands/status.ts')).runStatus
}
