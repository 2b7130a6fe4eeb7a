import type { Builtin } from './builtin.ts'
import { buildCommand, buildType, evalText, execCommand, readFile } from './commands.ts'
import { breakLoop, exitShell, returnFromFunction } from './control.ts'
import { echo } from './echo.ts'
import { getopts } from './getopts.ts'
import { printf } from './printf.ts'
import { kill, trap, wait } from './processes.ts'
import { changeDirectory, printDirectory, ulimit, umask } from './surroundings.ts'
import { test } from './test.ts'
import { exportVariables, makeLocal, makeReadonly, read, set, shift, unset } from './variables.ts'

/** POSIX's special built-ins: found before functions, and a wrong use ends the shell. */
export const specialBuiltins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', () => 0],
  ['.', readFile],
  ['break', breakLoop],
  ['continue', breakLoop],
  ['eval', evalText],
  ['exec', execCommand],
  ['exit', exitShell],
  ['export', exportVariables],
  ['readonly', makeReadonly],
  ['return', returnFromFunction],
  ['set', set],
  ['shift', shift],
  ['trap', trap],
  ['unset', unset],
])

/** The other built-ins; a function of the same name comes first. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['[', test],
  ['cd', changeDirectory],
  ['command', buildCommand((name) => lookUp(name))],
  ['echo', echo],
  ['false', () => 1],
  ['getopts', getopts],
  ['hash', () => 0],
  ['jobs', () => 0],
  ['kill', kill],
  ['local', makeLocal],
  ['printf', printf],
  ['pwd', printDirectory],
  ['read', read],
  ['test', test],
  ['true', () => 0],
  ['type', buildType((name) => lookUp(name))],
  ['ulimit', ulimit],
  ['umask', umask],
  ['wait', wait],
])

function lookUp(name: string): Builtin | undefined {
  return specialBuiltins.get(name) ?? builtins.get(name)
}
