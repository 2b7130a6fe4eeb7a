/** Decodes bytes to lab text: UTF-8 as itself, each byte that is not UTF-8 as U+DC80..U+DCFF. */
export function decodeBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const quick = buffer.toString('utf8')
  return quick.includes('\uFFFD') ? decodeSlowly(buffer) : quick
}

/** Encodes lab text to the bytes it stands for; the inverse of {@link decodeBytes}. */
export function encodeText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8')
  const chunks: Buffer[] = []
  for (const piece of text.split(loneByte)) {
    const code = piece.length === 1 ? piece.charCodeAt(0) : 0
    const isByte = code >= firstLoneByte && code <= lastLoneByte
    chunks.push(isByte ? Buffer.from([code - loneByteOffset]) : Buffer.from(piece, 'utf8'))
  }
  return Buffer.concat(chunks)
}

/** The number of bytes that lab text stands for. */
export function countBytes(text: string): number {
  return text.isWellFormed() ? Buffer.byteLength(text, 'utf8') : encodeText(text).length
}

/** Decodes a stream chunk by chunk; a character that is split between chunks is held back until it is whole. */
export function createByteDecoder(): { push(chunk: Uint8Array): string; end(): string } {
  let held = Buffer.alloc(0)
  return {
    push(chunk) {
      const all = Buffer.concat([held, chunk])
      const keep = incompleteTail(all)
      held = all.subarray(all.length - keep)
      return decodeBytes(all.subarray(0, all.length - keep))
    },
    end() {
      const rest = decodeBytes(held)
      held = Buffer.alloc(0)
      return rest
    },
  }
}

const loneByteOffset = 0xdc00
const firstLoneByte = 0xdc80
const lastLoneByte = 0xdcff
const loneByte = /((?<![\ud800-\udbff])[\udc80-\udcff])/

function decodeSlowly(bytes: Buffer): string {
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0)
    const piece = bytes.subarray(at, at + length)
    const decoded = piece.toString('utf8')
    if (length > 0 && piece.length === length && Buffer.from(decoded, 'utf8').equals(piece)) {
      text += decoded
      at += length
    } else {
      text += String.fromCharCode(loneByteOffset + (bytes[at] ?? 0))
      at += 1
    }
  }
  return text
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first >= 0xc2 && first < 0xe0) return 2
  if (first >= 0xe0 && first < 0xf0) return 3
  return first >= 0xf0 && first < 0xf5 ? 4 : 0
}

function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0
  }
  return 0
}
