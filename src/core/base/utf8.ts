const REPLACEMENT = 0xfffd

/** Receives one decoded code point; `badBytes` is how many invalid bytes it stands for (0 for a valid one). */
export type CodePointSink = (codePoint: number, badBytes: number) => void

/** Decodes UTF-8 that arrives in pieces; invalid bytes become U+FFFD, one for each maximal invalid part. */
export type Utf8Decoder = {
  /** Decodes the bytes; an unfinished sequence at the end waits for the next call. */
  readonly feed: (bytes: Uint8Array, sink: CodePointSink) => void
  /** Reports an unfinished sequence as U+FFFD and starts over. */
  readonly end: (sink: CodePointSink) => void
}

/** Makes a streaming UTF-8 decoder; the result does not depend on how the bytes were cut (WHATWG Encoding). */
export function createUtf8Decoder(): Utf8Decoder {
  let codePoint = 0
  let needed = 0
  let seen = 0
  let lower = 0x80
  let upper = 0xbf

  const abandon = (sink: CodePointSink): void => {
    const bad = seen
    needed = 0
    seen = 0
    sink(REPLACEMENT, bad)
  }
  const begin = (byte: number, sink: CodePointSink): void => {
    if (byte < 0x80) return sink(byte, 0)
    if (byte < 0xc2 || byte > 0xf4) return sink(REPLACEMENT, 1)
    needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
    seen = 1
    codePoint = byte & (0x3f >> needed)
    lower = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80
    upper = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf
  }
  const next = (byte: number, sink: CodePointSink): void => {
    if (needed > 0 && (byte < lower || byte > upper)) abandon(sink)
    if (needed === 0) return begin(byte, sink)
    codePoint = (codePoint << 6) | (byte & 0x3f)
    lower = 0x80
    upper = 0xbf
    seen += 1
    if (seen <= needed) return
    needed = 0
    seen = 0
    sink(codePoint, 0)
  }
  return {
    feed: (bytes, sink) => {
      for (const byte of bytes) next(byte, sink)
    },
    end: (sink) => {
      if (needed > 0) abandon(sink)
    },
  }
}

/** Text of the bytes, and whether all of them were valid UTF-8. A byte order mark is kept as U+FEFF. */
export function decodeUtf8(bytes: Uint8Array): { readonly text: string; readonly isValid: boolean } {
  const parts: string[] = []
  let isValid = true
  let block: number[] = []
  const sink: CodePointSink = (codePoint, badBytes) => {
    if (badBytes > 0) isValid = false
    block.push(codePoint)
    if (block.length < 4096) return
    parts.push(String.fromCodePoint(...block))
    block = []
  }
  const decoder = createUtf8Decoder()
  decoder.feed(bytes, sink)
  decoder.end(sink)
  return { text: parts.join('') + String.fromCodePoint(...block), isValid }
}

/** UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3)
  let length = 0
  for (const char of text) {
    const raw = char.codePointAt(0) ?? REPLACEMENT
    const codePoint = raw >= 0xd800 && raw <= 0xdfff ? REPLACEMENT : raw
    if (codePoint < 0x80) {
      bytes[length++] = codePoint
      continue
    }
    const more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3
    bytes[length++] = ((0xff00 >> (more + 1)) & 0xff) | (codePoint >> (6 * more))
    for (let shift = more - 1; shift >= 0; shift--)
      bytes[length++] = 0x80 | ((codePoint >> (6 * shift)) & 0x3f)
  }
  return bytes.slice(0, length)
}
