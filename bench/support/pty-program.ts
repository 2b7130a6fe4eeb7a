import { readFileSync } from 'node:fs'
import pty from '@lydell/node-pty'

/** A program on a pseudo-terminal of its own, and all that it wrote. */
export class PtyProgram {
  written = ''
  exit: { readonly exitCode: number; readonly signal?: number | undefined } | undefined
  readonly #process: pty.IPty
  #watchers: (() => void)[] = []

  constructor(
    file: string,
    args: readonly string[],
    options: {
      readonly cols?: number
      readonly rows?: number
      readonly cwd?: string
      readonly env?: { readonly [name: string]: string }
    } = {},
  ) {
    this.#process = pty.spawn(file, [...args], {
      cols: options.cols ?? 120,
      rows: options.rows ?? 40,
      name: 'xterm-256color',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        LANG: 'C.UTF-8',
        TERM: 'xterm-256color',
        ...options.env,
      },
    })
    this.#process.onData((data) => {
      this.written += data
      this.#notify()
    })
    this.#process.onExit((exit) => {
      this.exit = exit
      this.#notify()
    })
  }

  get pid(): number {
    return this.#process.pid
  }

  write(text: string): void {
    this.#process.write(text)
  }

  resize(cols: number, rows: number): void {
    this.#process.resize(cols, rows)
  }

  kill(signal: string): void {
    this.#process.kill(signal)
  }

  /** Waits until this holds; looks again after everything that the program writes. */
  async until(holds: (program: this) => boolean, what: string, timeoutMs = 30_000): Promise<void> {
    if (holds(this)) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(
      () =>
        reject(
          new Error(
            `waited for ${what}; the end of what it wrote: ${JSON.stringify(this.written.slice(-600))}`,
          ),
        ),
      timeoutMs,
    )
    const watcher = (): void => {
      if (holds(this)) resolve()
    }
    this.#watchers.push(watcher)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      this.#watchers = this.#watchers.filter((each) => each !== watcher)
    }
  }

  /** Waits for a text behind what was written so far; gives the time that it took, in milliseconds. */
  async untilWritten(text: string, from = this.written.length): Promise<number> {
    const beganMs = performance.now()
    await this.until(({ written }) => written.indexOf(text, from) >= 0, JSON.stringify(text))
    return performance.now() - beganMs
  }

  /** Resident memory, in MiB; Linux only. */
  readMemoryMib(): number {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]
    return Number(kib ?? 0) / 1024
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher()
  }
}
