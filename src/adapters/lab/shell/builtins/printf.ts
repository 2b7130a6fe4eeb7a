import type { Builtin } from './builtin.ts'
import { joinBytes, readEscape } from './escapes.ts'

/** `printf FORMAT [ARG…]`; the format is used again while arguments are left. */
export const printf: Builtin = ({ args, write, complain, writeError }) => {
  const format = args[0] === '--' ? args[1] : args[0]
  if (format === undefined) {
    writeError('sh: 1: printf: usage: printf format [arg ...]\n')
    return 2
  }
  const printer = new Printer(args.slice(args[0] === '--' ? 2 : 1), complain)
  do {
    const before = printer.taken
    printer.print(format)
    if (printer.taken === before) break
  } while (printer.hasMore && !printer.isStopped)
  write(joinBytes(printer.output))
  return printer.status
}

/** Formats once, as `printf` does, without a shell; complaints are dropped. */
export function formatPrintf(format: string, args: readonly string[]): string {
  const printer = new Printer(args, () => {})
  printer.print(format)
  return printer.output
}

const conversion = /^%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z%])/

class Printer {
  output = ''
  status = 0
  taken = 0
  isStopped = false
  private readonly args: readonly string[]
  private readonly complain: (message: string) => void
  constructor(args: readonly string[], complain: (message: string) => void) {
    this.args = args
    this.complain = complain
  }

  get hasMore(): boolean {
    return this.taken < this.args.length
  }

  print(format: string): void {
    for (let at = 0; at < format.length && !this.isStopped;) {
      if (format[at] === '\\') at += this.escape(format, at)
      else if (format[at] === '%') at += this.convert(format.slice(at))
      else this.output += format[at++] ?? ''
    }
  }

  private next(): string | undefined {
    const value = this.args[this.taken]
    if (value !== undefined) this.taken += 1
    return value
  }

  private escape(format: string, at: number): number {
    const escape = readEscape(format, at, { needsZero: false })
    if (escape === 'stop') {
      this.isStopped = true
      return 2
    }
    this.output += escape?.text ?? '\\'
    return escape?.length ?? 1
  }

  private convert(rest: string): number {
    const match = conversion.exec(rest)
    if (match === null) {
      this.fail(`${rest.slice(0, 2)}: invalid directive`)
      this.isStopped = true
      return 1
    }
    const kind = match[4] ?? ''
    if (kind === '%') {
      this.output += '%'
      return match[0].length
    }
    let flags = match[1] ?? ''
    let width = match[2] === '*' ? this.integer(this.next()) : Number(match[2] ?? '0')
    if (width < 0) {
      flags += '-'
      width = -width
    }
    const hasPrecision = match[0].includes('.')
    const precision =
      match[3] === '*' ? this.integer(this.next()) : hasPrecision ? Number(match[3] ?? '0') : undefined
    this.output += this.render({ kind, flags, width, precision })
    return match[0].length
  }

  private render(spec: Spec): string {
    if (spec.kind === 's') return pad((this.next() ?? '').slice(0, spec.precision), spec)
    if (spec.kind === 'b') return pad(this.unescape(this.next() ?? ''), spec)
    if (spec.kind === 'c') return pad((this.next() ?? '').slice(0, 1), spec)
    if ('diuoxX'.includes(spec.kind)) return this.renderInteger(spec)
    if ('eEfFgG'.includes(spec.kind)) return renderFloat(Number(this.next() ?? '0') || 0, spec)
    this.fail(`%${spec.kind}: invalid directive`)
    this.isStopped = true
    return ''
  }

  private renderInteger(spec: Spec): string {
    const value = this.integer(this.next())
    const unsigned =
      value < 0 && !'di'.includes(spec.kind) ? BigInt.asUintN(64, BigInt(value)) : BigInt(Math.abs(value))
    const base = spec.kind === 'o' ? 8 : spec.kind.toLowerCase() === 'x' ? 16 : 10
    let digits = unsigned.toString(base)
    if (spec.kind === 'X') digits = digits.toUpperCase()
    if (spec.precision !== undefined) digits = digits.padStart(spec.precision, '0')
    if (spec.flags.includes('#') && value !== 0)
      digits = `${base === 16 ? `0${spec.kind}` : base === 8 ? '0' : ''}${digits}`
    return padNumber(signOf(value, spec), digits, { ...spec, zero: spec.precision === undefined })
  }

  private integer(text: string | undefined): number {
    const source = (text ?? '').trim()
    if (source === '') return 0
    if (/^['"]/.test(source)) return source.codePointAt(1) ?? 0
    const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(source)
    if (match === null || match[0].length < source.length) {
      this.fail(match === null ? `${source}: expected numeric value` : `${source}: not completely converted`)
    }
    const digits = match?.[2] ?? '0'
    const size = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
    return match?.[1] === '-' ? -size : size
  }

  private unescape(text: string): string {
    let output = ''
    for (let at = 0; at < text.length;) {
      const escape =
        text[at] === '\\'
          ? (readEscape(text, at, { needsZero: true }) ?? readEscape(text, at, { needsZero: false }))
          : undefined
      if (escape === 'stop') {
        this.isStopped = true
        return output
      }
      output += escape?.text ?? text[at] ?? ''
      at += escape?.length ?? 1
    }
    return output
  }

  private fail(message: string): void {
    this.complain(message)
    this.status = 1
  }
}

type Spec = {
  readonly kind: string
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
}

function renderFloat(value: number, spec: Spec): string {
  const precision = spec.precision ?? 6
  const size = Math.abs(value)
  const kind = spec.kind.toLowerCase()
  const plain =
    kind === 'f'
      ? size.toFixed(precision)
      : kind === 'e'
        ? exponent(size, precision)
        : general(size, precision)
  const digits = spec.kind === kind ? plain : plain.toUpperCase()
  return padNumber(signOf(value, spec), digits, { ...spec, zero: true })
}

function exponent(size: number, precision: number): string {
  return size.toExponential(precision).replace(/e([-+])(\d)$/, 'e$10$2')
}

function general(size: number, precision: number): string {
  const significant = precision === 0 ? 1 : precision
  const power = size === 0 ? 0 : Math.floor(Math.log10(size))
  const text =
    power < -4 || power >= significant
      ? exponent(size, significant - 1)
      : size.toFixed(Math.max(0, significant - 1 - power))
  return text.includes('.') ? text.replace(/\.?0+(?=e|$)/, '') : text
}

function signOf(value: number, spec: Spec): string {
  if (value < 0 && 'dieEfFgG'.includes(spec.kind)) return '-'
  return spec.flags.includes('+') ? '+' : spec.flags.includes(' ') ? ' ' : ''
}

function padNumber(sign: string, digits: string, spec: Spec & { readonly zero: boolean }): string {
  const isZeroPadded = spec.flags.includes('0') && !spec.flags.includes('-') && spec.zero
  if (isZeroPadded) return `${sign}${digits.padStart(spec.width - sign.length, '0')}`
  return pad(`${sign}${digits}`, spec)
}

function pad(text: string, spec: Spec): string {
  return spec.flags.includes('-') ? text.padEnd(spec.width) : text.padStart(spec.width)
}
