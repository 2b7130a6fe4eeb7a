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
  const give = (bytes: Buffer, terminated: boolean): void => {
    const text = bytes.toString('utf8', 0, terminated ? bytes.length - 1 : bytes.length)
    take({ text, sizeBytes: bytes.length, terminated })
  }
  return {
    push(bytes) {
      let start = 0
      for (;;) {
        const end = bytes.indexOf(NEWLINE, start) + 1
        if (end === 0) break
        const piece = bytes.subarray(start, end)
        give(pending.length === 0 ? piece : Buffer.concat([pending, piece]), true)
        pending = Buffer.alloc(0)
        start = end
      }
      pending = Buffer.concat([pending, bytes.subarray(start)])
      if (pending.length < MAX_LINE_BYTES) return
      give(pending, false)
      pending = Buffer.alloc(0)
    },
    finish() {
      if (pending.length > 0) give(pending, false)
      pending = Buffer.alloc(0)
    },
  }
}
