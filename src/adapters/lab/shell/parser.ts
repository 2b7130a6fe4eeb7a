import { Cursor, SyntaxProblem } from './cursor.ts'
import { Lexer } from './lexer.ts'
import type { Token } from './lexer.ts'
import { isPlainText, textOf } from './word-text.ts'
import type { Assignment, Command, Redirect, RedirectOperator, SequenceItem, Word } from './syntax.ts'
import { parseCompound } from './parse-compound.ts'

export type ParseOutcome =
  | { readonly kind: 'command'; readonly command: Command; readonly end: number; readonly line: number }
  | { readonly kind: 'blank'; readonly end: number; readonly line: number }
  | { readonly kind: 'incomplete'; readonly message: string; readonly line: number }
  | { readonly kind: 'error'; readonly message: string; readonly line: number }
  | { readonly kind: 'end' }

/** Parses the next complete command (to the end of its line) of shell text; `isFinal` says that no more text can come. */
export function parseNextCommand(text: string, options: { line: number; isFinal: boolean }): ParseOutcome {
  const cursor = new Cursor(text, options.line)
  const parser = new Parser(cursor)
  try {
    if (!options.isFinal && !text.includes('\n'))
      return { kind: 'incomplete', message: '', line: options.line }
    if (parser.lexer.peek().kind === 'end') return { kind: 'end' }
    const items = parser.parseLine()
    if (!options.isFinal && (parser.lexer.isDocumentCut || !text.slice(0, cursor.at).endsWith('\n'))) {
      return { kind: 'incomplete', message: '', line: cursor.line }
    }
    if (items.length === 0) return { kind: 'blank', end: cursor.at, line: cursor.line }
    return { kind: 'command', command: sequenceOf(items), end: cursor.at, line: cursor.line }
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem
    const kind = problem.isIncomplete && !options.isFinal ? 'incomplete' : 'error'
    return { kind, message: problem.message, line: problem.line }
  }
}

/** A recursive descent parser for POSIX shell commands. */
export class Parser {
  readonly lexer: Lexer
  constructor(cursor: Cursor) {
    this.lexer = new Lexer(cursor, substitutions)
  }

  /** Parses lists up to the end of the line; the newline is taken. */
  parseLine(): SequenceItem[] {
    const items: SequenceItem[] = []
    while (!['newline', 'end'].includes(this.lexer.peek().kind)) {
      items.push(...this.parseItem())
    }
    if (this.lexer.peek().kind === 'newline') this.lexer.next()
    return items
  }

  /** Parses lists, over lines, until one of the reserved words (or operators) `ends` is ahead. */
  parseList(ends: readonly string[], expecting: string): Command {
    const items: SequenceItem[] = []
    this.skipNewlines()
    while (!this.isAhead(ends)) {
      if (this.lexer.peek().kind === 'end') throw this.unexpected(expecting)
      items.push(...this.parseItem())
      this.skipNewlines()
    }
    if (items.length === 0) throw this.unexpected()
    return sequenceOf(items)
  }

  skipNewlines(): void {
    while (this.lexer.peek().kind === 'newline') this.lexer.next()
  }

  /** Whether one of the reserved words or operators is the next token. */
  isAhead(texts: readonly string[]): boolean {
    const token = this.lexer.peek()
    const text = token.kind === 'word' ? token.raw : token.kind === 'operator' ? token.text : ''
    return texts.includes(text)
  }

  expect(text: string): void {
    if (!this.isAhead([text])) throw this.unexpected(text)
    this.lexer.next()
  }

  unexpected(expecting?: string): SyntaxProblem {
    const token = this.lexer.peek()
    const suffix = expecting === undefined ? '' : ` (expecting "${expecting}")`
    return new SyntaxProblem(`${describe(token)} unexpected${suffix}`, token.line, token.kind === 'end')
  }

  private parseItem(): SequenceItem[] {
    const command = this.parseAndOr()
    const token = this.lexer.peek()
    if (token.kind === 'operator' && (token.text === ';' || token.text === '&')) {
      this.lexer.next()
      return [{ command, background: token.text === '&' }]
    }
    const ends = token.kind !== 'operator' || token.text === ')' || token.text === ';;'
    if (!ends) throw this.unexpected()
    return [{ command, background: false }]
  }

  private parseAndOr(): Command {
    let left = this.parsePipeline()
    for (;;) {
      const token = this.lexer.peek()
      if (token.kind !== 'operator' || (token.text !== '&&' && token.text !== '||')) return left
      this.lexer.next()
      this.skipNewlines()
      left = { kind: 'and-or', operator: token.text, left, right: this.parsePipeline() }
    }
  }

  private parsePipeline(): Command {
    let negated = false
    while (this.isAhead(['!'])) {
      this.lexer.next()
      negated = !negated
    }
    const commands = [this.parseCommand()]
    while (this.isAhead(['|'])) {
      this.lexer.next()
      this.skipNewlines()
      commands.push(this.parseCommand())
    }
    const only = commands[0]
    return commands.length === 1 && !negated && only !== undefined
      ? only
      : { kind: 'pipeline', negated, commands }
  }

  parseCommand(): Command {
    const compound = parseCompound(this)
    if (compound === undefined) return this.parseSimple()
    const redirects = this.parseRedirects()
    return redirects.length === 0 ? compound : { kind: 'redirected', command: compound, redirects }
  }

  private parseSimple(): Command {
    const { line } = this.lexer.peek()
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      const redirect = this.parseRedirect()
      if (redirect !== undefined) {
        redirects.push(redirect)
        continue
      }
      const token = this.lexer.peek()
      if (token.kind !== 'word') break
      if (words.length === 0 && assignments.length === 0 && redirects.length === 0) {
        const named = this.parseFunction(token)
        if (named !== undefined) return named
      }
      this.lexer.next()
      const assignment = words.length === 0 ? assignmentOf(token.word) : undefined
      if (assignment === undefined) words.push(token.word)
      else assignments.push(assignment)
    }
    if (assignments.length + words.length + redirects.length === 0) throw this.unexpected()
    return { kind: 'simple', assignments, words, redirects, line }
  }

  private parseFunction(token: Token & { kind: 'word' }): Command | undefined {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(token.raw) || !this.lexer.isFollowedBy('(')) return undefined
    this.lexer.next()
    this.expect('(')
    this.expect(')')
    this.skipNewlines()
    return { kind: 'function', name: token.raw, body: this.parseCommand() }
  }

  private parseRedirects(): Redirect[] {
    const redirects: Redirect[] = []
    for (;;) {
      const redirect = this.parseRedirect()
      if (redirect === undefined) return redirects
      redirects.push(redirect)
    }
  }

  private parseRedirect(): Redirect | undefined {
    const token = this.lexer.peek()
    if (token.kind !== 'operator' || !/^[<>]/.test(token.text)) return undefined
    this.lexer.next()
    const target = this.lexer.peek()
    if (target.kind !== 'word') throw this.unexpected()
    this.lexer.next()
    const fd = token.fd ?? (token.text.startsWith('<') ? 0 : 1)
    if (!token.text.startsWith('<<'))
      return { fd, operator: token.text as RedirectOperator, target: target.word }
    const redirect: Redirect = { fd, operator: 'here', target: [] }
    this.lexer.await({
      redirect,
      delimiter: textOf(target.word),
      stripsTabs: token.text === '<<-',
      isLiteral: !isPlainText(target.word),
    })
    return redirect
  }
}

const substitutions = {
  parseParenthesised(cursor: Cursor): Command {
    const parser = new Parser(cursor)
    parser.skipNewlines()
    const body = parser.isAhead([')']) ? sequenceOf([]) : parser.parseList([')'], ')')
    parser.expect(')')
    return body
  },
  parseWhole(text: string, line: number): Command {
    const parser = new Parser(new Cursor(text, line))
    const items: SequenceItem[] = []
    while (parser.lexer.peek().kind !== 'end') items.push(...parser.parseLine())
    return sequenceOf(items)
  },
}

function sequenceOf(items: readonly SequenceItem[]): Command {
  const only = items[0]
  return items.length === 1 && only !== undefined && !only.background
    ? only.command
    : { kind: 'sequence', items }
}

function assignmentOf(word: Word): Assignment | undefined {
  const first = word[0]
  if (first === undefined || first.kind !== 'text' || first.quoted) return undefined
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(first.text)
  if (match === null) return undefined
  const rest = first.text.slice(match[0].length)
  const value: Word = [...(rest === '' ? [] : [{ ...first, text: rest }]), ...word.slice(1)]
  return { name: match[1] ?? '', value }
}

const reservedWords = new Set('! { } case do done elif else esac fi for if in then until while'.split(' '))

function describe(token: Token): string {
  if (token.kind === 'end') return 'end of file'
  if (token.kind === 'newline') return 'newline'
  if (token.kind === 'operator') return `"${token.text}"`
  return reservedWords.has(token.raw) ? `"${token.raw}"` : 'word'
}
