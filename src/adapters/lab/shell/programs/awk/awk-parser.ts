import { AwkExpressionParser } from './awk-expressions.ts'
import { cutAwkTokens } from './awk-lexer.ts'
import { AwkProblem } from './awk-syntax.ts'
import type {
  AwkExpression,
  AwkFunction,
  AwkPattern,
  AwkProgram,
  AwkRule,
  AwkStatement,
} from './awk-syntax.ts'

/** Parses an awk program; a text says what is wrong with it or what this awk does not have. */
export function parseAwk(source: string): AwkProgram | string {
  try {
    return new AwkParser(cutAwkTokens(source)).program()
  } catch (problem) {
    if (!(problem instanceof AwkProblem)) throw problem
    return problem.message
  }
}

class AwkParser extends AwkExpressionParser {
  program(): AwkProgram {
    const rules: AwkRule[] = []
    const functions = new Map<string, AwkFunction>()
    for (;;) {
      this.skipEnds()
      if (this.peek().kind === 'end') return { rules, functions }
      if (this.isAhead('function', 'func')) functions.set(...this.function())
      else rules.push(this.rule())
    }
  }

  private function(): [string, AwkFunction] {
    this.next()
    const name = this.next().text
    this.expect('(')
    const parameters: string[] = []
    while (!this.isAhead(')')) {
      parameters.push(this.next().text)
      if (this.isAhead(',')) this.next()
    }
    this.next()
    this.skipNewlines()
    return [name, { parameters, body: this.block() }]
  }

  private rule(): AwkRule {
    const pattern = this.pattern()
    const hasBody = this.isAhead('{')
    if (!hasBody && pattern.kind !== 'test' && pattern.kind !== 'range') throw this.problem()
    return { pattern, body: hasBody ? this.block() : undefined }
  }

  private pattern(): AwkPattern {
    if (this.isAhead('{')) return { kind: 'always' }
    if (this.isAhead('BEGIN', 'END')) return { kind: this.next().text === 'BEGIN' ? 'begin' : 'end' }
    const from = this.expression()
    if (!this.isAhead(',')) return { kind: 'test', test: from }
    this.next()
    this.skipNewlines()
    return { kind: 'range', from, to: this.expression() }
  }

  private block(): AwkStatement {
    this.expect('{')
    const statements: AwkStatement[] = []
    for (;;) {
      this.skipEnds()
      if (this.isAhead('}')) break
      statements.push(this.statement())
    }
    this.next()
    return { kind: 'block', statements }
  }

  private skipEnds(): void {
    while (this.peek().kind === 'newline' || this.isAhead(';')) this.next()
  }

  /** A statement with what ends it. */
  private statement(): AwkStatement {
    const statement = this.compound() ?? this.simple()
    if (this.peek().kind === 'newline' || this.isAhead(';')) this.next()
    else if (!this.isAhead('}') && this.peek().kind !== 'end' && !isCompound(statement)) throw this.problem()
    return statement
  }

  private compound(): AwkStatement | undefined {
    if (this.isAhead('{')) return this.block()
    const { kind, text } = this.peek()
    if (kind !== 'name' && kind !== 'call') return undefined
    if (text === 'if') return this.if()
    if (text === 'while') return this.while()
    if (text === 'do') return this.do()
    return text === 'for' ? this.for() : undefined
  }

  private body(): AwkStatement {
    this.skipNewlines()
    if (this.isAhead(';')) {
      this.next()
      return { kind: 'block', statements: [] }
    }
    return this.statement()
  }

  private test(): AwkExpression {
    this.next()
    this.expect('(')
    const test = this.expression()
    this.expect(')')
    return test
  }

  private if(): AwkStatement {
    const test = this.test()
    const yes = this.body()
    this.skipEnds()
    if (!this.isAhead('else')) return { kind: 'if', test, yes, no: undefined }
    this.next()
    return { kind: 'if', test, yes, no: this.body() }
  }

  private while(): AwkStatement {
    const test = this.test()
    return { kind: 'while', test, body: this.body(), isDo: false }
  }

  private do(): AwkStatement {
    this.next()
    const body = this.body()
    this.skipEnds()
    return { kind: 'while', test: this.test(), body, isDo: true }
  }

  private for(): AwkStatement {
    this.next()
    this.expect('(')
    if (this.peek().kind === 'name' && this.peek(1).text === 'in' && this.peek(3).text === ')') {
      const name = this.next().text
      this.next()
      const array = this.next().text
      this.next()
      return { kind: 'for-in', name, array, body: this.body() }
    }
    const first = this.isAhead(';') ? undefined : this.simple()
    this.expect(';')
    const test = this.isAhead(';') ? undefined : this.expression()
    this.expect(';')
    const step = this.isAhead(')') ? undefined : this.simple()
    this.expect(')')
    return { kind: 'for', first, test, step, body: this.body() }
  }

  private simple(): AwkStatement {
    const { kind, text } = this.peek()
    if (kind !== 'name' && kind !== 'call') return { kind: 'expression', value: this.expression() }
    if (text === 'print' || text === 'printf') return this.print()
    if (text === 'next' || text === 'break' || text === 'continue') {
      this.next()
      return { kind: 'leave', how: text }
    }
    if (text === 'exit' || text === 'return') {
      this.next()
      const isBare = this.peek().kind === 'newline' || this.peek().kind === 'end' || this.isAhead(';', '}')
      return { kind: text, value: isBare ? undefined : this.expression() }
    }
    if (text === 'delete') {
      this.next()
      const name = this.next().text
      if (!this.isAhead('[')) return { kind: 'delete', name, subscripts: undefined }
      this.next()
      return { kind: 'delete', name, subscripts: this.list(']') }
    }
    return { kind: 'expression', value: this.expression() }
  }

  private print(): AwkStatement {
    const isFormatted = this.next().text === 'printf'
    const args: AwkExpression[] = []
    while (!this.endsPrint()) {
      args.push(this.printArgument())
      if (!this.isAhead(',')) break
      this.next()
      this.skipNewlines()
    }
    if (this.isAhead('|')) throw new AwkProblem('output to a command is not there on practice hosts')
    const only = args[0]
    const flat = args.length === 1 && only?.kind === 'list' ? only.items : args
    if (!this.isAhead('>', '>>')) return { kind: 'print', isFormatted, args: flat, file: undefined }
    const append = this.next().text === '>>'
    return { kind: 'print', isFormatted, args: flat, file: { append, name: this.printArgument() } }
  }

  private endsPrint(): boolean {
    const { kind } = this.peek()
    return kind === 'newline' || kind === 'end' || this.isAhead(';', '}', '>', '>>', '|')
  }
}

function isCompound({ kind }: AwkStatement): boolean {
  return ['block', 'if', 'while', 'for', 'for-in'].includes(kind)
}
