/** How an arithmetic expression reads and sets the shell's variables. */
export type ArithmeticVariables = {
  get(name: string): string | undefined
  set(name: string, value: string): void
}

export type ArithmeticResult =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly message: string }

/** Evaluates the expression of `$(( ))` in 64-bit integers, as dash does. */
export function evaluateArithmetic(source: string, variables: ArithmeticVariables): ArithmeticResult {
  if (source.trim() === '')
    return { ok: false, message: `arithmetic expression: expecting primary: "${source}"` }
  try {
    const evaluator = new Evaluator(source, variables)
    const value = evaluator.assignment()
    if (!evaluator.isAtEnd) return { ok: false, message: `arithmetic expression: expecting EOF: "${source}"` }
    return { ok: true, value }
  } catch (problem) {
    if (!(problem instanceof ArithmeticProblem)) throw problem
    return { ok: false, message: problem.message }
  }
}

/** An expression that cannot be evaluated; thrown and caught in this file only. */
class ArithmeticProblem extends Error {
  override readonly name = 'ArithmeticProblem'
}

const token =
  /\s*(<<=|>>=|\*\*|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|[-+*/%<>=!~?:()&|^]|[A-Za-z_]\w*|0[xX][0-9A-Fa-f]+|\d+|\S)/y

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

class Evaluator {
  private readonly tokens: string[]
  private readonly source: string
  private readonly variables: ArithmeticVariables
  private at = 0
  /** Above zero: in a branch that is not taken, where nothing is set and nothing divides. */
  private skipping = 0
  constructor(source: string, variables: ArithmeticVariables) {
    this.source = source
    this.variables = variables
    this.tokens = [...source.matchAll(new RegExp(token, 'gy'))].map((match) => match[1] ?? '')
  }

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length
  }

  assignment(): bigint {
    const name = this.tokens[this.at] ?? ''
    const operator = this.tokens[this.at + 1] ?? ''
    if (!/^[A-Za-z_]/.test(name) || !/^(?:[-+*/%&^|]|<<|>>)?=$/.test(operator)) return this.conditional()
    this.at += 2
    const right = this.assignment()
    const value = operator === '=' ? right : this.apply(operator.slice(0, -1), this.read(name), right)
    if (this.skipping === 0) this.variables.set(name, String(value))
    return value
  }

  private conditional(): bigint {
    const condition = this.binary(0)
    if (this.tokens[this.at] !== '?') return condition
    this.at += 1
    const yes = this.branch(condition === 0n, () => this.assignment())
    if (this.tokens[this.at] !== ':') throw this.problem("expecting ':'")
    this.at += 1
    const no = this.branch(condition !== 0n, () => this.conditional())
    return condition === 0n ? no : yes
  }

  private branch(isSkipped: boolean, evaluate: () => bigint): bigint {
    this.skipping += isSkipped ? 1 : 0
    const value = evaluate()
    this.skipping -= isSkipped ? 1 : 0
    return value
  }

  private binary(level: number): bigint {
    const operators = levels[level]
    if (operators === undefined) return this.unary()
    let left = this.binary(level + 1)
    for (;;) {
      const operator = this.tokens[this.at] ?? ''
      if (!operators.includes(operator)) return left
      this.at += 1
      const isDecided = (operator === '&&' && left === 0n) || (operator === '||' && left !== 0n)
      const current = left
      const right = this.branch(isDecided, () => this.binary(level + 1))
      left = this.apply(operator, current, right)
    }
  }

  private unary(): bigint {
    const operator = this.tokens[this.at] ?? ''
    if (!['-', '+', '!', '~'].includes(operator)) return this.primary()
    this.at += 1
    const value = this.unary()
    if (operator === '!') return value === 0n ? 1n : 0n
    if (operator === '~') return ~value
    return operator === '-' ? -value : value
  }

  private primary(): bigint {
    const text = this.tokens[this.at] ?? ''
    this.at += 1
    if (text === '(') {
      const value = this.assignment()
      if (this.tokens[this.at] !== ')') throw this.problem("expecting ')'")
      this.at += 1
      return value
    }
    if (/^\d/.test(text)) return this.number(text)
    if (/^[A-Za-z_]/.test(text)) return this.read(text)
    throw this.problem('expecting primary')
  }

  private read(name: string): bigint {
    const value = this.variables.get(name)?.trim() ?? ''
    if (value === '') return 0n
    if (!/^[-+]?\d/.test(value)) throw new ArithmeticProblem(`Illegal number: ${value}`)
    const negative = value.startsWith('-')
    const number = this.number(value.replace(/^[-+]/, ''))
    return negative ? -number : number
  }

  private number(text: string): bigint {
    if (/^0[xX][0-9A-Fa-f]+$/.test(text)) return wrap(BigInt(text))
    if (/^0[0-7]*$/.test(text)) return wrap(BigInt(`0o${text.slice(1) || '0'}`))
    if (/^[1-9]\d*$/.test(text)) return wrap(BigInt(text))
    throw new ArithmeticProblem(`Illegal number: ${text}`)
  }

  private apply(operator: string, left: bigint, right: bigint): bigint {
    if ((operator === '/' || operator === '%') && right === 0n) {
      if (this.skipping > 0) return 0n
      throw new ArithmeticProblem(`arithmetic expression: division by zero: "${this.source}"`)
    }
    return wrap(operations[operator]?.(left, right) ?? 0n)
  }

  private problem(what: string): ArithmeticProblem {
    return new ArithmeticProblem(`arithmetic expression: ${what}: "${this.source}"`)
  }
}

const operations: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  '||': (a, b) => truth(a !== 0n || b !== 0n),
  '&&': (a, b) => truth(a !== 0n && b !== 0n),
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&': (a, b) => a & b,
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
  '<<': (a, b) => a << (b & shiftMask),
  '>>': (a, b) => a >> (b & shiftMask),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
}

/** A 64-bit shift looks at six bits only. */
const shiftMask = 63n

function truth(value: boolean): bigint {
  return value ? 1n : 0n
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}
