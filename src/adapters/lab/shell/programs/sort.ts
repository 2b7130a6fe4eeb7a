import { formatFsError } from '../../fs/fs-error.ts'
import type { Program } from '../../program.ts'
import { parseOptions, refuseOption } from './options.ts'
import { joinLines, linesOf, readInputs } from './read-inputs.ts'

/** `sort [-nrufhVbs] [-k F[,G][nr]] [-t C] [-o FILE] [FILE…]`, in the C locale. */
export const sort: Program = async (context) => {
  const keys: string[] = []
  const args = collectKeys(context.args, keys)
  const options = parseOptions(args, {
    flags: ['n', 'r', 'u', 'f', 'h', 'V', 'b', 's', 'c', 'g', 'd', 'i', 'unique', 'reverse', 'numeric-sort'],
    values: ['t', 'o', 'T', 'S'],
  })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown, 2)
  const { inputs, failed } = await readInputs(context, options.rest)
  if (failed) return 2
  const flags = [...options.flags].map((flag) => longFlags[flag] ?? flag).join('')
  const separator = options.values.get('t')
  const compareKeys =
    keys.length === 0
      ? [comparatorOf({ key: '1', flags, separator })]
      : keys.map((key) => comparatorOf({ key, flags, separator }))
  const byKeys = (a: string, b: string): number =>
    compareKeys.map((compare) => compare(a, b)).find((order) => order !== 0) ?? 0
  const lastResort = flags.includes('s') || flags.includes('u') ? 0 : flags.includes('r') ? -1 : 1
  const compare = (a: string, b: string): number => byKeys(a, b) || lastResort * compareText(a, b)
  const lines = inputs.flatMap(({ text }) => linesOf(text))
  if (flags.includes('c')) {
    const wrong = lines.findIndex((line, index) => index > 0 && compare(lines[index - 1] ?? '', line) > 0)
    if (wrong < 0) return 0
    context.writeError(`sort: ${options.rest[0] ?? '-'}:${wrong + 1}: disorder: ${lines[wrong]}\n`)
    return 1
  }
  const sorted = lines.toSorted(compare)
  const unique = flags.includes('u')
    ? sorted.filter((line, index) => index === 0 || byKeys(sorted[index - 1] ?? '', line) !== 0)
    : sorted
  const output = options.values.get('o')
  if (output === undefined) context.write(joinLines(unique))
  else {
    const written = context.fs.writeFile(output, joinLines(unique))
    if (!written.ok) {
      context.writeError(`sort: open failed: ${output}: ${formatFsError(written.code)}\n`)
      return 2
    }
  }
  return 0
}

/** `uniq [-cdui] [FILE]`. */
export const uniq: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['c', 'd', 'u', 'i'], values: ['f', 's', 'w'] })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const { inputs, failed } = await readInputs(context, options.rest.slice(0, 1))
  const groups: { line: string; count: number }[] = []
  const keyOf = (line: string): string => (options.flags.has('i') ? line.toLowerCase() : line)
  for (const line of linesOf(inputs.map(({ text }) => text).join(''))) {
    const last = groups.at(-1)
    if (last !== undefined && keyOf(last.line) === keyOf(line)) last.count += 1
    else groups.push({ line, count: 1 })
  }
  for (const { line, count } of groups) {
    if (options.flags.has('d') && count < 2) continue
    if (options.flags.has('u') && count > 1) continue
    context.write(`${options.flags.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`)
  }
  return failed ? 1 : 0
}

const longFlags: Readonly<Record<string, string>> = { unique: 'u', reverse: 'r', 'numeric-sort': 'n' }

function collectKeys(args: readonly string[], keys: string[]): string[] {
  const rest: string[] = []
  for (let at = 0; at < args.length; at += 1) {
    const text = args[at] ?? ''
    if (text === '-k') keys.push(args[(at += 1)] ?? '1')
    else if (/^-k./.test(text)) keys.push(text.slice(2))
    else if (text.startsWith('--key=')) keys.push(text.slice('--key='.length))
    else rest.push(text)
  }
  return rest
}

type KeySpec = { readonly key: string; readonly flags: string; readonly separator: string | undefined }

function comparatorOf({ key, flags, separator }: KeySpec): (a: string, b: string) => number {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(key)
  const own = `${match?.[3] ?? ''}${match?.[6] ?? ''}`
  const letters = own === '' ? flags : own
  const from = Number(match?.[1] ?? '1') - 1
  const to = match?.[4] === undefined ? undefined : Number(match[4])
  const isWhole = from === 0 && to === undefined && match?.[2] === undefined
  const extract = (line: string): string => {
    if (isWhole) return line
    const fields = separator === undefined ? (line.match(/\s*\S+/g) ?? []) : line.split(separator)
    const text = fields.slice(from, to).join(separator ?? '')
    return text.slice(Number(match?.[2] ?? '1') - 1)
  }
  const order = orderOf(letters)
  const direction = letters.includes('r') ? -1 : 1
  return (a, b) => direction * order(extract(a), extract(b))
}

function orderOf(letters: string): (a: string, b: string) => number {
  if (letters.includes('h')) return (a, b) => humanValue(a) - humanValue(b)
  if (letters.includes('n') || letters.includes('g')) return (a, b) => numberOf(a) - numberOf(b)
  if (letters.includes('V')) return compareVersions
  const clean = (text: string): string => {
    const trimmed = letters.includes('b') ? text.trimStart() : text
    return letters.includes('f') ? trimmed.toUpperCase() : trimmed
  }
  return (a, b) => compareText(clean(a), clean(b))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function numberOf(text: string): number {
  return Number(/^\s*(-?\d*\.?\d+|-?\d+)/.exec(text)?.[1] ?? '0')
}

function humanValue(text: string): number {
  const unit = /^\s*-?[\d.]+([KMGTPE])/i.exec(text)?.[1]?.toUpperCase() ?? ''
  return numberOf(text) * 1024 ** (unit === '' ? 0 : 'KMGTPE'.indexOf(unit) + 1)
}

function compareVersions(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? []
  const right = b.match(/\d+|\D+/g) ?? []
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const x = left[at] ?? ''
    const y = right[at] ?? ''
    const order = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : compareText(x, y)
    if (order !== 0) return order
  }
  return 0
}
