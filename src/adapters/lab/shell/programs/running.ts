import { baseName } from '../../fs/path.ts'
import type { Program } from '../../program.ts'
import { linkAbort, parseSignal, ProcessKilled } from '../process.ts'
import { linesOf } from './read-inputs.ts'

/** `sleep SECONDS[smhd]…` by the lab's clock. */
export const sleep: Program = async ({ args, clock, signal, writeError }) => {
  let totalMs = 0
  for (const text of args) {
    const ms = parseDurationMs(text)
    if (ms === undefined) {
      writeError(`sleep: invalid time interval '${text}'\n`)
      return 1
    }
    totalMs += ms
  }
  if (args.length === 0) {
    writeError('sleep: missing operand\n')
    return 1
  }
  await clock.sleep(totalMs, signal)
  return 0
}

/** `timeout [-s SIGNAL] [-k TIME] TIME COMMAND…`: 124 when the time is up. */
export const timeout: Program = async (context) => {
  const args = [...context.args]
  let signal = 'TERM'
  while (args[0]?.startsWith('-') === true) {
    const option = args.shift() ?? ''
    if (option === '-s') signal = args.shift() ?? 'TERM'
    else if (option.startsWith('--signal=')) signal = option.slice('--signal='.length)
    else if (option === '-k') args.shift()
  }
  const limitMs = parseDurationMs(args.shift() ?? '')
  if (limitMs === undefined || args.length === 0) {
    context.writeError('timeout: invalid time interval\n')
    return 125
  }
  const child = linkAbort(context.signal)
  const timer = linkAbort(context.signal)
  let isLate = false
  const expire = async (): Promise<void> => {
    await context.clock.sleep(limitMs, timer.controller.signal)
    if (timer.controller.signal.aborted || limitMs === 0) return
    isLate = true
    child.controller.abort(new ProcessKilled(parseSignal(signal) ?? 'TERM'))
  }
  const watch = expire()
  const status = await context.run(args, { signal: child.controller.signal })
  timer.controller.abort()
  await watch
  child.release()
  timer.release()
  return isLate ? (parseSignal(signal) === 'KILL' ? 137 : 124) : status
}

/** `env [-i] [-u NAME] [NAME=VALUE…] [COMMAND…]` and, by name, `printenv`. */
export const env: Program = async (context) => {
  const { args, write } = context
  if (baseName(context.name) === 'printenv' && args[0] !== undefined) {
    const value = context.env.get(args[0])
    if (value !== undefined) write(`${value}\n`)
    return value === undefined ? 1 : 0
  }
  const environment = new Map(context.env)
  let at = 0
  for (; at < args.length; at += 1) {
    const text = args[at] ?? ''
    if (text === '-i' || text === '-') environment.clear()
    else if (text === '-u') environment.delete(args[(at += 1)] ?? '')
    else if (text.startsWith('--default-signal') || text === '--') continue
    else if (/^[A-Za-z_]\w*=/.test(text))
      environment.set(text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1))
    else break
  }
  if (at < args.length) return context.run(args.slice(at), { env: environment, replaces: true })
  for (const [name, value] of environment) write(`${name}=${value}\n`)
  return 0
}

/** `xargs [-0r] [-n N] [-I STRING] [-d C] [-L N] [COMMAND…]`. */
export const xargs: Program = async (context) => {
  const args = [...context.args]
  let perCall = Number.POSITIVE_INFINITY
  let replaced: string | undefined
  let separator: string | undefined
  let isQuietOnNone = false
  while (args[0]?.startsWith('-') === true) {
    const option = args.shift() ?? ''
    const value = (): string => (option.length > 2 ? option.slice(2) : (args.shift() ?? ''))
    if (option === '-0' || option === '--null') separator = '\0'
    else if (option === '-r' || option === '--no-run-if-empty') isQuietOnNone = true
    else if (option.startsWith('-n') || option.startsWith('-L')) perCall = Number(value())
    else if (option.startsWith('-I')) replaced = value()
    else if (option.startsWith('-d')) separator = value().replace('\\n', '\n').replace('\\t', '\t')
    else if (option.startsWith('-P')) value()
    else if (option !== '-t') {
      context.writeError(`xargs: invalid option ${option} (the practice host's xargs does not have it)\n`)
      return 1
    }
  }
  const text = await context.stdin.readAll()
  const items =
    replaced === undefined ? splitItems(text, separator) : linesOf(text).map((line) => line.trimStart())
  const command = args.length === 0 ? ['echo'] : args
  const calls: string[][] = []
  if (replaced !== undefined) {
    const mark = replaced
    for (const item of items) calls.push(command.map((word) => word.replaceAll(mark, item)))
  } else if (items.length > 0 || !isQuietOnNone) {
    const size = Math.min(perCall, Math.max(1, items.length))
    for (let at = 0; at === 0 || at < items.length; at += size)
      calls.push([...command, ...items.slice(at, at + size)])
  }
  let status = 0
  for (const call of calls) {
    if (context.signal.aborted) break
    const code = await context.run(call, { stdin: '' })
    if (code === 127 || code === 126) return code
    if (code !== 0) status = 123
  }
  return status
}

/** `nohup COMMAND…` and `setsid COMMAND…` and `nice COMMAND…`: the command itself; the lab has no terminal to lose. */
export const runPlainly: Program = async (context) => {
  const args = [...context.args]
  while (args[0]?.startsWith('-') === true) {
    if (/^-n$/.test(args[0])) args.shift()
    args.shift()
  }
  if (args.length === 0) return 125
  return context.run(args, { replaces: true, ownGroup: baseName(context.name) === 'setsid' })
}

/** A built-in of the shell as a program file, for `env`, `xargs` and full paths. */
export const runBuiltin: Program = (context) =>
  context.run(['sh', '-c', '"$0" "$@"', baseName(context.name), ...context.args])

/** `seq [FIRST [STEP]] LAST`. */
export const seq: Program = async ({ args, write, writeError }) => {
  const isPadded = args[0] === '-w'
  const attached = /^-s(.+)$/.exec(args[0] ?? '')?.[1]
  const separator = attached ?? (args[0] === '-s' ? (args[1] ?? '\n') : '\n')
  const rest = args.slice(args[0] === '-s' ? 2 : isPadded || attached !== undefined ? 1 : 0)
  const numbers = rest.map(Number)
  if (numbers.length === 0 || numbers.some((number) => Number.isNaN(number))) {
    writeError('seq: invalid argument\n')
    return 1
  }
  const first = numbers.length > 1 ? (numbers[0] ?? 1) : 1
  const step = numbers.length > 2 ? (numbers[1] ?? 1) : 1
  const last = numbers.at(-1) ?? 1
  const digits = Math.max(0, ...rest.map((text) => text.split('.')[1]?.length ?? 0))
  const values: string[] = []
  for (let count = 0; ; count += 1) {
    if (step === 0) break
    const value = first + count * step
    if (step > 0 ? value > last + seqTolerance : value < last - seqTolerance) break
    values.push(value.toFixed(digits))
  }
  const width = isPadded ? Math.max(0, ...values.map((value) => value.length)) : 0
  if (values.length > 0) write(`${values.map((value) => value.padStart(width, '0')).join(separator)}\n`)
  return 0
}

/** Sums of decimal steps miss their end by about this much. */
const seqTolerance = 1e-9

function unquoteItem(whole: string): string {
  return whole.startsWith('\\') ? whole.slice(1) : whole.slice(1, -1)
}

function parseDurationMs(text: string): number | undefined {
  const match = /^(\d*\.?\d+|\d+\.?)([smhd]?)$/.exec(text)
  if (match === null) return undefined
  return Number(match[1]) * ({ m: 60, h: 3600, d: 86_400 }[match[2] ?? ''] ?? 1) * 1000
}

function splitItems(text: string, separator: string | undefined): string[] {
  if (separator !== undefined) {
    const items = text.split(separator)
    if (items.at(-1) === '' || (separator !== '\n' && items.at(-1) === '\n')) items.pop()
    return items
  }
  const items = text.match(/(?:'[^']*'|"[^"]*"|\\[\s\S]|[^\s'"\\])+/g) ?? []
  return items.map((item) => item.replace(/'([^']*)'|"([^"]*)"|\\([\s\S])/g, unquoteItem))
}
