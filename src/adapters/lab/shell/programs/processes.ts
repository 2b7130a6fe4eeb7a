import type { LabProcess, Program } from '../../program.ts'
import { parseSignal } from '../process.ts'
import { formatTime } from './date.ts'
import { buildPosixRegex } from './posix-regex.ts'

/** `ps [aux|-ef|-p PID|-u USER|-C NAME] [-o COLUMNS] [--no-headers]`. */
export const ps: Program = async ({ args, host, pid, user, write, clock }) => {
  const wanted = { pids: valuesOf(args, 'p'), users: valuesOf(args, 'u'), names: valuesOf(args, 'C') }
  const isAll = args.some(
    (text) => /^(?:-?[aefxu]*[ef][a-z]*|-?aux\w*|-A|-e\w*|ax\w*)$/.test(text) && !text.startsWith('-o'),
  )
  const rows = host.processes().filter((process) => {
    if (wanted.pids.length > 0) return wanted.pids.includes(String(process.pid))
    if (wanted.users.length > 0) return wanted.users.includes(process.user)
    if (wanted.names.length > 0) return wanted.names.includes(nameOf(process))
    return isAll || (process.user === user.name && process.pid >= pid)
  })
  const chosen = valuesOf(args, 'o').map((column) => column.split(':')[0] ?? column)
  const isFull = args.some((text) => /^-\w*f/.test(text))
  const isAux = args.some((text) => /^-?aux/.test(text))
  const layout = isAux
    ? ['user', 'pid', '%cpu', '%mem', 'stat', 'start', 'args']
    : ['user', 'pid', 'ppid', 'stime', 'tty', 'args']
  const columns = chosen.length > 0 ? chosen : isFull || isAux ? layout : ['pid', 'tty', 'comm']
  const named = columns.map((column) => column.replace(/=.*$/, ''))
  const table = rows.map((process) => named.map((column) => cell(process, column, clock.nowMs())))
  const hasHead =
    !args.some((text) => /^--no-?headers?$/.test(text)) && !columns.every((column) => column.endsWith('='))
  if (hasHead) table.unshift(named.map((column) => heads[column] ?? column.toUpperCase()))
  const widths = named.map((_, index) => Math.max(...table.map((row) => row[index]?.length ?? 0)))
  for (const row of table) {
    const line = row.map((text, index) =>
      isNumeric(named[index]) ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0),
    )
    write(`${line.join(' ').trimEnd()}\n`)
  }
  return rows.length > 0 ? 0 : 1
}

/** `pgrep [-flxac] [-u USER] PATTERN` and, by name, `pkill [-SIGNAL]`. */
export const pgrep: Program = async ({ args, name, host, pid, user, write, writeError }) => {
  const isKill = name.endsWith('pkill')
  const signal = args.map((text) => parseSignal(text.replace(/^-/, ''))).find((found) => found !== undefined)
  const flags = args.filter((text) => /^-[flxacvn]+$/.test(text)).join('')
  const owners = valuesOf(args, 'u')
  const pattern = args.filter((text) => !text.startsWith('-') && !owners.includes(text)).at(-1)
  const regex =
    pattern === undefined
      ? undefined
      : buildPosixRegex(flags.includes('x') ? `^(${pattern})$` : pattern, { extended: true })
  if (typeof regex === 'string' || (regex === undefined && owners.length === 0)) {
    writeError(`${name}: no matching criteria specified\n`)
    return 2
  }
  const found = host.processes().filter((process) => {
    if (process.pid === pid || (owners.length > 0 && !owners.includes(process.user))) return false
    return regex === undefined || regex.test(flags.includes('f') ? process.command : nameOf(process))
  })
  if (flags.includes('c')) write(`${found.length}\n`)
  for (const process of found) {
    if (isKill) {
      if (user.uid === 0 || user.name === process.user) host.signalProcess(process.pid, signal ?? 'TERM')
      else writeError(`pkill: killing pid ${process.pid} failed: Operation not permitted\n`)
    } else if (!flags.includes('c')) {
      const suffix = flags.includes('a')
        ? ` ${process.command}`
        : flags.includes('l')
          ? ` ${nameOf(process)}`
          : ''
      write(`${process.pid}${suffix}\n`)
    }
  }
  return found.length > 0 ? 0 : 1
}

/** `ss`/`netstat` of the simplest kind: the listening TCP ports. */
export const listeners: Program = async ({ host, write }) => {
  write('State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n')
  for (const port of host.ports()) write(`LISTEN 0      128    ${`0.0.0.0:${port}`.padEnd(18)} 0.0.0.0:*\n`)
  return 0
}

const heads: Readonly<Record<string, string>> = {
  args: 'COMMAND',
  comm: 'CMD',
  cmd: 'CMD',
  command: 'COMMAND',
  tty: 'TTY',
  etimes: 'ELAPSED',
  pgid: 'PGID',
  stat: 'STAT',
  lstart: 'STARTED',
}

function isNumeric(column: string | undefined): boolean {
  return ['pid', 'ppid', 'pgid', 'etimes', '%cpu', '%mem'].includes(column ?? '')
}

function cell(process: LabProcess, column: string, nowMs: number): string {
  const elapsed = Math.max(0, Math.floor((nowMs - process.startedAtMs) / 1000))
  const cells: Readonly<Record<string, string>> = {
    pid: String(process.pid),
    ppid: String(process.ppid),
    pgid: String(process.group),
    user: process.user,
    comm: nameOf(process),
    args: process.command,
    cmd: process.command,
    command: process.command,
    stat: 'S',
    tty: '?',
    '%cpu': '0.0',
    '%mem': '0.1',
    etimes: String(elapsed),
    stime: formatTime(process.startedAtMs, '%H:%M'),
    start: formatTime(process.startedAtMs, '%H:%M'),
    lstart: formatTime(process.startedAtMs, '%a %b %e %H:%M:%S %Y'),
  }
  return cells[column] ?? '-'
}

function nameOf(process: LabProcess): string {
  return (process.command.split(' ')[0] ?? '').split('/').at(-1)?.slice(0, longestName) ?? ''
}

/** TASK_COMM_LEN of Linux without its final NUL. */
const longestName = 15

function valuesOf(args: readonly string[], letter: string): string[] {
  const found: string[] = []
  for (const [index, text] of args.entries()) {
    if (text === `-${letter}`) found.push(...(args[index + 1] ?? '').split(','))
    else if (text.startsWith(`-${letter}`) && !text.startsWith('--') && letter !== 'u')
      found.push(...text.slice(2).split(','))
  }
  return found.filter((text) => text !== '')
}
