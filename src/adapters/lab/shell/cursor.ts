/** A place in shell text. */
export class Cursor {
  readonly text: string
  at = 0
  line: number
  constructor(text: string, line = 1) {
    this.text = text
    this.line = line
  }

  /** The character `ahead` of the place; empty at the end. */
  peek(ahead = 0): string {
    return this.text[this.at + ahead] ?? ''
  }

  /** Takes one character and counts lines. */
  next(): string {
    const char = this.text[this.at] ?? ''
    this.at += char.length
    if (char === '\n') this.line += 1
    return char
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at)
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }
}

/** Shell text that cannot be parsed; thrown and caught inside the parser only. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem'
  readonly line: number
  /** More text could make it right. */
  readonly isIncomplete: boolean
  constructor(message: string, line: number, isIncomplete = false) {
    super(message)
    this.line = line
    this.isIncomplete = isIncomplete
  }
}
