import { formatFsError } from '../../fs/fs-error.ts'
import { getVariable, setVariable } from '../state.ts'
import type { Builtin } from './builtin.ts'

/** `cd [DIR|-]`. */
export const changeDirectory: Builtin = ({ state, args, write, complain }) => {
  const wanted =
    args.find((text) => text !== '-P' && text !== '-L' && text !== '--') ?? getVariable(state, 'HOME') ?? '/'
  const path = wanted === '-' ? (getVariable(state, 'OLDPWD') ?? state.cwd) : wanted
  const resolved = state.fs.resolve(path === '' ? '.' : path)
  const stat = state.fs.stat(resolved)
  if (!stat.ok || stat.value.kind !== 'directory' || !state.fs.can(resolved, 'execute')) {
    complain(`can't cd to ${path}`)
    return 2
  }
  setVariable(state, 'OLDPWD', state.cwd)
  state.cwd = resolved
  setVariable(state, 'PWD', resolved)
  if (wanted === '-') write(`${resolved}\n`)
  return 0
}

/** `pwd`. */
export const printDirectory: Builtin = ({ state, write, complain }) => {
  const stat = state.fs.stat(state.cwd)
  if (!stat.ok) complain(formatFsError(stat.code))
  write(`${state.cwd}\n`)
  return stat.ok ? 0 : 1
}

/** `umask [MODE]`: octal, or `-S` to print it in letters. */
export const umask: Builtin = ({ state, args, write, complain }) => {
  const wanted = args[0]
  if (wanted === undefined) write(`${state.umask.toString(8).padStart(4, '0')}\n`)
  else if (wanted === '-S') write(`${lettersOf(~state.umask)}\n`)
  else if (/^[0-7]{1,4}$/.test(wanted)) state.umask = Number.parseInt(wanted, 8) & 0o777
  else {
    complain(`Illegal mode: ${wanted}`)
    return 2
  }
  return 0
}

/** `ulimit [-a|-n|…] [N]`: what a usual server shows; settings are accepted. */
export const ulimit: Builtin = ({ args, write }) => {
  const flag = args.find((text) => /^-[A-Za-z]+$/.test(text))?.at(-1) ?? 'f'
  if (flag === 'a') for (const [, label, value] of limits) write(`${label} ${value}\n`)
  else if (!args.some((text) => /^(?:\d+|unlimited)$/.test(text))) {
    write(`${limits.find(([letter]) => letter === flag)?.[2] ?? 'unlimited'}\n`)
  }
  return 0
}

const limits = [
  ['t', 'time(seconds)       ', 'unlimited'],
  ['f', 'file(blocks)        ', 'unlimited'],
  ['d', 'data(kbytes)        ', 'unlimited'],
  ['s', 'stack(kbytes)       ', '8192'],
  ['c', 'coredump(blocks)    ', '0'],
  ['m', 'memory(kbytes)      ', 'unlimited'],
  ['l', 'locked memory(kbytes)', '65536'],
  ['p', 'process             ', '127830'],
  ['n', 'nofiles             ', '1024'],
  ['v', 'vmemory(kbytes)     ', 'unlimited'],
] as const

function lettersOf(mode: number): string {
  return `u=${lettersOfPart(mode >> 6)},g=${lettersOfPart(mode >> 3)},o=${lettersOfPart(mode)}`
}

function lettersOfPart(bits: number): string {
  return `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`
}
