import type { LabInput } from '../program.ts'

/** What a file descriptor leads to. */
export type Stream = {
  /** Takes output; a word says why it was refused. */
  readonly write?: (text: string) => WriteRefusal | undefined
  readonly input?: LabInput
}

/** `broken`: nobody reads any more; `full`: no space left on the device. */
export type WriteRefusal = 'broken' | 'full'

/** The open file descriptors of a shell. */
export type Streams = Map<number, Stream>

/** An input that is at its end. */
export const emptyInput: LabInput = {
  readLine: () => Promise.resolve(undefined),
  readAll: () => Promise.resolve(''),
}

/** A descriptor that swallows what is written and has nothing to read, as `/dev/null`. */
export const nullStream: Stream = { write: () => undefined, input: emptyInput }

/** Text that arrives bit by bit and is read by whoever asks first: a pipe, a file, or a channel's input. */
export class TextInput implements LabInput {
  private buffered = ''
  private ended = false
  private readonly waiting = new Set<() => void>()
  /** Set by the reader's side when it reads no more. */
  isClosed = false

  push(text: string): void {
    this.buffered += text
    this.wake()
  }

  end(): void {
    this.ended = true
    this.wake()
  }

  /** What has arrived and nobody has taken. */
  get available(): string {
    return this.buffered
  }

  get isEnded(): boolean {
    return this.ended
  }

  take(length: number): string {
    const text = this.buffered.slice(0, length)
    this.buffered = this.buffered.slice(length)
    return text
  }

  /** Gives back what was taken too much, to be read first. */
  unread(text: string): void {
    this.buffered = `${text}${this.buffered}`
  }

  /** Resolves when more has arrived or nothing more can. */
  async more(): Promise<void> {
    if (this.ended) return
    await new Promise<void>((resolve) => {
      this.waiting.add(resolve)
    })
  }

  async readLine(): Promise<{ readonly text: string; readonly newline: boolean } | undefined> {
    let searched = 0
    for (;;) {
      const end = this.buffered.indexOf('\n', searched)
      if (end >= 0) return { text: this.take(end + 1).slice(0, -1), newline: true }
      if (this.ended)
        return this.buffered === '' ? undefined : { text: this.take(this.buffered.length), newline: false }
      searched = this.buffered.length
      await this.more()
      if (searched > this.buffered.length) searched = 0
    }
  }

  async readAll(): Promise<string> {
    while (!this.ended) await this.more()
    return this.take(this.buffered.length)
  }

  private wake(): void {
    const waiting = [...this.waiting]
    this.waiting.clear()
    for (const resume of waiting) resume()
  }
}

/** An input that holds all its text already. */
export function inputOf(text: string): TextInput {
  const input = new TextInput()
  input.push(text)
  input.end()
  return input
}
