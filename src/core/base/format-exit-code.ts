/**
 * What shells mean by the codes that they make themselves: 128 and a signal's number, the same on Linux and macOS
 * for these; 126 and 127 by POSIX (2.8.2, exit status for commands).
 */
const MEANINGS: { readonly [code: number]: string } = {
  126: 'not executable',
  127: 'command not found',
  129: 'ended by SIGHUP',
  130: 'ended by SIGINT',
  131: 'ended by SIGQUIT',
  132: 'crashed: SIGILL',
  134: 'crashed: SIGABRT',
  136: 'crashed: SIGFPE',
  137: 'killed by SIGKILL',
  139: 'crashed: SIGSEGV',
  141: 'ended by SIGPIPE',
  143: 'ended by SIGTERM',
}

/** An exit code in words, with what the shell means by it where it means something: `exit code 137 (killed by SIGKILL)`. */
export function formatExitCode(code: number): string {
  const meaning = explainExitCode(code)
  return meaning === undefined ? `exit code ${code}` : `exit code ${code} (${meaning})`
}

/** What a shell means by an exit code of its own; undefined for a program's. */
export function explainExitCode(code: number): string | undefined {
  return MEANINGS[code]
}
