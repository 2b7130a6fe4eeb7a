import type { Program, ProgramContext } from '../../program.ts'
import { countBytes, decodeBytes, encodeText } from '../../bytes.ts'
import { TextInput } from '../stream.ts'
import { parseOptions, refuseOption } from './options.ts'
import { joinLines, linesOf, readInputs } from './read-inputs.ts'

/** `cat [-n] [FILE…]`. */
export const cat: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['n', 'u', 'A', 'v', 'e', 't'] })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const { inputs, failed } = await readInputs(context, options.rest)
  const text = inputs.map((input) => input.text).join('')
  if (options.flags.has('n')) {
    const numbered = linesOf(text).map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
    context.write(text.endsWith('\n') || text === '' ? joinLines(numbered) : numbered.join('\n'))
  } else context.write(text)
  return failed ? 1 : 0
}

/** `tac [FILE…]`. */
export const tac: Program = async (context) => {
  const { inputs, failed } = await readInputs(context, context.args)
  for (const { text } of inputs) context.write(joinLines(linesOf(text).toReversed()))
  return failed ? 1 : 0
}

/** `head [-n N|-N|-c N] [FILE…]`; `-n -N` leaves the last N out. */
export const head: Program = async (context) => {
  const args = context.args.map(modernCount)
  const options = parseOptions(args, { flags: ['q', 'v'], values: ['n', 'c', 'lines', 'bytes'] })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const bytes = options.values.get('c') ?? options.values.get('bytes')
  const wanted = Number(bytes ?? options.values.get('n') ?? options.values.get('lines') ?? '10')
  if (!Number.isInteger(wanted)) {
    context.writeError(`${context.name}: invalid number of lines: '${options.values.get('n')}'\n`)
    return 1
  }
  if (options.rest.length === 0 && bytes === undefined && wanted >= 0) return copyLines(context, wanted)
  const { inputs, failed } = await readInputs(context, options.rest)
  for (const [index, { path, text }] of inputs.entries()) {
    if (inputs.length > 1) context.write(`${index > 0 ? '\n' : ''}==> ${path} <==\n`)
    if (bytes !== undefined) context.write(decodeBytes(encodeText(text).subarray(0, wanted)))
    else context.write(firstLines(text, wanted))
  }
  return failed ? 1 : 0
}

/** `tail [-n N|-n +N|-N|-c N] [-f] [FILE…]`. */
export const tail: Program = async (context) => {
  const args = context.args.map(modernCount)
  const options = parseOptions(args, { flags: ['f', 'F', 'q'], values: ['n', 'c', 'lines', 'bytes'] })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const bytes = options.values.get('c') ?? options.values.get('bytes')
  const wanted = bytes ?? options.values.get('n') ?? options.values.get('lines') ?? '10'
  const { inputs, failed } = await readInputs(context, options.rest)
  for (const [index, { path, text }] of inputs.entries()) {
    if (inputs.length > 1) context.write(`${index > 0 ? '\n' : ''}==> ${path} <==\n`)
    context.write(bytes === undefined ? lastLines(text, wanted) : lastBytes(text, wanted))
  }
  const followed = inputs.at(-1)
  if ((options.flags.has('f') || options.flags.has('F')) && followed !== undefined && followed.path !== '-') {
    await follow(context, followed.path, followed.text.length)
  }
  return failed ? 1 : 0
}

/** `dd [if=F] [of=F] [bs=N] [count=N] [skip=N]`; with `count=0` it only moves the place in its input. */
export const dd: Program = async (context) => {
  const settings = new Map(
    context.args.map((text) => [text.split('=')[0] ?? '', text.slice(text.indexOf('=') + 1)]),
  )
  const unit = settings.get('bs') ?? '512'
  const size =
    Number(unit.replace(/[kKM]$/, '')) * (/k$/i.test(unit) ? 1024 : unit.endsWith('M') ? 1024 ** 2 : 1)
  const source = settings.get('if')
  const count = settings.get('count')
  const skipped = Number(settings.get('skip') ?? '0') * size
  const wanted = count === undefined ? undefined : skipped + Number(count) * size
  const read =
    source === undefined
      ? { ok: true as const, value: await readBytes(context, wanted) }
      : context.fs.readFile(source)
  if (!read.ok || !Number.isInteger(size)) {
    context.writeError(`dd: failed to open '${source}'\n`)
    return 1
  }
  const bytes = encodeText(read.value)
  const from = Math.min(bytes.length, skipped)
  const to = Math.min(bytes.length, wanted ?? bytes.length)
  if (context.stdin instanceof TextInput && source === undefined)
    context.stdin.unread(decodeBytes(bytes.subarray(to)))
  const target = settings.get('of')
  const text = decodeBytes(bytes.subarray(from, to))
  if (target === undefined) context.write(text)
  else if (!context.fs.writeFile(target, text).ok) return 1
  context.writeError(
    `${Math.floor((to - from) / size)}+0 records in\n${Math.floor((to - from) / size)}+0 records out\n`,
  )
  return 0
}

/** At least so many bytes, as soon as they are there: whoever types does not end the input. */
async function readBytes({ stdin }: ProgramContext, wanted: number | undefined): Promise<string> {
  if (wanted === undefined || !(stdin instanceof TextInput)) return stdin.readAll()
  while (!stdin.isEnded && countBytes(stdin.available) < wanted) await stdin.more()
  return stdin.take(stdin.available.length)
}

/** `wc [-lwc] [FILE…]`. */
export const wc: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['l', 'w', 'c', 'm', 'lines', 'words', 'bytes'] })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const { inputs, failed } = await readInputs(context, options.rest)
  const all = options.flags.size === 0
  const chosen = [
    all || options.flags.has('l') || options.flags.has('lines'),
    all || options.flags.has('w') || options.flags.has('words'),
    all || options.flags.has('c') || options.flags.has('m') || options.flags.has('bytes'),
  ]
  const rows = inputs.map(({ path, text }) => ({
    path,
    counts: [text.split('\n').length - 1, text.split(/\s+/).filter(Boolean).length, countBytes(text)],
  }))
  if (rows.length > 1) {
    const totals = [0, 1, 2].map((column) => rows.reduce((sum, row) => sum + (row.counts[column] ?? 0), 0))
    rows.push({ path: 'total', counts: totals })
  }
  const columns = chosen.filter(Boolean).length
  const total = rows.at(-1)?.counts[2] ?? 0
  const fromStdin = options.rest.length === 0 || options.rest.includes('-')
  const width = columns === 1 && rows.length === 1 ? 1 : fromStdin ? 7 : String(total).length
  for (const { path, counts } of rows) {
    const shown = counts.filter((_, index) => chosen[index]).map((count) => String(count).padStart(width))
    context.write(`${shown.join(' ')}${options.rest.length === 0 ? '' : ` ${path}`}\n`)
  }
  return failed ? 1 : 0
}

/** `tee [-a] [FILE…]`. */
export const tee: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['a', 'i', 'append'] })
  const isAppending = options.flags.has('a') || options.flags.has('append')
  const text = await context.stdin.readAll()
  context.write(text)
  let status = 0
  for (const path of options.rest) {
    const written = context.fs.writeFile(path, text, { append: isAppending })
    if (written.ok) continue
    status = 1
    const reason = {
      EACCES: 'Permission denied',
      ENOENT: 'No such file or directory',
      ENOSPC: 'No space left on device',
    }[written.code as string]
    context.writeError(`tee: ${path}: ${reason ?? written.code}\n`)
  }
  return status
}

/** `rev`, `nl`'s small brother. */
export const rev: Program = async (context) => {
  const { inputs, failed } = await readInputs(context, context.args)
  for (const { text } of inputs)
    context.write(joinLines(linesOf(text).map((line) => [...line].toReversed().join(''))))
  return failed ? 1 : 0
}

/** `paste [-s] [-d LIST] [FILE…]`. */
export const paste: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['s'], values: ['d'] })
  const delimiter = (options.values.get('d') ?? '\t').replace('\\n', '\n').replace('\\t', '\t')
  const { inputs, failed } = await readInputs(context, options.rest)
  const columns = inputs.map(({ text }) => linesOf(text))
  if (options.flags.has('s')) for (const lines of columns) context.write(`${lines.join(delimiter)}\n`)
  else {
    const height = Math.max(0, ...columns.map((lines) => lines.length))
    for (let row = 0; row < height; row += 1) {
      context.write(`${columns.map((lines) => lines[row] ?? '').join(delimiter)}\n`)
    }
  }
  return failed ? 1 : 0
}

/** Copies lines as they come and then reads no more, so that an endless writer ends too. */
async function copyLines(context: ProgramContext, count: number): Promise<number> {
  for (let left = count; left > 0 && !context.signal.aborted; left -= 1) {
    const line = await context.stdin.readLine()
    if (line === undefined) break
    context.write(line.newline ? `${line.text}\n` : line.text)
  }
  return 0
}

/** The old `-5` as `-n5`; the `-2` of `-n -2` is a value and stays. */
function modernCount(text: string, index: number, all: readonly string[]): string {
  const isValue = /^-[nc]$/.test(all[index - 1] ?? '')
  return /^-\d+$/.test(text) && !isValue ? `-n${text.slice(1)}` : text
}

function firstLines(text: string, wanted: number): string {
  const lines = text.split(/(?<=\n)/)
  return lines.slice(0, wanted).join('')
}

function lastLines(text: string, wanted: string): string {
  const lines = text.split(/(?<=\n)/)
  if (wanted.startsWith('+')) return lines.slice(Math.max(0, Number(wanted) - 1)).join('')
  const count = Math.abs(Number(wanted))
  return count === 0 ? '' : lines.slice(-count).join('')
}

function lastBytes(text: string, wanted: string): string {
  const bytes = encodeText(text)
  if (wanted.startsWith('+')) return decodeBytes(bytes.subarray(Math.max(0, Number(wanted) - 1)))
  return decodeBytes(bytes.subarray(Math.max(0, bytes.length - Math.abs(Number(wanted)))))
}

/** How often a followed file is looked at. */
const followIntervalMs = 50

async function follow(context: ProgramContext, path: string, from: number): Promise<void> {
  let shown = from
  while (!context.signal.aborted) {
    await context.clock.sleep(followIntervalMs, context.signal)
    const text = context.fs.readFile(path)
    if (!text.ok) continue
    if (text.value.length < shown) shown = 0
    if (text.value.length > shown) context.write(text.value.slice(shown))
    shown = text.value.length
  }
}
