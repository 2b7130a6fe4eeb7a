import { formatPrintf } from '../../builtins/printf.ts'

/** A value of awk: a number, a text, a text from the input that counts as a number if it looks like one, or nothing yet. */
export type AwkValue = number | string | InputText | undefined

/** Text that came from outside. */
export class InputText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A value as text; whole numbers without a point, others by a format (CONVFMT or OFMT). */
export function toText(value: AwkValue, format = '%.6g'): string {
  if (value === undefined) return ''
  if (value instanceof InputText) return value.text
  if (typeof value === 'string') return value
  return Number.isInteger(value) ? String(value) : formatAwk(format, [value])
}

export function toNumber(value: AwkValue): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  const text = value instanceof InputText ? value.text : value
  return Number(/^\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)/.exec(text)?.[0] ?? '0')
}

export function isTrue(value: AwkValue): boolean {
  if (value instanceof InputText && looksNumeric(value.text)) return toNumber(value) !== 0
  return typeof value === 'number' ? value !== 0 : toText(value) !== ''
}

/** Below zero, zero or above, by number if both sides count as numbers, else by text. */
export function compareValues(left: AwkValue, right: AwkValue): number {
  if (isNumeric(left) && isNumeric(right)) return toNumber(left) - toNumber(right)
  const a = toText(left)
  const b = toText(right)
  return a < b ? -1 : a > b ? 1 : 0
}

/** Formats as awk's printf does: `%d` cuts, `%c` takes a code or the first character. */
export function formatAwk(format: string, values: readonly AwkValue[]): string {
  const pending = [...values]
  const args: string[] = []
  for (const match of format.matchAll(/%(?:%|[-+ 0#]*(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z]))/g)) {
    if (match[3] === undefined) continue
    if (match[1] === '*') args.push(String(Math.trunc(toNumber(pending.shift()))))
    if (match[2] === '*') args.push(String(Math.trunc(toNumber(pending.shift()))))
    args.push(argumentFor(match[3], pending.shift()))
  }
  return formatPrintf(format.replaceAll('\\', '\\\\'), args)
}

function argumentFor(kind: string, value: AwkValue): string {
  if ('diouxX'.includes(kind)) return String(Math.trunc(toNumber(value)))
  if ('eEfFgG'.includes(kind)) return String(toNumber(value))
  return kind === 'c' && typeof value === 'number' ? String.fromCodePoint(value) : toText(value)
}

function isNumeric(value: AwkValue): boolean {
  if (value instanceof InputText) return looksNumeric(value.text)
  return value === undefined || typeof value === 'number'
}

function looksNumeric(text: string): boolean {
  return /^\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)\s*$/.test(text)
}
