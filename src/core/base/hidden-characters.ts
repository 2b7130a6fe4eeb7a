/** U+FE0F only asks for the colourful form of the symbol before it. */
const EMOJI_PRESENTATION = 0xfe0f

const HIDDEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Cs}]/u

/**
 * Whether a character is invisible or reorders its neighbours: bidirectional controls, zero-width and tag
 * characters, variation selectors, fillers, line and paragraph separators. Control characters are not in it.
 */
export function isHiddenCharacter(codePoint: number): boolean {
  if (codePoint < 0xad) return false
  return HIDDEN.test(String.fromCodePoint(codePoint))
}

/** Whether a hidden character may be left out of displayed text without changing its meaning. */
export function isDroppableCharacter(codePoint: number): boolean {
  return codePoint === EMOJI_PRESENTATION
}

/** A character by number, as in `<U+202E>`. */
export function formatCodePoint(codePoint: number): string {
  return `<U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}>`
}
