/** Finds marks in a stream that arrives in chunks; holds back only what could be the beginning of a mark. */
export class ByteScanner {
  #pending = new Uint8Array(0)

  push(chunk: Uint8Array): void {
    const joined = new Uint8Array(this.#pending.length + chunk.length)
    joined.set(this.#pending)
    joined.set(chunk, this.#pending.length)
    this.#pending = joined
  }

  /** Takes all bytes before the first `mark`, and the mark itself if it is there. */
  takeBefore(mark: Uint8Array): { readonly before: Uint8Array; readonly isFound: boolean } {
    const first = mark[0] ?? 0
    const size = this.#pending.length
    for (let at = this.#pending.indexOf(first); at !== -1; at = this.#pending.indexOf(first, at + 1)) {
      const matched = countMatching(this.#pending, at, mark)
      if (matched === mark.length) {
        const before = this.#take(at)
        this.#take(mark.length)
        return { before, isFound: true }
      }
      if (at + matched === size) return { before: this.#take(at), isFound: false }
    }
    return { before: this.#take(size), isFound: false }
  }

  /** Takes the bytes up to the next line feed (dropped); undefined while there is none. */
  takeLine(): Uint8Array | undefined {
    const at = this.#pending.indexOf(LINE_FEED)
    if (at === -1) return undefined
    const line = this.#take(at)
    this.#take(1)
    return line
  }

  takeAll(): Uint8Array {
    return this.#take(this.#pending.length)
  }

  #take(count: number): Uint8Array {
    const taken = this.#pending.slice(0, count)
    this.#pending = this.#pending.slice(count)
    return taken
  }
}

/** Bytes of an ASCII text. */
export function encodeAscii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** Text of UTF-8 bytes, or of the bytes one by one where they are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  // What hosts answer is nearly always short and ASCII.
  if (bytes.length <= SHORT_BYTES && bytes.every((byte) => byte < 0x80)) return String.fromCharCode(...bytes)
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
  } catch {
    return String.fromCharCode(...bytes)
  }
}

const LINE_FEED = 10
/** As many bytes as a call surely takes as its arguments. */
const SHORT_BYTES = 4096

/** How many bytes of `mark` stand at `at`, counted to the first that differs or to the end of what is there. */
function countMatching(bytes: Uint8Array, at: number, mark: Uint8Array): number {
  let count = 0
  while (count < mark.length && at + count < bytes.length && bytes[at + count] === mark[count]) count += 1
  return count
}
