import { EventEmitter } from 'node:events'
import xterm from '@xterm/headless'

/** Standard output of a program whose terminal is a model in memory. */
export class FakeTerminal extends EventEmitter {
  readonly isTTY = true
  readonly writable = true
  columns: number
  rows: number
  /** Everything that was written, for what a screen cannot show. */
  raw = ''
  readonly #terminal: xterm.Terminal

  constructor(columns: number, rows: number) {
    super()
    this.columns = columns
    this.rows = rows
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 })
  }

  readonly write = (text: string, ...rest: readonly unknown[]): boolean => {
    this.raw += text
    // No kernel turns LF into CR LF here.
    this.#terminal.write(text.replace(/(?<!\r)\n/g, '\r\n'))
    const callback = rest.at(-1)
    if (typeof callback === 'function') queueMicrotask(() => (callback as () => void)())
    return true
  }

  /** The person drags the corner of the window. */
  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    this.#terminal.resize(columns, rows)
    this.emit('resize')
  }

  /** Waits until the model has taken in all that was written. */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#terminal.write('', resolve)
    })
  }

  /** The screen as text, one line a row, without blanks at the end. */
  screen(): string {
    return this.lines().join('\n')
  }

  lines(): string[] {
    const buffer = this.#terminal.buffer.active
    return Array.from(
      { length: this.rows },
      (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '',
    )
  }

  dispose(): void {
    this.#terminal.dispose()
  }
}
