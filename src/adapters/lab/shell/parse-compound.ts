import type { SyntaxProblem } from './cursor.ts'
import type { Lexer } from './lexer.ts'
import type { CaseBranch, Command, IfBranch, Word } from './syntax.ts'

/** The part of the parser that compound commands are read with. */
export type CommandParser = {
  readonly lexer: Lexer
  parseList(ends: readonly string[], expecting: string): Command
  skipNewlines(): void
  isAhead(texts: readonly string[]): boolean
  expect(text: string): void
  unexpected(expecting?: string): SyntaxProblem
}

/** Parses a compound command if one begins here. */
export function parseCompound(parser: CommandParser): Command | undefined {
  const token = parser.lexer.peek()
  const text = token.kind === 'word' ? token.raw : token.kind === 'operator' ? token.text : ''
  const parse = compounds[text]
  if (parse !== undefined) {
    parser.lexer.next()
    return parse(parser)
  }
  if (token.kind === 'word' && strayWords.has(text)) throw parser.unexpected()
  return undefined
}

const strayWords = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}'])

const compounds: Readonly<Record<string, (parser: CommandParser) => Command>> = {
  '{': (parser) => {
    const body = parser.parseList(['}'], '}')
    parser.expect('}')
    return { kind: 'group', body }
  },
  '(': (parser) => {
    const body = parser.parseList([')'], ')')
    parser.expect(')')
    return { kind: 'subshell', body }
  },
  if: parseIf,
  for: parseFor,
  while: (parser) => parseWhile(parser, false),
  until: (parser) => parseWhile(parser, true),
  case: parseCase,
}

function parseIf(parser: CommandParser): Command {
  const branches: IfBranch[] = []
  let otherwise: Command | undefined
  for (;;) {
    const condition = parser.parseList(['then'], 'then')
    parser.expect('then')
    branches.push({ condition, body: parser.parseList(['elif', 'else', 'fi'], 'fi') })
    if (!parser.isAhead(['elif'])) break
    parser.lexer.next()
  }
  if (parser.isAhead(['else'])) {
    parser.lexer.next()
    otherwise = parser.parseList(['fi'], 'fi')
  }
  parser.expect('fi')
  return { kind: 'if', branches, otherwise }
}

function parseWhile(parser: CommandParser, until: boolean): Command {
  const condition = parser.parseList(['do'], 'do')
  return { kind: 'while', until, condition, body: parseDo(parser) }
}

function parseFor(parser: CommandParser): Command {
  const token = parser.lexer.peek()
  if (token.kind !== 'word' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(token.raw)) throw parser.unexpected()
  parser.lexer.next()
  parser.skipNewlines()
  let words: Word[] | undefined
  if (parser.isAhead(['in'])) {
    parser.lexer.next()
    words = []
    for (;;) {
      const item = parser.lexer.peek()
      if (item.kind !== 'word') break
      parser.lexer.next()
      words.push(item.word)
    }
    if (!parser.isAhead([';']) && parser.lexer.peek().kind !== 'newline') throw parser.unexpected()
  }
  if (parser.isAhead([';'])) parser.lexer.next()
  parser.skipNewlines()
  return { kind: 'for', name: token.raw, words, body: parseDo(parser) }
}

function parseDo(parser: CommandParser): Command {
  parser.expect('do')
  const body = parser.parseList(['done'], 'done')
  parser.expect('done')
  return body
}

function parseCase(parser: CommandParser): Command {
  const token = parser.lexer.peek()
  if (token.kind !== 'word') throw parser.unexpected()
  parser.lexer.next()
  parser.skipNewlines()
  parser.expect('in')
  parser.skipNewlines()
  const branches: CaseBranch[] = []
  while (!parser.isAhead(['esac'])) {
    branches.push(parseBranch(parser))
    if (parser.isAhead([';;'])) parser.lexer.next()
    else if (!parser.isAhead(['esac'])) throw parser.unexpected(';;')
    parser.skipNewlines()
  }
  parser.expect('esac')
  return { kind: 'case', word: token.word, branches }
}

function parseBranch(parser: CommandParser): CaseBranch {
  if (parser.isAhead(['('])) parser.lexer.next()
  const patterns: Word[] = []
  for (;;) {
    const token = parser.lexer.peek()
    if (token.kind !== 'word') throw parser.unexpected()
    parser.lexer.next()
    patterns.push(token.word)
    if (!parser.isAhead(['|'])) break
    parser.lexer.next()
  }
  parser.expect(')')
  parser.skipNewlines()
  if (parser.isAhead([';;', 'esac'])) return { patterns, body: undefined }
  return { patterns, body: parser.parseList([';;', 'esac'], 'esac') }
}
