/** Number of bytes that a text takes as UTF-8 (a lone surrogate counts as U+FFFD: 3). */
export function countUtf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    // Each half of a surrogate pair counts 2, the pair 4.
    bytes += unit < 0x800 || isPaired(text, index, unit) ? 1 : 2
  }
  return bytes
}

function isPaired(text: string, index: number, unit: number): boolean {
  if (unit >= 0xd800 && unit <= 0xdbff) return isLow(text.charCodeAt(index + 1))
  return isLow(unit) && isHigh(text.charCodeAt(index - 1))
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
