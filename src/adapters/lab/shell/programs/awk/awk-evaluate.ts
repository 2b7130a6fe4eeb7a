import { plainFunctions, substitute } from './awk-functions.ts'
import { AwkRecord, regexOf, splitText } from './awk-record.ts'
import { AwkProblem } from './awk-syntax.ts'
import type { AwkExpression, AwkTarget } from './awk-syntax.ts'
import { compareValues, InputText, isTrue, toNumber, toText } from './awk-value.ts'
import type { AwkValue } from './awk-value.ts'

export type AwkArray = Map<string, AwkValue>

/** Steps after which a program is taken to run for ever; a second or two. */
const maxSteps = 5_000_000

/** Evaluates awk's expressions; the statements are run by what is built on it. */
export abstract class AwkEvaluator {
  protected readonly variables = new Map<string, AwkValue>([
    ['FS', ' '],
    ['OFS', ' '],
    ['ORS', '\n'],
    ['RS', '\n'],
    ['SUBSEP', '\u001c'],
    ['OFMT', '%.6g'],
    ['CONVFMT', '%.6g'],
    ['NR', 0],
    ['FNR', 0],
    ['RSTART', 0],
    ['RLENGTH', -1],
  ])
  protected readonly arrays = new Map<string, AwkArray>()
  protected readonly record = new AwkRecord({ input: () => this.text('FS'), output: () => this.text('OFS') })
  /** The parameters of the running user functions, innermost last. */
  protected readonly frames: {
    readonly values: Map<string, AwkValue>
    readonly arrays: Map<string, AwkArray>
  }[] = []
  private steps = 0

  protected abstract callFunction(name: string, args: readonly AwkExpression[]): AwkValue

  protected text(name: string): string {
    return toText(this.variables.get(name))
  }

  protected step(): void {
    this.steps += 1
    if (this.steps > maxSteps) throw new AwkProblem('the program runs for too long for a practice host')
  }

  evaluate(expression: AwkExpression): AwkValue {
    this.step()
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value
      case 'regex':
        return Number(regexOf(expression.source).test(this.record.get(0)))
      case 'variable':
      case 'field':
      case 'element':
        return this.read(expression)
      case 'assign':
        return this.assign(expression)
      case 'condition':
        return this.evaluate(isTrue(this.evaluate(expression.test)) ? expression.yes : expression.no)
      case 'binary':
        return this.binary(expression)
      case 'unary':
        return this.unary(expression.operator, this.evaluate(expression.value))
      case 'step':
        return this.stepTarget(expression)
      case 'in':
        return Number(this.array(expression.array).has(this.subscript(expression.subscripts)))
      case 'call':
        return this.call(expression.name, expression.args)
      case 'group':
        return this.evaluate(expression.value)
      case 'list':
        throw new AwkProblem('syntax error at or near ,')
    }
  }

  protected array(name: string): AwkArray {
    const own = this.frames.at(-1)
    if (own?.values.has(name) === true) {
      const bound = own.arrays.get(name) ?? new Map<string, AwkValue>()
      own.arrays.set(name, bound)
      return bound
    }
    const array = this.arrays.get(name) ?? new Map<string, AwkValue>()
    this.arrays.set(name, array)
    return array
  }

  protected subscript(subscripts: readonly AwkExpression[]): string {
    return subscripts
      .map((each) => toText(this.evaluate(each), this.text('CONVFMT')))
      .join(this.text('SUBSEP'))
  }

  protected store(target: AwkTarget, value: AwkValue): void {
    if (target.kind === 'field')
      this.record.assign(this.fieldIndex(target.index), toText(value, this.text('CONVFMT')))
    else if (target.kind === 'element') this.array(target.name).set(this.subscript(target.subscripts), value)
    else if (this.frames.at(-1)?.values.has(target.name) === true)
      this.frames.at(-1)?.values.set(target.name, value)
    else if (target.name === 'NF') this.record.resize(Math.trunc(toNumber(value)))
    else this.variables.set(target.name, value)
  }

  private fieldIndex(index: AwkExpression): number {
    const number = Math.trunc(toNumber(this.evaluate(index)))
    if (number < 0 || number > maxFields)
      throw new AwkProblem(`trying to access out of range field ${number}`)
    return number
  }

  private read(target: AwkTarget): AwkValue {
    if (target.kind === 'field') return new InputText(this.record.get(this.fieldIndex(target.index)))
    if (target.kind === 'element') {
      const array = this.array(target.name)
      const key = this.subscript(target.subscripts)
      if (!array.has(key)) array.set(key, undefined)
      return array.get(key)
    }
    const own = this.frames.at(-1)
    if (own?.values.has(target.name) === true) return own.values.get(target.name)
    return target.name === 'NF' ? this.record.count() : this.variables.get(target.name)
  }

  private assign({ operator, target, value }: AwkExpression & { kind: 'assign' }): AwkValue {
    const right = this.evaluate(value)
    const result =
      operator === '' ? right : arithmetic(operator, toNumber(this.read(target)), toNumber(right))
    this.store(target, result)
    return result
  }

  private stepTarget({ target, delta, isPrefix }: AwkExpression & { kind: 'step' }): AwkValue {
    const before = toNumber(this.read(target))
    this.store(target, before + delta)
    return isPrefix ? before + delta : before
  }

  private unary(operator: string, value: AwkValue): AwkValue {
    if (operator === '!') return Number(!isTrue(value))
    return operator === '-' ? -toNumber(value) : toNumber(value)
  }

  private binary({ operator, left, right }: AwkExpression & { kind: 'binary' }): AwkValue {
    if (operator === '&&') return Number(isTrue(this.evaluate(left)) && isTrue(this.evaluate(right)))
    if (operator === '||') return Number(isTrue(this.evaluate(left)) || isTrue(this.evaluate(right)))
    const a = this.evaluate(left)
    if (operator === '~' || operator === '!~') {
      return Number(regexOf(this.pattern(right)).test(toText(a)) === (operator === '~'))
    }
    const b = this.evaluate(right)
    const format = this.text('CONVFMT')
    if (operator === ' ') return toText(a, format) + toText(b, format)
    const comparison = comparisons[operator]
    return comparison === undefined
      ? arithmetic(operator, toNumber(a), toNumber(b))
      : Number(comparison(compareValues(a, b)))
  }

  /** An expression as a pattern: a constant one as it is written, any other by its text. */
  private pattern(expression: AwkExpression): string {
    return expression.kind === 'regex' ? expression.source : toText(this.evaluate(expression))
  }

  private call(name: string, args: readonly AwkExpression[]): AwkValue {
    const [first, second, third] = args
    if (name === 'sub' || name === 'gsub') return this.substitute(name === 'gsub', args)
    if (name === 'split' && first !== undefined && second?.kind === 'variable') {
      const parts = splitText(
        toText(this.evaluate(first)),
        third === undefined ? this.text('FS') : this.pattern(third),
      )
      const array = this.array(second.name)
      array.clear()
      for (const [index, part] of parts.entries()) array.set(String(index + 1), new InputText(part))
      return parts.length
    }
    if (name === 'match' && first !== undefined && second !== undefined) {
      const found = regexOf(this.pattern(second)).find(toText(this.evaluate(first)))
      this.variables.set('RSTART', found === undefined ? 0 : found.start + 1)
      this.variables.set('RLENGTH', found === undefined ? -1 : found.end - found.start)
      return this.variables.get('RSTART')
    }
    if (name === 'length' && first?.kind === 'variable' && this.arrays.has(first.name))
      return this.array(first.name).size
    if (name === 'length' && first === undefined) return [...this.record.get(0)].length
    const plain = plainFunctions[name]
    if (plain !== undefined) return plain(args.map((each) => this.evaluate(each)))
    return this.callFunction(name, args)
  }

  private substitute(every: boolean, [pattern, replacement, target]: readonly AwkExpression[]): AwkValue {
    if (pattern === undefined || replacement === undefined)
      throw new AwkProblem('sub and gsub take two or three arguments')
    const place: AwkExpression = target ?? { kind: 'field', index: { kind: 'number', value: 0 } }
    if (place.kind !== 'variable' && place.kind !== 'field' && place.kind !== 'element')
      throw new AwkProblem('gsub: not a variable')
    const text = toText(this.evaluate(replacement))
    const result = substitute(toText(this.read(place)), {
      pattern: this.pattern(pattern),
      replacement: text,
      every,
    })
    if (result.count > 0) this.store(place, result.text)
    return result.count
  }
}

/** As gawk's and mawk's own bounds: more is a mistake. */
const maxFields = 100_000

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

function arithmetic(operator: string, left: number, right: number): number {
  if ((operator === '/' || operator === '%') && right === 0) throw new AwkProblem('division by zero')
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '%':
      return left % right
    default:
      return left ** right
  }
}
