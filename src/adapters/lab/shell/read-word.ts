import { Cursor, SyntaxProblem } from './cursor.ts'
import type { Command, Word, WordPart } from './syntax.ts'

/** Parses the commands of `$( )` at the cursor, up to and with the closing parenthesis. */
export type SubstitutionParser = {
  parseParenthesised(cursor: Cursor): Command
  parseWhole(text: string, line: number): Command
}

/** How the text at hand is quoted: not at all, between double quotes, or as a here-document's. */
export type QuoteMode = 'plain' | 'double' | 'here'

/** Reads one word at the cursor in plain mode; undefined when there is none. */
export function readWord(cursor: Cursor, parser: SubstitutionParser): Word | undefined {
  const reader = new WordReader(cursor, parser)
  const start = cursor.at
  reader.readUntil('plain', (char) => wordEnds.includes(char))
  return cursor.at === start ? undefined : reader.finish()
}

/** Reads text with expansions but without words, as in a here-document or an arithmetic expression. */
export function readExpandable(cursor: Cursor, parser: SubstitutionParser): Word {
  const reader = new WordReader(cursor, parser)
  reader.readUntil('here', () => false)
  return reader.finish()
}

const wordEnds = ' \t\n;&|<>()'
const specialParameters = '@*#?-$!0123456789'

class WordReader {
  readonly cursor: Cursor
  readonly parser: SubstitutionParser
  private readonly parts: WordPart[] = []
  private text = ''
  private textQuoted = false
  constructor(cursor: Cursor, parser: SubstitutionParser) {
    this.cursor = cursor
    this.parser = parser
  }

  finish(): Word {
    this.flush()
    return this.parts
  }

  /** Reads until `isEnd` says so of an unquoted character, or to the end of the text in `here` mode. */
  readUntil(mode: QuoteMode, isEnd: (char: string) => boolean): void {
    while (!this.cursor.isAtEnd) {
      const char = this.cursor.peek()
      if (isEnd(char)) return
      if (char === '\\') this.readBackslash(mode)
      else if (char === '$') this.readDollar(mode)
      else if (char === '`') this.readBackquotes(mode)
      else if (char === "'" && mode === 'plain') this.readSingleQuotes()
      else if (char === '"' && mode !== 'here') this.readDoubleQuotes(mode)
      else this.add(this.cursor.next(), mode !== 'plain')
    }
    if (mode === 'double') throw this.incomplete('Unterminated quoted string')
  }

  private add(text: string, quoted: boolean): void {
    if (this.text !== '' && this.textQuoted !== quoted) this.flush()
    this.text += text
    this.textQuoted = quoted
  }

  private flush(): void {
    if (this.text !== '') this.parts.push({ kind: 'text', text: this.text, quoted: this.textQuoted })
    this.text = ''
  }

  private push(part: WordPart): void {
    this.flush()
    this.parts.push(part)
  }

  private readBackslash(mode: QuoteMode): void {
    const cursor = this.cursor
    cursor.next()
    const char = cursor.peek()
    if (char === '\n') {
      cursor.next()
      return
    }
    if (char === '') this.add('\\', true)
    else if (mode === 'plain') this.add(cursor.next(), true)
    else if ('$`\\'.includes(char) || (mode === 'double' && (char === '"' || char === '}'))) {
      this.add(char === '}' ? '\\}' : char, true)
      cursor.next()
    } else this.add(`\\${cursor.next()}`, true)
  }

  private readSingleQuotes(): void {
    const { line } = this.cursor
    this.cursor.next()
    const end = this.cursor.text.indexOf("'", this.cursor.at)
    if (end < 0) throw new SyntaxProblem('Unterminated quoted string', line, true)
    const text = this.cursor.text.slice(this.cursor.at, end)
    this.cursor.line += text.split('\n').length - 1
    this.cursor.at = end + 1
    this.push({ kind: 'text', text, quoted: true })
  }

  private readDoubleQuotes(mode: QuoteMode): void {
    this.cursor.next()
    if (mode === 'double') {
      this.readUntil('plain', (char) => char === '"' || char === '}')
      if (this.cursor.peek() === '"') this.cursor.next()
      return
    }
    this.push({ kind: 'text', text: '', quoted: true })
    this.readUntil('double', (char) => char === '"')
    this.cursor.next()
  }

  private readBackquotes(mode: QuoteMode): void {
    const { cursor } = this
    const { line } = cursor
    cursor.next()
    let source = ''
    while (cursor.peek() !== '`') {
      if (cursor.isAtEnd) throw new SyntaxProblem('EOF in backquote substitution', cursor.line, true)
      const char = cursor.next()
      const escaped = cursor.peek()
      const drops =
        char === '\\' &&
        (escaped === '`' || escaped === '$' || escaped === '\\' || (escaped === '"' && mode === 'double'))
      source += drops ? cursor.next() : char
    }
    cursor.next()
    this.push({ kind: 'command', body: this.parser.parseWhole(source, line), quoted: mode !== 'plain' })
  }

  private readDollar(mode: QuoteMode): void {
    const { cursor } = this
    const quoted = mode !== 'plain'
    const following = cursor.peek(1)
    if (following === '(') {
      const arithmetic = cursor.peek(2) === '(' ? arithmeticEnd(cursor) : undefined
      if (arithmetic !== undefined) this.readArithmetic(arithmetic, quoted)
      else {
        cursor.at += 2
        this.push({ kind: 'command', body: this.parser.parseParenthesised(cursor), quoted })
      }
    } else if (following === '{') {
      cursor.at += 2
      this.readBraces(mode)
    } else if (specialParameters.includes(following) && following !== '') {
      cursor.at += 2
      this.push({ kind: 'parameter', name: following, quoted })
    } else if (/[A-Za-z_]/.test(following)) {
      cursor.at += 1
      this.push({ kind: 'parameter', name: this.readName(), quoted })
    } else this.add(cursor.next(), quoted)
  }

  private readArithmetic(end: number, quoted: boolean): void {
    const { cursor } = this
    const inner = new WordReader(new Cursor(cursor.text, cursor.line), this.parser)
    inner.cursor.at = cursor.at + 3
    inner.readUntil('here', () => inner.cursor.at >= end)
    cursor.line = inner.cursor.line
    cursor.at = end + 2
    this.push({ kind: 'arithmetic', expression: inner.finish(), quoted })
  }

  private readName(): string {
    const { cursor } = this
    const start = cursor.at
    while (/[A-Za-z0-9_]/.test(cursor.peek()) && cursor.peek() !== '') cursor.at += 1
    return cursor.text.slice(start, cursor.at)
  }

  private readBraces(mode: QuoteMode): void {
    const { cursor } = this
    const quoted = mode !== 'plain'
    if (cursor.peek() === '#' && cursor.peek(1) !== '}') {
      cursor.at += 1
      const name = this.readParameterName()
      if (cursor.next() !== '}') throw this.badSubstitution()
      this.push({ kind: 'parameter', name, quoted, operator: 'length' })
      return
    }
    const name = this.readParameterName()
    if (cursor.peek() === '}') {
      cursor.next()
      this.push({ kind: 'parameter', name, quoted })
      return
    }
    const operator = /^(?::?[-=?+]|%%?|##?)/.exec(cursor.text.slice(cursor.at, cursor.at + 2))?.[0]
    if (operator === undefined) throw this.badSubstitution()
    cursor.at += operator.length
    const isPattern = operator.startsWith('%') || operator.startsWith('#')
    const inner = new WordReader(cursor, this.parser)
    inner.readBraceWord(isPattern ? 'plain' : mode)
    this.push({ kind: 'parameter', name, quoted, operator, word: inner.finish() })
  }

  private readBraceWord(mode: QuoteMode): void {
    this.readUntil(mode, (char) => char === '}')
    if (this.cursor.isAtEnd) throw this.incomplete("Missing '}'")
    this.cursor.next()
  }

  private readParameterName(): string {
    const { cursor } = this
    const char = cursor.peek()
    if (/[0-9]/.test(char) && char !== '') {
      const start = cursor.at
      while (/[0-9]/.test(cursor.peek()) && cursor.peek() !== '') cursor.at += 1
      return cursor.text.slice(start, cursor.at)
    }
    if (char !== '' && specialParameters.includes(char)) return cursor.next()
    const name = this.readName()
    if (name === '') throw this.badSubstitution()
    return name
  }

  private badSubstitution(): SyntaxProblem {
    const { cursor } = this
    return new SyntaxProblem('Bad substitution', cursor.line, cursor.isAtEnd)
  }

  private incomplete(message: string): SyntaxProblem {
    return new SyntaxProblem(message, this.cursor.line, true)
  }
}

/** Where the `))` of the `$((` at the cursor is; undefined when it is a command substitution after all. */
function arithmeticEnd(cursor: Cursor): number | undefined {
  let depth = 0
  for (let at = cursor.at + 3; at < cursor.text.length; at += 1) {
    const char = cursor.text[at]
    if (char === '(') depth += 1
    else if (char === ')') {
      if (depth > 0) depth -= 1
      else return cursor.text[at + 1] === ')' ? at : undefined
    }
  }
  throw new SyntaxProblem("Missing '))'", cursor.line, true)
}
