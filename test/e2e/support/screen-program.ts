import pty from '@lydell/node-pty'
import xterm from '@xterm/headless'

/** Six repairs and what stands around them take a few seconds; a machine that is busy gets more. */
const WAIT_MS = 60_000

/** The tool on a terminal of its own, and what that terminal shows. */
export class ScreenProgram {
  exitCode: number | undefined
  readonly #process: pty.IPty
  readonly #terminal: xterm.Terminal
  #watchers: (() => void)[] = []

  constructor(
    file: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  ) {
    const size = { cols: 80, rows: 24 }
    this.#terminal = new xterm.Terminal({ ...size, allowProposedApi: true, scrollback: 0 })
    this.#process = pty.spawn(file, [...args], { ...size, ...options, name: 'xterm-256color' })
    this.#process.onData((data) => this.#terminal.write(data, () => this.#notify()))
    this.#process.onExit(({ exitCode }) => {
      this.exitCode = exitCode
      // Behind all that it wrote.
      this.#terminal.write('', () => this.#notify())
    })
  }

  get pid(): number {
    return this.#process.pid
  }

  kill(signal: string): void {
    this.#process.kill(signal)
  }

  /** What stands on the terminal now, as lines without the blanks at their ends. */
  text(): string {
    const buffer = this.#terminal.buffer.active
    const lines = Array.from({ length: this.#terminal.rows }, (_, row) =>
      buffer.getLine(buffer.baseY + row)?.translateToString(true),
    )
    return lines.join('\n')
  }

  /** Types keys, one write each: what comes with the key that opened a sheet is not an answer to it. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.#process.write(KEYS[key] ?? key)
  }

  /** Waits until all of these stand on the terminal at the same time; gives what it shows then. */
  async shows(...wanted: readonly (string | RegExp)[]): Promise<string> {
    const holds = (): boolean => {
      const text = this.text()
      return wanted.every((each) => (typeof each === 'string' ? text.includes(each) : each.test(text)))
    }
    await this.#until(holds, wanted.join(' and '))
    return this.text()
  }

  /** Waits for its end. */
  async ends(): Promise<number> {
    await this.#until(() => this.exitCode !== undefined, 'its end')
    return this.exitCode ?? -1
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    if (holds()) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(
      () => reject(new Error(`waited for ${what}; it shows:\n${this.text()}`)),
      WAIT_MS,
    )
    const watcher = (): void => {
      if (holds()) resolve()
    }
    this.#watchers.push(watcher)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      this.#watchers = this.#watchers.filter((each) => each !== watcher)
    }
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher()
  }
}

const KEYS: { readonly [name: string]: string } = {
  Enter: '\r',
  Down: '\u001b[B',
  Up: '\u001b[A',
  Tab: '\t',
  Esc: '\u001b',
  'Ctrl+C': '\u0003',
  'Ctrl+S': '\u0013',
}
