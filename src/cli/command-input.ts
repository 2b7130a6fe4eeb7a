import { UsageError } from '../core/base/errors.ts'

/** What a command line gave to one command. */
export type CommandInput = {
  /** A positional argument, or undefined. */
  readonly argument: (index: number) => string | undefined
  /** All positional arguments from `index` on, variadic ones included. */
  readonly rest: (index: number) => readonly string[]
  readonly text: (name: string) => string | undefined
  readonly flag: (name: string) => boolean
  /** A repeatable option. */
  readonly list: (name: string) => readonly string[]
}

/** Reads what commander parsed; options written before the command's name count as well. */
export function buildCommandInput(
  positional: readonly unknown[],
  options: Readonly<Record<string, unknown>>,
): CommandInput {
  const flat = positional.flatMap((each) => each as string | string[] | undefined)
  return {
    argument: (index) => flat[index],
    rest: (index) => flat.slice(index).filter((each) => each !== undefined),
    text: (name) => (typeof options[name] === 'string' ? options[name] : undefined),
    flag: (name) => options[name] === true,
    list: (name) => (Array.isArray(options[name]) ? (options[name] as string[]) : []),
  }
}

/** A positional argument that must be there. */
export function requireArgument(input: CommandInput, index: number, what: string): string {
  const value = input.argument(index)
  if (value === undefined || value === '') throw new UsageError(`${what} is missing`, ['handrail --help'])
  return value
}
