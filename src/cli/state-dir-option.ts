const OPTION = '--state-dir'

/** What a command line says behind `--state-dir`, read before and whether or not it can be parsed. */
export function readStateDir(args: readonly string[]): string | undefined {
  const end = args.indexOf('--')
  const own = end === -1 ? args : args.slice(0, end)
  const at = own.findLastIndex((arg) => arg === OPTION || arg.startsWith(`${OPTION}=`))
  const found = own[at]
  const value = found === OPTION ? own[at + 1] : found?.slice(OPTION.length + 1)
  return value === '' ? undefined : value
}

/** Lets the commands of handrail in a line of advice go to the same state directory as the command line that gave it. */
export function keepStateDir(line: string, stateDir: string | undefined): string {
  if (stateDir === undefined) return line
  return line.replace(/\bhandrail (?=[a-z])/g, () => `${formatOwnCommand(stateDir)} `)
}

/** How this tool is called so that it goes to the same state directory. */
export function formatOwnCommand(stateDir: string | undefined): string {
  return stateDir === undefined ? 'handrail' : `handrail ${OPTION} ${quoteWord(stateDir)}`
}

function quoteWord(word: string): string {
  return /^[\w@%+:,./][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
