import type { FsKind } from '../../program.ts'
import type { ShellState } from '../state.ts'
import type { Builtin } from './builtin.ts'

/** `test EXPRESSION` and `[ EXPRESSION ]`: 0 true, 1 false, 2 when it cannot be understood. */
export const test: Builtin = ({ state, name, args, complain }) => {
  const words = name === '[' ? args.slice(0, -1) : args
  if (name === '[' && args.at(-1) !== ']') {
    complain('missing ]')
    return 2
  }
  try {
    const expression = new TestExpression(state, words)
    return expression.evaluate() ? 0 : 1
  } catch (problem) {
    if (!(problem instanceof TestProblem)) throw problem
    complain(problem.message)
    return 2
  }
}

/** An expression that cannot be understood; thrown and caught in this file only. */
class TestProblem extends Error {
  override readonly name = 'TestProblem'
}

const unaryFile: Readonly<Record<string, FsKind>> = { '-f': 'file', '-d': 'directory' }
const unary = new Set('-n -z -e -f -d -r -w -x -s -h -L -p -b -c -S -u -g -k -t -O -G'.split(' '))
const binary = new Set('= == != -eq -ne -lt -le -gt -ge -nt -ot -ef < >'.split(' '))

class TestExpression {
  private readonly state: ShellState
  private readonly words: readonly string[]
  private at = 0
  constructor(state: ShellState, words: readonly string[]) {
    this.state = state
    this.words = words
  }

  evaluate(): boolean {
    const { words } = this
    if (words.length === 0) return false
    if (words.length === 3 && binary.has(words[1] ?? ''))
      return this.compare(words[0] ?? '', words[1] ?? '', words[2] ?? '')
    if (words.length === 4 && words[0] === '!' && binary.has(words[2] ?? '')) {
      return !this.compare(words[1] ?? '', words[2] ?? '', words[3] ?? '')
    }
    if (words.length === 1) return words[0] !== ''
    const value = this.or()
    if (this.at < words.length) throw new TestProblem(`${words[this.at]}: unexpected operator`)
    return value
  }

  private or(): boolean {
    let value = this.and()
    while (this.words[this.at] === '-o') {
      this.at += 1
      const right = this.and()
      value ||= right
    }
    return value
  }

  private and(): boolean {
    let value = this.not()
    while (this.words[this.at] === '-a') {
      this.at += 1
      const right = this.not()
      value &&= right
    }
    return value
  }

  private not(): boolean {
    if (this.words[this.at] !== '!' || this.at + 1 >= this.words.length) return this.primary()
    this.at += 1
    return !this.not()
  }

  private primary(): boolean {
    const word = this.words[this.at]
    const operator = this.words[this.at + 1]
    if (word === undefined) throw new TestProblem('argument expected')
    if (operator !== undefined && binary.has(operator) && this.at + 2 < this.words.length) {
      this.at += 3
      return this.compare(word, operator, this.words[this.at - 1] ?? '')
    }
    if (word === '(' && operator !== undefined) {
      this.at += 1
      const value = this.or()
      if (this.words[this.at] !== ')') throw new TestProblem('closing paren expected')
      this.at += 1
      return value
    }
    if (unary.has(word) && operator !== undefined) {
      this.at += 2
      return this.check(word, operator)
    }
    this.at += 1
    return word !== ''
  }

  private check(operator: string, operand: string): boolean {
    const { fs } = this.state
    if (operator === '-n') return operand !== ''
    if (operator === '-z') return operand === ''
    if (operator === '-t') return false
    if (operator === '-h' || operator === '-L') return fs.readLink(operand).ok
    const stat = fs.stat(operand)
    if (!stat.ok) return false
    const kind = unaryFile[operator]
    if (kind !== undefined) return stat.value.kind === kind && operand !== '/dev/null'
    if (operator === '-e') return true
    if (operator === '-s') return stat.value.sizeBytes > 0
    if (operator === '-r') return fs.can(operand, 'read')
    if (operator === '-w') return fs.can(operand, 'write')
    if (operator === '-x') return fs.can(operand, 'execute')
    if (operator === '-c') return operand === '/dev/null'
    if (operator === '-O') return stat.value.uid === this.state.user.uid
    if (operator === '-G') return stat.value.gid === this.state.user.gid
    const bit = { '-u': 0o4000, '-g': 0o2000, '-k': 0o1000 }[operator] ?? 0
    return (stat.value.mode & bit) !== 0
  }

  private compare(left: string, operator: string, right: string): boolean {
    if (operator === '=' || operator === '==') return left === right
    if (operator === '!=') return left !== right
    if (operator === '<') return left < right
    if (operator === '>') return left > right
    if (['-nt', '-ot', '-ef'].includes(operator)) return this.compareFiles(left, operator, right)
    const a = integerOf(left)
    const b = integerOf(right)
    if (operator === '-eq') return a === b
    if (operator === '-ne') return a !== b
    if (operator === '-lt') return a < b
    if (operator === '-le') return a <= b
    return operator === '-gt' ? a > b : a >= b
  }

  private compareFiles(left: string, operator: string, right: string): boolean {
    const a = this.state.fs.stat(left)
    const b = this.state.fs.stat(right)
    if (operator === '-ef') return a.ok && b.ok && a.value.inode === b.value.inode
    const newer = operator === '-nt' ? a : b
    const older = operator === '-nt' ? b : a
    return newer.ok && (!older.ok || newer.value.mtimeMs > older.value.mtimeMs)
  }
}

function integerOf(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestProblem(`Illegal number: ${text}`)
  return Number(text)
}
