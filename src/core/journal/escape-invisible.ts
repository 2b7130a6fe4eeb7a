const PLAIN = /^[\x20-\x7e]*$/
// U+FFFD is escaped too: a decoder puts it where bytes are damaged, so a raw one must never be ours.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{fffd}]/gu

/**
 * Escapes every control, format and separator character of a JSON text as `\uXXXX`, so that printing the
 * file cannot move the cursor, hide text or reorder it. Such characters occur in JSON only inside strings,
 * so the value stays the same.
 */
export function escapeInvisible(json: string): string {
  if (PLAIN.test(json)) return json
  return json.replace(INVISIBLE, (character) =>
    Array.from({ length: character.length }, (_, index) => escapeUnit(character.charCodeAt(index))).join(''),
  )
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
