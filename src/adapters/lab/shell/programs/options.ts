/** A program's arguments, cut into its letters with their values and the rest. */
export type Options = {
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly rest: readonly string[]
  /** An option that the program does not know. */
  readonly unknown: string | undefined
}

export type OptionSpec = {
  /** Letters and long names without a value. */
  readonly flags: readonly string[]
  /** Letters and long names that take one. */
  readonly values?: readonly string[]
}

/** Reads arguments as getopt does: `-abc`, `-n5`, `-n 5`, `--long`, `--long=value`, `--`. */
export function parseOptions(args: readonly string[], spec: OptionSpec): Options {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const rest: string[] = []
  const reader = new OptionReader(spec, flags, values)
  const pending = [...args]
  while (pending.length > 0) {
    const text = pending.shift() ?? ''
    if (text === '--') {
      rest.push(...pending)
      break
    }
    if (text.startsWith('--')) reader.readLong(text, pending)
    else if (/^-./.test(text)) reader.readLetters(text, pending)
    else rest.push(text)
  }
  return { flags, values, rest, unknown: reader.unknown }
}

class OptionReader {
  unknown: string | undefined
  private readonly spec: OptionSpec
  private readonly flags: Set<string>
  private readonly values: Map<string, string>
  constructor(spec: OptionSpec, flags: Set<string>, values: Map<string, string>) {
    this.spec = spec
    this.flags = flags
    this.values = values
  }

  readLong(text: string, pending: string[]): void {
    const [name, value] = divide(text.slice(2))
    if (this.spec.values?.includes(name) === true) this.values.set(name, value ?? pending.shift() ?? '')
    else if (this.spec.flags.includes(name)) this.flags.add(name)
    else this.unknown ??= text
  }

  readLetters(text: string, pending: string[]): void {
    for (const [index, letter] of [...text].entries()) {
      if (index === 0) continue
      if (this.spec.values?.includes(letter) === true) {
        const attached = text.slice(index + 1)
        this.values.set(letter, attached === '' ? (pending.shift() ?? '') : attached)
        return
      }
      if (this.spec.flags.includes(letter)) this.flags.add(letter)
      else this.unknown ??= letter
    }
  }
}

/** The complaint about an option that is not there, in GNU's words, and the exit code to give. */
export function refuseOption(
  context: { readonly name: string; writeError(text: string): void },
  option: string,
  status = 1,
): number {
  const what = option.startsWith('--') ? `unrecognized option '${option}'` : `invalid option -- '${option}'`
  context.writeError(`${context.name}: ${what} (the practice host's ${context.name} does not have it)\n`)
  return status
}

function divide(text: string): [string, string | undefined] {
  const cut = text.indexOf('=')
  return cut < 0 ? [text, undefined] : [text.slice(0, cut), text.slice(cut + 1)]
}
