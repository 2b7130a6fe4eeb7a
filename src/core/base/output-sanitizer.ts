import { EscapeParser } from './escape-parser.ts'
import { LineModel, MAX_LINE_CHARACTERS } from './line-model.ts'
import type { OutputLine } from './line-model.ts'
import { createUtf8Decoder } from './utf8.ts'
import type { CodePointSink } from './utf8.ts'

export type { OutputLine } from './line-model.ts'

/** Turns the bytes of one stream of one host into lines that are safe to show; keeps state between chunks. */
export type OutputSanitizer = {
  /** Takes a chunk; returns the lines that it completed. */
  readonly feed: (bytes: Uint8Array) => readonly OutputLine[]
  /** The line that has not ended yet, as it looks now (a prompt, a progress bar); undefined if there is none. */
  readonly current: () => OutputLine | undefined
  /** Ends the stream; returns what was still open. */
  readonly end: () => readonly OutputLine[]
}

const LF = 0x0a

/**
 * Makes a sanitiser for what a host prints; the lines do not depend on how the bytes were cut.
 *
 * Plain text only: colours are dropped with all other escape sequences. Carriage return, backspace and erasing
 * within a line are carried out, so that the last state of a progress bar is what is seen (`updates` counts the
 * earlier ones); moving to other lines is not. The raw bytes are for the output store, never for a screen.
 */
export function createOutputSanitizer(): OutputSanitizer {
  const decoder = createUtf8Decoder()
  const line = new LineModel()
  let completed: OutputLine[] = []
  let isLineStart = true
  const parser = new EscapeParser({
    print: (codePoint) => line.print(codePoint),
    control: (codePoint) => {
      if (codePoint === LF) completed.push(...line.complete())
      else line.control(codePoint)
    },
    csi: (final, parameters) => line.move(final, parameters),
  })
  const sink: CodePointSink = (codePoint, badBytes) => {
    line.count(codePoint, badBytes)
    parser.push(codePoint)
  }
  const take = (): readonly OutputLine[] => {
    const lines = completed
    completed = []
    return lines
  }
  return {
    feed: (bytes) => {
      for (let at = 0; at < bytes.length;) {
        const plainEnd = isLineStart ? findPlainEnd(bytes, at) : -1
        if (plainEnd >= 0) {
          completed.push(...line.completePlain(String.fromCharCode(...bytes.subarray(at, plainEnd))))
          at = plainEnd + 1
          continue
        }
        const lineEnd = bytes.indexOf(LF, at)
        const end = lineEnd < 0 ? bytes.length : lineEnd + 1
        decoder.feed(bytes.subarray(at, end), sink)
        // Whatever state the line was in, a line break ends it: decoder, parser and line begin anew.
        isLineStart = lineEnd >= 0
        at = end
      }
      return take()
    },
    current: () => line.current(),
    end: () => {
      decoder.end(sink)
      parser.end()
      completed.push(...line.end())
      return take()
    },
  }
}

/** Index of the line break after printable ASCII from `at` on; -1 if something else comes before it. */
function findPlainEnd(bytes: Uint8Array, at: number): number {
  const limit = Math.min(bytes.length, at + MAX_LINE_CHARACTERS)
  for (let index = at; index < limit; index += 1) {
    const byte = bytes[index]!
    if (byte === LF) return index
    if (byte < 0x20 || byte > 0x7e) return -1
  }
  return -1
}
