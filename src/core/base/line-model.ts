import { brandAs } from './ids.ts'
import type { SafeText } from './safe-text.ts'
import { formatVisible } from './sanitize.ts'

/** Most characters of a line that are shown; a 100 KB line costs a wrapping view 139 ms. */
export const MAX_LINE_CHARACTERS = 4096
/** Room for the marker, so that a shortened line is not shortened again. */
const MARKER_CHARACTERS = 32
/** A line with fewer invalid or NUL bytes is a text in another encoding. */
const BINARY_MIN_BYTES = 8
/** A line is binary if more than one byte in this many is invalid or NUL. */
const BINARY_SHARE = 10
const TAB_WIDTH = 8
const SPACE = 0x20

/** One line of output as it is shown. */
export type OutputLine = {
  readonly text: SafeText
  /** How often the line was written over before it looked like this. */
  readonly updates: number
}

/** The line that is being written: cells, a cursor, and counts that tell text from binary data. */
export class LineModel {
  readonly #cells = new Uint32Array(MAX_LINE_CHARACTERS)
  #bytes = 0
  #suspectBytes = 0
  /** Bytes of the binary lines before this one; lines of binary data that follow each other become one. */
  #binaryBytes = 0
  #column = 0
  #length = 0
  #updates = 0
  #isRewriting = false

  /** Counts a character of the stream before it is interpreted. */
  count(codePoint: number, badBytes: number): void {
    this.#bytes += badBytes > 0 ? badBytes : byteLength(codePoint)
    this.#suspectBytes += codePoint === 0 ? 1 : badBytes
  }

  print(codePoint: number): void {
    if (codePoint < 0x7f) return this.#put(codePoint)
    for (const char of formatVisible(codePoint)) this.#put(char.codePointAt(0) ?? SPACE)
  }

  /** Carries out CR, BS and TAB; other controls are dropped. */
  control(codePoint: number): void {
    if (codePoint === 0x0d) {
      this.#column = 0
      this.#isRewriting = true
    } else if (codePoint === 0x08) this.#column = Math.max(0, this.#column - 1)
    else if (codePoint === 0x09) this.#column = (Math.floor(this.#column / TAB_WIDTH) + 1) * TAB_WIDTH
  }

  /** Carries out the control sequences that stay within the line (erase, right, left, column); others are dropped. */
  move(final: string, parameters: string): void {
    const distance = Math.max(1, Number.parseInt(parameters, 10) || 1)
    if (final === 'K') this.#erase(parameters)
    else if (final === 'C') this.#column = Math.min(this.#column + distance, MAX_LINE_CHARACTERS)
    else if (final === 'D') this.#column = Math.max(0, this.#column - distance)
    else if (final === 'G') this.#column = Math.min(distance - 1, MAX_LINE_CHARACTERS)
  }

  /** Ends the line; a binary one is only counted until something else comes. */
  complete(): readonly OutputLine[] {
    if (this.#isBinary()) {
      this.#binaryBytes += this.#bytes
      this.#reset()
      return []
    }
    const lines = [...this.#takeBinary(), { text: this.#format(), updates: this.#updates }]
    this.#reset()
    return lines
  }

  /** A whole line of printable ASCII, at the start of a line: what all but a few lines of output are. */
  completePlain(text: string): readonly OutputLine[] {
    return [...this.#takeBinary(), { text: brandAs<SafeText>(text), updates: 0 }]
  }

  /** Ends the stream. */
  end(): readonly OutputLine[] {
    const lines = this.#bytes > 0 ? this.complete() : []
    return [...lines, ...this.#takeBinary()]
  }

  /** The line as it looks now; undefined if nothing was written on it. */
  current(): OutputLine | undefined {
    const binaryBytes = this.#binaryBytes + (this.#isBinary() ? this.#bytes : 0)
    if (binaryBytes > 0 && (this.#isBinary() || this.#bytes === 0)) return formatBinary(binaryBytes)
    return this.#bytes === 0 ? undefined : { text: this.#format(), updates: this.#updates }
  }

  #put(codePoint: number): void {
    if (this.#isRewriting && this.#length > 0) this.#updates += 1
    this.#isRewriting = false
    if (this.#column > this.#length) this.#cells.fill(SPACE, this.#length, this.#column)
    if (this.#column < MAX_LINE_CHARACTERS) this.#cells[this.#column] = codePoint
    this.#column += 1
    this.#length = Math.max(this.#length, this.#column)
  }

  #erase(mode: string): void {
    if (mode === '2') this.#length = 0
    else if (mode === '1') this.#cells.fill(SPACE, 0, this.#column + 1)
    else this.#length = Math.min(this.#length, this.#column)
  }

  #isBinary(): boolean {
    return this.#suspectBytes >= BINARY_MIN_BYTES && this.#suspectBytes * BINARY_SHARE > this.#bytes
  }

  #takeBinary(): readonly OutputLine[] {
    const bytes = this.#binaryBytes
    this.#binaryBytes = 0
    return bytes === 0 ? [] : [formatBinary(bytes)]
  }

  #format(): SafeText {
    const isLong = this.#length > MAX_LINE_CHARACTERS
    const shown = isLong ? MAX_LINE_CHARACTERS - MARKER_CHARACTERS : this.#length
    const text = String.fromCodePoint(...this.#cells.subarray(0, shown))
    return brandAs<SafeText>(isLong ? `${text} (${this.#length - shown} characters more)` : text)
  }

  #reset(): void {
    this.#bytes = 0
    this.#suspectBytes = 0
    this.#column = 0
    this.#length = 0
    this.#updates = 0
    this.#isRewriting = false
  }
}

function formatBinary(bytes: number): OutputLine {
  return { text: brandAs<SafeText>(`binary, ${bytes} bytes`), updates: 0 }
}

function byteLength(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
