import { Cursor, SyntaxProblem } from './cursor.ts'
import { readExpandable, readWord } from './read-word.ts'
import type { SubstitutionParser } from './read-word.ts'
import type { Redirect, Word } from './syntax.ts'

export type Token =
  | {
      readonly kind: 'word'
      readonly word: Word
      readonly raw: string
      readonly line: number
      readonly end: number
    }
  | { readonly kind: 'operator'; readonly text: string; readonly line: number; readonly fd?: number }
  | { readonly kind: 'newline'; readonly line: number }
  | { readonly kind: 'end'; readonly line: number }

/** Cuts shell text into tokens, one ahead, and reads here-documents after the line that asks for them. */
export class Lexer {
  readonly cursor: Cursor
  private readonly parser: SubstitutionParser
  private ahead: Token | undefined
  private readonly pending: PendingDocument[] = []
  constructor(cursor: Cursor, parser: SubstitutionParser) {
    this.cursor = cursor
    this.parser = parser
  }

  peek(): Token {
    this.ahead ??= this.read()
    return this.ahead
  }

  next(): Token {
    const token = this.peek()
    this.ahead = undefined
    return token
  }

  /** Whether the character right after the token ahead is `char`, blanks aside. */
  isFollowedBy(char: string): boolean {
    this.peek()
    let at = this.cursor.at
    while (this.cursor.text[at] === ' ' || this.cursor.text[at] === '\t') at += 1
    return this.cursor.text[at] === char
  }

  /** Remembers a here-document whose text comes after this line. */
  await(document: PendingDocument): void {
    this.pending.push(document)
  }

  get isAwaitingDocument(): boolean {
    return this.pending.length > 0
  }

  private read(): Token {
    this.skipBlanks()
    const { cursor } = this
    const { line } = cursor
    if (cursor.isAtEnd) {
      if (this.pending.length > 0) this.readDocuments()
      return { kind: 'end', line }
    }
    if (cursor.peek() === '\n') {
      cursor.next()
      this.readDocuments()
      return { kind: 'newline', line }
    }
    const number = /^\d+(?=[<>])/.exec(cursor.text.slice(cursor.at, cursor.at + maxFdDigits))
    if (number !== null) cursor.at += number[0].length
    const operator = operators.find((text) => cursor.startsWith(text))
    if (operator !== undefined) {
      cursor.at += operator.length
      return { kind: 'operator', text: operator, line, ...(number === null ? {} : { fd: Number(number[0]) }) }
    }
    const start = cursor.at
    const word = readWord(cursor, this.parser)
    if (word === undefined) throw new SyntaxProblem(`Unexpected ${cursor.peek()}`, line)
    return { kind: 'word', word, raw: cursor.text.slice(start, cursor.at), line, end: cursor.at }
  }

  private skipBlanks(): void {
    const { cursor } = this
    for (;;) {
      const char = cursor.peek()
      if (char === ' ' || char === '\t') cursor.at += 1
      else if (char === '\\' && cursor.peek(1) === '\n') {
        cursor.next()
        cursor.next()
      } else if (char === '#') while (!cursor.isAtEnd && cursor.peek() !== '\n') cursor.at += 1
      else return
    }
  }

  private readDocuments(): void {
    for (const document of this.pending.splice(0)) {
      const text = this.readDocumentText(document)
      const cursor = new Cursor(text, this.cursor.line)
      document.redirect.target = document.isLiteral
        ? [{ kind: 'text', text, quoted: true }]
        : readExpandable(cursor, this.parser)
    }
  }

  private readDocumentText(document: PendingDocument): string {
    const { cursor } = this
    let text = ''
    while (!cursor.isAtEnd) {
      const newline = cursor.text.indexOf('\n', cursor.at)
      const end = newline < 0 ? cursor.text.length : newline
      let lineText = cursor.text.slice(cursor.at, end)
      if (document.stripsTabs) lineText = lineText.replace(/^\t+/, '')
      cursor.at = end
      cursor.next()
      if (lineText === document.delimiter) return text
      text += newline < 0 ? lineText : `${lineText}\n`
    }
    this.isDocumentCut = true
    return text
  }

  /** A here-document ran to the end of the text without its delimiter. */
  isDocumentCut = false
}

export type PendingDocument = {
  readonly redirect: Redirect
  readonly delimiter: string
  readonly stripsTabs: boolean
  readonly isLiteral: boolean
}

const operators = [
  '&&',
  '||',
  ';;',
  '<<-',
  '<<',
  '>>',
  '<&',
  '>&',
  '<>',
  '>|',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
]
/** File descriptors of more digits are words. */
const maxFdDigits = 4
