declare const HANDRAIL_VERSION: string

/** Runs one command line and gives its exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  if (args[0] === '--version') process.stdout.write(`${HANDRAIL_VERSION}\n`)
  return 0
}
