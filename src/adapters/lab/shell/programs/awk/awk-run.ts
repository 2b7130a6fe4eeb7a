import { formatFsError } from '../../../fs/fs-error.ts'
import type { ProgramContext } from '../../../program.ts'
import { unescapeAwk } from './awk-lexer.ts'
import { AwkEvaluator } from './awk-evaluate.ts'
import { AwkProblem } from './awk-syntax.ts'
import type { AwkExpression, AwkProgram, AwkRule, AwkStatement } from './awk-syntax.ts'
import { formatAwk, InputText, isTrue, toNumber, toText } from './awk-value.ts'
import type { AwkValue } from './awk-value.ts'

/** How a statement leaves what it is in. */
type Leaving =
  | { readonly how: 'next' | 'break' | 'continue' | 'exit' }
  | { readonly how: 'return'; readonly value: AwkValue }

/** One run of an awk program. */
export class AwkRun extends AwkEvaluator {
  status = 0
  private readonly program: AwkProgram
  private readonly context: ProgramContext
  private readonly opened = new Set<string>()
  private readonly inRange = new Set<AwkRule>()
  private isOver = false
  constructor(program: AwkProgram, context: ProgramContext) {
    super()
    this.program = program
    this.context = context
    this.arrays.set('ENVIRON', new Map([...context.env].map(([name, value]) => [name, new InputText(value)])))
  }

  /** Sets a variable from outside (`-v`, or an argument among the files). */
  setOutside(name: string, value: string): void {
    this.store({ kind: 'variable', name }, new InputText(unescapeAwk(value)))
  }

  begin(): void {
    this.runRules('begin')
  }

  /** Whether there is anything to do with input. */
  get readsInput(): boolean {
    return !this.isOver && this.program.rules.some(({ pattern }) => pattern.kind !== 'begin')
  }

  readText(path: string, text: string): void {
    this.variables.set('FILENAME', path)
    this.variables.set('FNR', 0)
    const separator = this.text('RS')
    const body = text.endsWith('\n') ? text.slice(0, -1) : text
    if (text === '') return
    const records = separator === '' ? body.split(/\n{2,}/) : body.split(separator)
    for (const record of records) {
      if (this.isOver) return
      this.variables.set('NR', toNumber(this.variables.get('NR')) + 1)
      this.variables.set('FNR', toNumber(this.variables.get('FNR')) + 1)
      this.record.set(record)
      this.runRecord()
    }
  }

  end(): void {
    this.isOver = false
    this.runRules('end')
  }

  private runRules(kind: 'begin' | 'end'): void {
    for (const { pattern, body } of this.program.rules) {
      if (pattern.kind !== kind || body === undefined || this.isOver) continue
      if (this.run(body)?.how === 'exit') this.isOver = true
    }
  }

  private runRecord(): void {
    for (const rule of this.program.rules) {
      if (!this.selects(rule)) continue
      const leaving = rule.body === undefined ? this.print([]) : this.run(rule.body)
      if (leaving?.how === 'exit') this.isOver = true
      if (leaving !== undefined) return
    }
  }

  private selects(rule: AwkRule): boolean {
    const { pattern } = rule
    if (pattern.kind === 'always') return true
    if (pattern.kind === 'test') return isTrue(this.evaluate(pattern.test))
    if (pattern.kind !== 'range') return false
    if (!this.inRange.has(rule) && !isTrue(this.evaluate(pattern.from))) return false
    if (isTrue(this.evaluate(pattern.to))) this.inRange.delete(rule)
    else this.inRange.add(rule)
    return true
  }

  private run(statement: AwkStatement): Leaving | undefined {
    this.step()
    switch (statement.kind) {
      case 'block':
        for (const each of statement.statements) {
          const leaving = this.run(each)
          if (leaving !== undefined) return leaving
        }
        return undefined
      case 'expression':
        this.evaluate(statement.value)
        return undefined
      case 'print':
        return this.runPrint(statement)
      case 'if':
        if (isTrue(this.evaluate(statement.test))) return this.run(statement.yes)
        return statement.no === undefined ? undefined : this.run(statement.no)
      case 'while':
        return this.loop(statement.body, () => isTrue(this.evaluate(statement.test)), statement.isDo)
      case 'for':
        return this.runFor(statement)
      case 'for-in':
        return this.runForIn(statement)
      case 'delete':
        if (statement.subscripts === undefined) this.array(statement.name).clear()
        else this.array(statement.name).delete(this.subscript(statement.subscripts))
        return undefined
      case 'leave':
        return { how: statement.how }
      case 'exit':
        if (statement.value !== undefined)
          this.status = Math.trunc(toNumber(this.evaluate(statement.value))) & 0xff
        return { how: 'exit' }
      case 'return':
        return {
          how: 'return',
          value: statement.value === undefined ? undefined : this.evaluate(statement.value),
        }
    }
  }

  private loop(body: AwkStatement, test: () => boolean, isDo = false): Leaving | undefined {
    for (let isFirst = isDo; isFirst || test(); isFirst = false) {
      const leaving = this.run(body)
      if (leaving?.how === 'break') return undefined
      if (leaving !== undefined && leaving.how !== 'continue') return leaving
    }
    return undefined
  }

  private runFor(statement: AwkStatement & { kind: 'for' }): Leaving | undefined {
    if (statement.first !== undefined) this.run(statement.first)
    let isFirst = true
    return this.loop(statement.body, () => {
      if (!isFirst && statement.step !== undefined) this.run(statement.step)
      isFirst = false
      return statement.test === undefined || isTrue(this.evaluate(statement.test))
    })
  }

  private runForIn(statement: AwkStatement & { kind: 'for-in' }): Leaving | undefined {
    const keys = [...this.array(statement.array).keys()]
    return this.loop(statement.body, () => {
      const key = keys.shift()
      if (key !== undefined) this.store({ kind: 'variable', name: statement.name }, new InputText(key))
      return key !== undefined
    })
  }

  private runPrint(statement: AwkStatement & { kind: 'print' }): undefined {
    const values = statement.args.map((each) => this.evaluate(each))
    if (statement.file === undefined && !statement.isFormatted) return this.print(values)
    const text = statement.isFormatted ? formatAwk(toText(values[0]), values.slice(1)) : this.line(values)
    if (statement.file === undefined) this.context.write(text)
    else this.writeFile(toText(this.evaluate(statement.file.name)), text, statement.file.append)
    return undefined
  }

  private print(values: readonly AwkValue[]): undefined {
    this.context.write(this.line(values))
    return undefined
  }

  private line(values: readonly AwkValue[]): string {
    const texts =
      values.length === 0 ? [this.record.get(0)] : values.map((value) => toText(value, this.text('OFMT')))
    return `${texts.join(this.text('OFS'))}${this.text('ORS')}`
  }

  private writeFile(path: string, text: string, append: boolean): void {
    if (path === '/dev/stderr') this.context.writeError(text)
    else if (path === '/dev/stdout' || path === '-') this.context.write(text)
    else {
      const written = this.context.fs.writeFile(path, text, { append: append || this.opened.has(path) })
      this.opened.add(path)
      if (!written.ok)
        throw new AwkProblem(`cannot open "${path}" for output (${formatFsError(written.code)})`)
    }
  }

  protected override callFunction(name: string, args: readonly AwkExpression[]): AwkValue {
    const body = this.program.functions.get(name)
    if (body === undefined) throw new AwkProblem(`function ${name} not defined`)
    if (this.frames.length >= maxDepth) throw new AwkProblem('function calls are nested too deeply')
    const values = new Map<string, AwkValue>()
    const arrays = new Map<string, Map<string, AwkValue>>()
    for (const [index, parameter] of body.parameters.entries()) {
      const arg = args[index]
      const isArray =
        arg?.kind === 'variable' &&
        (this.arrays.has(arg.name) || this.frames.at(-1)?.arrays.has(arg.name) === true)
      if (isArray) arrays.set(parameter, this.array(arg.name))
      values.set(parameter, arg === undefined || isArray ? undefined : this.evaluate(arg))
    }
    this.frames.push({ values, arrays })
    const leaving = this.run(body.body)
    this.frames.pop()
    return leaving?.how === 'return' ? leaving.value : undefined
  }
}

/** Deep enough for any sound recursion, shallow enough for our own stack. */
const maxDepth = 500
