import type { RawLine } from '../../core/journal/scan-journal.ts'

/** Cuts bytes into lines; `pending` bytes have had no newline yet. */
export type LineSplitter = {
  readonly push: (bytes: Buffer) => void
  /** Hands over what has no newline, as an unterminated line. */
  readonly finish: () => void
}

const NEWLINE = 0x0a

// Sixteen times the longest record: what is longer is damage, and is passed on in pieces to bound memory.
const MAX_LINE_BYTES = 64 * 1024

/** Starts cutting; `take` gets each line as soon as its newline (or {@link MAX_LINE_BYTES}) is there. The bytes may be reused after `push`. */
export function openLineSplitter(take: (line: RawLine) => void): LineSplitter {
  let pending = Buffer.alloc(0)
  const giveRest = (): void => {
    take({ text: pending.toString('utf8'), sizeBytes: pending.length, terminated: false })
    pending = Buffer.alloc(0)
  }
  // Straight from the bytes: a view of each line is felt when a long run is opened.
  const giveLine = (bytes: Buffer, start: number, end: number): void =>
    take({ text: bytes.toString('utf8', start, end - 1), sizeBytes: end - start, terminated: true })
  return {
    push(bytes) {
      let start = 0
      for (;;) {
        const end = bytes.indexOf(NEWLINE, start) + 1
        if (end === 0) break
        if (pending.length === 0) giveLine(bytes, start, end)
        else {
          const whole = Buffer.concat([pending, bytes.subarray(start, end)])
          giveLine(whole, 0, whole.length)
          pending = Buffer.alloc(0)
        }
        start = end
      }
      pending = Buffer.concat([pending, bytes.subarray(start)])
      if (pending.length >= MAX_LINE_BYTES) giveRest()
    },
    finish() {
      if (pending.length > 0) giveRest()
    },
  }
}
