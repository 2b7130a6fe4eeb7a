import { buildPosixRegex } from '../posix-regex.ts'
import type { PosixRegex } from '../posix-regex.ts'
import { AwkProblem } from './awk-syntax.ts'

/** The record at hand and its fields, each kept true to the other. */
export class AwkRecord {
  private text = ''
  private fields: string[] | undefined = []
  private readonly separators: { input(): string; output(): string }
  constructor(separators: { input(): string; output(): string }) {
    this.separators = separators
  }

  set(text: string): void {
    this.text = text
    this.fields = undefined
  }

  get(index: number): string {
    if (index === 0) return this.text
    return this.split()[index - 1] ?? ''
  }

  count(): number {
    return this.split().length
  }

  assign(index: number, text: string): void {
    if (index === 0) {
      this.set(text)
      return
    }
    const fields = this.split()
    while (fields.length < index) fields.push('')
    fields[index - 1] = text
    this.text = fields.join(this.separators.output())
  }

  resize(count: number): void {
    const fields = this.split()
    while (fields.length < count) fields.push('')
    fields.length = count
    this.text = fields.join(this.separators.output())
  }

  private split(): string[] {
    this.fields ??= splitText(this.text, this.separators.input())
    return this.fields
  }
}

/** Cuts text at a separator as awk does: blanks for one blank, a character for itself, else an expression. */
export function splitText(text: string, separator: string): string[] {
  if (separator === ' ') return text.split(/[ \t\n]+/).filter((part) => part !== '')
  if (text === '') return []
  if (separator === '') return [...text]
  if (separator.length === 1 && separator !== '\\') return text.split(separator)
  const regex = regexOf(separator)
  const parts: string[] = []
  let from = 0
  for (let at = 0; at <= text.length;) {
    const match = regex.find(text, at)
    if (match === undefined) break
    if (match.end === match.start) at = match.end + 1
    else {
      parts.push(text.slice(from, match.start))
      from = match.end
      at = match.end
    }
  }
  parts.push(text.slice(from))
  return parts
}

const compiled = new Map<string, PosixRegex>()
/** Expressions that are kept compiled; a program has a handful. */
const maxCompiled = 200

/** The compiled form of an extended expression; an unsound one ends the program. */
export function regexOf(source: string): PosixRegex {
  const known = compiled.get(source)
  if (known !== undefined) return known
  const regex = buildPosixRegex(source, { extended: true })
  if (typeof regex === 'string')
    throw new AwkProblem(`regular expression compile failed (${regex}): ${source}`)
  if (compiled.size >= maxCompiled) compiled.clear()
  compiled.set(source, regex)
  return regex
}
