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
