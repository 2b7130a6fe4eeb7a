import { AwkProblem } from './awk-syntax.ts'
import type { AwkExpression, AwkTarget } from './awk-syntax.ts'
import type { AwkToken } from './awk-lexer.ts'

/** Reads awk's expressions from tokens; the statements are read by a parser built on it. */
export class AwkExpressionParser {
  private readonly tokens: readonly AwkToken[]
  private at = 0
  /** Above zero: `>` ends the expression (arguments of print), unless in parentheses. */
  private noGreater = 0
  /** Above zero: `in` is not an operator (head of a for). */
  protected noIn = 0
  constructor(tokens: readonly AwkToken[]) {
    this.tokens = tokens
  }

  protected peek(ahead = 0): AwkToken {
    return this.tokens[this.at + ahead] ?? { kind: 'end', text: '' }
  }

  protected next(): AwkToken {
    const token = this.peek()
    this.at += 1
    return token
  }

  protected isAhead(...texts: readonly string[]): boolean {
    const { kind, text } = this.peek()
    return (kind === 'operator' || kind === 'name') && texts.includes(text)
  }

  protected expect(text: string): void {
    if (!this.isAhead(text)) throw this.problem()
    this.next()
  }

  protected problem(): AwkProblem {
    const { text, kind } = this.peek()
    return new AwkProblem(`syntax error at or near ${kind === 'end' ? 'end of program' : text}`)
  }

  protected skipNewlines(): void {
    while (this.peek().kind === 'newline') this.next()
  }

  /** An argument of print, where `>` is a redirection. */
  protected printArgument(): AwkExpression {
    this.noGreater += 1
    const value = this.expression()
    this.noGreater -= 1
    return value
  }

  expression(): AwkExpression {
    const left = this.ternary()
    const operator = this.peek().text
    if (this.peek().kind !== 'operator' || !/^[-+*/%^]?=$/.test(operator)) return left
    if (!isTarget(left)) throw this.problem()
    this.next()
    this.skipNewlines()
    return { kind: 'assign', operator: operator.slice(0, -1), target: left, value: this.expression() }
  }

  private ternary(): AwkExpression {
    const test = this.or()
    if (!this.isAhead('?')) return test
    this.next()
    const yes = this.expression()
    this.expect(':')
    return { kind: 'condition', test, yes, no: this.expression() }
  }

  private or(): AwkExpression {
    return this.chain(['||'], () => this.chain(['&&'], () => this.membership()))
  }

  private membership(): AwkExpression {
    let left = this.match()
    while (this.noIn === 0 && this.isAhead('in')) {
      this.next()
      left = {
        kind: 'in',
        subscripts: left.kind === 'group' ? [left.value] : [left],
        array: this.next().text,
      }
    }
    return left
  }

  private match(): AwkExpression {
    return this.chain(['~', '!~'], () => this.comparison())
  }

  private comparison(): AwkExpression {
    const left = this.concatenation()
    const isGreater = this.isAhead('>') && this.noGreater > 0
    if (isGreater || !this.isAhead('<', '<=', '==', '!=', '>', '>=')) return left
    const operator = this.next().text
    return { kind: 'binary', operator, left, right: this.concatenation() }
  }

  private concatenation(): AwkExpression {
    let left = this.sum()
    while (this.canBeginOperand()) left = { kind: 'binary', operator: ' ', left, right: this.sum() }
    return left
  }

  private canBeginOperand(): boolean {
    const { kind, text } = this.peek()
    if (kind === 'name') return text !== 'in' && text !== 'getline'
    if (kind === 'number' || kind === 'string' || kind === 'call') return true
    return kind === 'operator' && ['$', '!', '(', '-', '+', '++', '--'].includes(text)
  }

  private sum(): AwkExpression {
    return this.chain(['+', '-'], () => this.chain(['*', '/', '%'], () => this.unary()))
  }

  private unary(): AwkExpression {
    if (!this.isAhead('!', '-', '+')) return this.power()
    const operator = this.next().text
    return { kind: 'unary', operator, value: this.unary() }
  }

  private power(): AwkExpression {
    const left = this.postfix()
    if (!this.isAhead('^', '**')) return left
    this.next()
    return {
      kind: 'binary',
      operator: '^',
      left,
      right: this.isAhead('-', '+', '!') ? this.unary() : this.power(),
    }
  }

  private postfix(): AwkExpression {
    const value = this.primary()
    if (!this.isAhead('++', '--') || !isTarget(value)) return value
    return { kind: 'step', delta: this.next().text === '++' ? 1 : -1, isPrefix: false, target: value }
  }

  private primary(): AwkExpression {
    const { kind, text } = this.next()
    if (kind === 'number') return { kind: 'number', value: Number(text) }
    if (kind === 'string') return { kind: 'string', value: text }
    if (kind === 'regex') return { kind: 'regex', source: text }
    if (kind === 'call') return this.call(text)
    if (kind === 'name') return this.named(text)
    if (text === '(') return this.group()
    if (text === '$') return this.field()
    if (text === '++' || text === '--') {
      const target = this.primary()
      if (!isTarget(target)) throw this.problem()
      return { kind: 'step', delta: text === '++' ? 1 : -1, isPrefix: true, target }
    }
    this.at -= 1
    throw this.problem()
  }

  private field(): AwkExpression {
    const index = this.isAhead('++', '--', '-') ? this.unary() : this.primary()
    return { kind: 'field', index }
  }

  private group(): AwkExpression {
    const before = [this.noGreater, this.noIn] as const
    this.noGreater = 0
    this.noIn = 0
    const items = this.list(')')
    ;[this.noGreater, this.noIn] = before
    const [only] = items
    if (items.length === 1 && only !== undefined) return { kind: 'group', value: only }
    if (!this.isAhead('in') && this.noGreater > 0) return { kind: 'list', items }
    this.expect('in')
    return { kind: 'in', subscripts: items, array: this.next().text }
  }

  /** Expressions up to and with the closing bracket. */
  protected list(end: string): AwkExpression[] {
    const items: AwkExpression[] = []
    while (!this.isAhead(end)) {
      items.push(this.expression())
      if (!this.isAhead(',')) break
      this.next()
      this.skipNewlines()
    }
    this.expect(end)
    return items
  }

  private named(name: string): AwkExpression {
    if (name === 'getline') throw new AwkProblem('getline is not there on practice hosts')
    if (name === 'length') return { kind: 'call', name, args: [] }
    if (!this.isAhead('[')) return { kind: 'variable', name }
    this.next()
    return { kind: 'element', name, subscripts: this.list(']') }
  }

  private call(name: string): AwkExpression {
    if (['system', 'close', 'fflush', 'getline'].includes(name))
      throw new AwkProblem(`${name} is not there on practice hosts`)
    this.next()
    const before = [this.noGreater, this.noIn] as const
    this.noGreater = 0
    this.noIn = 0
    const args = this.list(')')
    ;[this.noGreater, this.noIn] = before
    return { kind: 'call', name, args }
  }

  private chain(operators: readonly string[], operand: () => AwkExpression): AwkExpression {
    let left = operand()
    while (this.peek().kind === 'operator' && operators.includes(this.peek().text)) {
      const operator = this.next().text
      if (operator === '&&' || operator === '||') this.skipNewlines()
      left = { kind: 'binary', operator, left, right: operand() }
    }
    return left
  }
}

function isTarget(value: AwkExpression): value is AwkTarget {
  return value.kind === 'variable' || value.kind === 'field' || value.kind === 'element'
}
