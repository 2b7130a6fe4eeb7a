import { createOutputSanitizer, type OutputLine } from '../../core/base/output-sanitizer.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { OutputChunk } from '../run-client.ts'

/** Most lines of one job that are kept to look at; all of it is in the run's directory. */
export const MAX_RING_LINES = 10_000
/** Most characters of one job that are kept: with 12 jobs open, below 40 MB. */
export const MAX_RING_CHARACTERS = 3_000_000

/** What is read back comes stream by stream, and says so. */
const STORED_APART = '… standard error: which line above came before which below is not kept …'
const LIVE_AGAIN = '… from here on in the order in which it came …'

export type LogLine = OutputLine & {
  readonly stream: 'stdout' | 'stderr'
  /** The program's own word about what is shown, not the job's. */
  readonly isNote?: true
}

/** The last lines of one job, sanitised, both streams in the order in which they came; bounded. */
export class LogRing {
  readonly #sanitizers = { stdout: createOutputSanitizer(), stderr: createOutputSanitizer() }
  #lines: LogLine[] = []
  #start = 0
  #characters = 0
  #dropped = 0
  #storedStream: LogLine['stream'] | undefined
  #hasApart = false
  /** Bytes that were there before the first that came here. */
  skippedBytes = 0

  /** Takes bytes of one stream. */
  push({ stream, bytes, skippedBytes = 0, isStored = false }: OutputChunk): void {
    this.skippedBytes += skippedBytes
    this.#markOrder(stream, isStored)
    if (skippedBytes > 0 && this.#lines.length > this.#start) this.#markGap(stream, skippedBytes)
    for (const { text, updates } of this.#sanitizers[stream].feed(bytes))
      this.#keep({ text, updates, stream })
  }

  /** Lines that can be shown: those kept and those that have not ended yet. */
  get length(): number {
    return this.#lines.length - this.#start + this.#open().length
  }

  /** Lines that ever came: the number of the line after the last. */
  get end(): number {
    return this.#dropped + this.length
  }

  /** Lines that are gone from the front. */
  get dropped(): number {
    return this.#dropped
  }

  /** Lines from number `first` up to `end`; those that are gone are left out. */
  slice(first: number, end: number): LogLine[] {
    const from = first - this.#dropped
    const to = end - this.#dropped
    const kept = this.#lines.length - this.#start
    const out = this.#lines.slice(
      this.#start + Math.max(0, from),
      this.#start + Math.max(0, Math.min(kept, to)),
    )
    if (to > kept) out.push(...this.#open().slice(Math.max(0, from - kept), to - kept))
    return out
  }

  /** The nearest line that holds `query`, from number `first` backwards (`step` -1) or forwards; case counts only if it is written so. */
  find(query: string, first: number, step: -1 | 1): number | undefined {
    if (query === '') return undefined
    const isExact = query !== query.toLowerCase()
    const wanted = isExact ? query : query.toLowerCase()
    const kept = this.#lines.length - this.#start
    const from = first - this.#dropped
    for (
      let index = step === 1 ? Math.max(0, from) : Math.min(from, kept - 1);
      index >= 0 && index < kept;
      index += step
    ) {
      const { text } = this.#lines[this.#start + index]!
      if ((isExact ? text : text.toLowerCase()).includes(wanted)) return index + this.#dropped
    }
    return undefined
  }

  /** Streams are stored apart: where one begins behind the other, the order among their lines is not known. */
  #markOrder(stream: LogLine['stream'], isStored: boolean): void {
    const before = this.#storedStream
    if (isStored) {
      this.#storedStream = stream
      if (before !== undefined && before !== stream) {
        this.#keepNote(STORED_APART)
        this.#hasApart = true
      }
      return
    }
    this.#storedStream = undefined
    if (before === undefined || !this.#hasApart) return
    this.#keepNote(LIVE_AGAIN)
    this.#hasApart = false
  }

  /** What comes after a gap begins anew: nothing of the line before it is taken for its beginning. */
  #markGap(stream: LogLine['stream'], skippedBytes: number): void {
    for (const line of this.#sanitizers[stream].end()) this.#keep({ ...line, stream })
    this.#sanitizers[stream] = createOutputSanitizer()
    this.#keepNote(`… ${skippedBytes} bytes are not shown here; the run's directory has them …`)
  }

  #keepNote(text: string): void {
    this.#keep({ text: sanitizeLine(text), updates: 0, stream: 'stdout', isNote: true })
  }

  #open(): LogLine[] {
    const lines: LogLine[] = []
    for (const stream of ['stdout', 'stderr'] as const) {
      const line = this.#sanitizers[stream].current()
      if (line !== undefined) lines.push({ ...line, stream })
    }
    return lines
  }

  #keep(line: LogLine): void {
    this.#lines.push(line)
    this.#characters += line.text.length
    while (this.#lines.length - this.#start > MAX_RING_LINES || this.#characters > MAX_RING_CHARACTERS) {
      this.#characters -= this.#lines[this.#start]?.text.length ?? 0
      this.#start += 1
      this.#dropped += 1
    }
    // The front is cut off in one go, so that a line costs the same however many there are.
    if (this.#start > 4096) {
      this.#lines = this.#lines.slice(this.#start)
      this.#start = 0
    }
  }
}
