import { buildPosixRegex } from './posix-regex.ts'
import type { PosixRegex } from './posix-regex.ts'

/** One command of a sed script. */
export type SedCommand = {
  readonly from: SedAddress | undefined
  readonly to: SedAddress | undefined
  readonly negated: boolean
  readonly action: SedAction
}

export type SedAddress =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'regex'; readonly regex: PosixRegex }
  /** `+N` after the first. */
  | { readonly kind: 'more'; readonly count: number }

export type SedAction =
  | {
      readonly kind: 'substitute'
      readonly regex: PosixRegex
      readonly replacement: string
      readonly every: boolean
      readonly nth: number
      readonly prints: boolean
    }
  | { readonly kind: 'text'; readonly letter: 'a' | 'i' | 'c'; readonly text: string }
  | { readonly kind: 'translate'; readonly map: ReadonlyMap<string, string> }
  | { readonly kind: 'block'; readonly commands: readonly SedCommand[] }
  | {
      readonly kind: 'simple'
      readonly letter: 'p' | 'd' | 'q' | 'Q' | 'n' | 'N' | '=' | 'g' | 'G' | 'h' | 'H' | 'x' | 'D' | 'P'
      readonly code: number
    }

/** Parses a sed script; a text says what it has that this sed does not know. */
export function parseSed(source: string, extended: boolean): readonly SedCommand[] | string {
  const parser = new SedParser(source, extended)
  try {
    const commands = parser.commands(false)
    return commands
  } catch (problem) {
    if (!(problem instanceof SedProblem)) throw problem
    return problem.message
  }
}

/** A script that cannot be read; thrown and caught in this file only. */
class SedProblem extends Error {
  override readonly name = 'SedProblem'
}

class SedParser {
  private at = 0
  private readonly source: string
  private readonly extended: boolean
  constructor(source: string, extended: boolean) {
    this.source = source
    this.extended = extended
  }

  commands(isNested: boolean): readonly SedCommand[] {
    const commands: SedCommand[] = []
    for (;;) {
      while (/[\s;]/.test(this.peek())) this.at += 1
      if (this.peek() === '#') {
        while (this.peek() !== '' && this.peek() !== '\n') this.at += 1
        continue
      }
      if (this.peek() === '') {
        if (isNested) throw new SedProblem("unmatched `{'")
        return commands
      }
      if (this.peek() === '}' && isNested) {
        this.at += 1
        return commands
      }
      commands.push(this.command())
    }
  }

  private command(): SedCommand {
    const from = this.address()
    let to: SedAddress | undefined
    if (from !== undefined && this.peek() === ',') {
      this.at += 1
      to = this.address()
      if (to === undefined) throw new SedProblem("unexpected `,'")
    }
    this.skipBlanks()
    const negated = this.peek() === '!'
    if (negated) this.at += 1
    this.skipBlanks()
    return { from, to, negated, action: this.action() }
  }

  private action(): SedAction {
    const letter = this.next()
    if (letter === '{') return { kind: 'block', commands: this.commands(true) }
    if (letter === 's') return this.substitute()
    if (letter === 'y') return this.translate()
    if (letter === 'a' || letter === 'i' || letter === 'c') return { kind: 'text', letter, text: this.text() }
    if ('pdqQnN=gGhHxDP'.includes(letter) && letter !== '') {
      this.skipBlanks()
      const code = /^\d+/.exec(this.source.slice(this.at))?.[0] ?? ''
      this.at += code.length
      this.skipBlanks()
      if (!/^(?:$|[;\n}])/.test(this.peek())) throw new SedProblem('extra characters after command')
      return { kind: 'simple', letter: letter as 'p', code: Number(code) }
    }
    throw new SedProblem(letter === '' ? 'missing command' : `unknown command: \`${letter}'`)
  }

  private substitute(): SedAction {
    const delimiter = this.next()
    const pattern = this.until(delimiter, true)
    const replacement = this.until(delimiter, false)
    const flags = /^[gpiIMe0-9]*/.exec(this.source.slice(this.at))?.[0] ?? ''
    this.at += flags.length
    this.skipBlanks()
    if (!/^(?:$|[;\n}#])/.test(this.peek())) throw new SedProblem("unknown option to `s'")
    if (/[eM]/.test(flags))
      throw new SedProblem(`option of \`s' that the practice host's sed does not have: ${flags}`)
    return {
      kind: 'substitute',
      regex: this.regex(pattern, /i/i.test(flags)),
      replacement,
      every: flags.includes('g'),
      nth: Number(/\d+/.exec(flags)?.[0] ?? '1'),
      prints: flags.includes('p'),
    }
  }

  private translate(): SedAction {
    const delimiter = this.next()
    const from = [...unescapeText(this.until(delimiter, false))]
    const to = [...unescapeText(this.until(delimiter, false))]
    if (from.length !== to.length) throw new SedProblem("strings for `y' command are different lengths")
    return { kind: 'translate', map: new Map(from.map((char, index) => [char, to[index] ?? ''])) }
  }

  private text(): string {
    this.skipBlanks()
    if (this.peek() === '\\') {
      this.at += 1
      this.skipBlanks()
      if (this.peek() === '\n') this.at += 1
    }
    let text = ''
    while (this.peek() !== '' && this.peek() !== '\n') {
      if (this.peek() === '\\') this.at += 1
      text += this.next()
    }
    return text
  }

  private address(): SedAddress | undefined {
    const rest = this.source.slice(this.at)
    const number = /^\+?\d+/.exec(rest)?.[0]
    if (number !== undefined) {
      this.at += number.length
      const value = Number(number.replace('+', ''))
      return number.startsWith('+') ? { kind: 'more', count: value } : { kind: 'line', line: value }
    }
    if (rest.startsWith('$')) {
      this.at += 1
      return { kind: 'last' }
    }
    if (!rest.startsWith('/') && !rest.startsWith('\\')) return undefined
    if (this.next() === '\\') this.at += 1
    const pattern = this.until(this.source[this.at - 1] ?? '/', true)
    const ignoreCase = this.peek() === 'I'
    if (ignoreCase) this.at += 1
    return { kind: 'regex', regex: this.regex(pattern, ignoreCase) }
  }

  private regex(pattern: string, ignoreCase: boolean): PosixRegex {
    if (pattern === '')
      throw new SedProblem('no previous regular expression (an empty one is not supported here)')
    const regex = buildPosixRegex(pattern, { extended: this.extended, ignoreCase })
    if (typeof regex === 'string') throw new SedProblem(regex)
    return regex
  }

  private until(delimiter: string, isPattern: boolean): string {
    let text = ''
    let inSet = false
    while (this.peek() !== '') {
      const char = this.next()
      if (char === '\\' && !inSet) {
        const escaped = this.next()
        text +=
          escaped === delimiter
            ? isPattern && '|(){}+?'.includes(delimiter)
              ? escaped
              : isPattern
                ? `${escaped}`
                : escaped
            : `\\${escaped}`
      } else if (char === delimiter && !inSet) return text
      else {
        if (isPattern && char === '[' && !inSet && this.source.indexOf(']', this.at + 1) > 0) inSet = true
        else if (isPattern && char === ']' && inSet && !/\[\^?$/.test(text) && !/\[:[a-z]*:$/.test(text))
          inSet = false
        text += char
      }
    }
    throw new SedProblem(isPattern ? "unterminated address regex or `s' command" : "unterminated `s' command")
  }

  private skipBlanks(): void {
    while (this.peek() === ' ' || this.peek() === '\t') this.at += 1
  }

  private peek(): string {
    return this.source[this.at] ?? ''
  }

  private next(): string {
    const char = this.peek()
    this.at += char.length
    return char
  }
}

function unescapeText(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => ({ n: '\n', t: '\t' })[char] ?? char)
}
