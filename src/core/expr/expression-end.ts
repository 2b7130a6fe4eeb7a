/**
 * Offset of the `}}` that ends the expression which begins at `from`, or `undefined` when none does. Strings
 * (plain, raw, triple-quoted), comments and the braces of maps are skipped.
 */
export function findExpressionEnd(text: string, from: number): number | undefined {
  let depth = 0
  for (let at = from; at < text.length;) {
    const char = text[at]!
    if (char === '"' || char === "'") {
      at = skipString(text, at)
      continue
    }
    if (char === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at)
      const close = text.indexOf('}}', at)
      // A comment on the expression's last line ends with it.
      at = end < 0 || (close >= 0 && close < end) ? (close < 0 ? text.length : close) : end
      continue
    }
    if (char === '}' && depth === 0) {
      if (text[at + 1] === '}') return at
      return undefined
    }
    if (char === '{') depth += 1
    if (char === '}') depth -= 1
    at += 1
  }
  return undefined
}

/** Offset after the string that begins at `at`; a backslash keeps its quote, in raw strings too, as in the parser. */
function skipString(text: string, at: number): number {
  const quote = text[at]!
  const triple = text.startsWith(quote.repeat(3), at)
  const close = triple ? quote.repeat(3) : quote
  let next = at + close.length
  while (next < text.length && !text.startsWith(close, next)) {
    if (!triple && text[next] === '\n') return next
    next += text[next] === '\\' ? 2 : 1
  }
  return Math.min(text.length, next + close.length)
}
