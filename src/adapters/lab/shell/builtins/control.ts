import { ShellInterrupt } from '../interrupt.ts'
import type { Builtin } from './builtin.ts'

/** `break [N]` and `continue [N]`; outside a loop they do nothing. */
export const breakLoop: Builtin = ({ state, name, args, complain }) => {
  const levels = Number(args[0] ?? '1')
  if (!Number.isInteger(levels) || levels < 1) return exitWith(complain, `Illegal number: ${args[0]}`)
  if (state.loopDepth === 0) return 0
  throw new ShellInterrupt({ kind: name === 'break' ? 'break' : 'continue', levels })
}

/** `exit [N]`: ends the shell; without a number with the last status. */
export const exitShell: Builtin = ({ state, args, complain }) => {
  throw new ShellInterrupt({ kind: 'exit', status: statusOf(args[0], state.status, complain) })
}

/** `return [N]`: leaves the function, or the file read by `.`. */
export const returnFromFunction: Builtin = ({ state, args, complain }) => {
  throw new ShellInterrupt({ kind: 'return', status: statusOf(args[0], state.status, complain) })
}

function statusOf(text: string | undefined, otherwise: number, complain: (message: string) => void): number {
  if (text === undefined) return otherwise
  return /^\d+$/.test(text) ? Number(text) & 0xff : exitWith(complain, `Illegal number: ${text}`)
}

function exitWith(complain: (message: string) => void, message: string): never {
  complain(message)
  throw new ShellInterrupt({ kind: 'exit', status: 2 })
}
