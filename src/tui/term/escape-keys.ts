/** Final bytes of `CSI … X` and `SS3 X` that are keys. */
const FINALS: { readonly [final: string]: string } = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'clear',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift+tab',
}

/** First parameters of `CSI N ~` that are keys. */
const TILDES: { readonly [code: number]: string } = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
}

const NAMED: { readonly [code: number]: string } = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'esc',
  32: 'space',
  127: 'backspace',
}

export type NamedKey = { readonly key: string; readonly text?: string }

/** The key of a complete `CSI parameters final`; undefined when it is no key. */
export function nameCsiKey(parameters: string, final: string): NamedKey | undefined {
  if (!/^[\d;:]*$/.test(parameters)) return undefined
  const [first = 0, second = 1, third = 0] = parameters.split(/[;:]/).map(Number)
  if (final === '~' && first === 27) return nameCodePoint(third, second)
  if (final === '~') return withModifiers(TILDES[first], second)
  if (final === 'u') return nameCodePoint(first, second)
  if (final === 'R' && parameters !== '' && first !== 1) return undefined
  return withModifiers(FINALS[final], second)
}

/** The key of `SS3 final`. */
export function nameSs3Key(final: string): NamedKey | undefined {
  if (final === 'M') return { key: 'enter' }
  return withModifiers(FINALS[final], 1)
}

/** The key of one character as it comes from a terminal in raw mode. */
export function nameCharacter(char: string): NamedKey {
  const code = char.codePointAt(0) ?? 0
  // A terminal sends CR for Enter; LF is Ctrl+J, and what a pty without raw mode makes of Enter.
  if (code === 10 || code === 13) return { key: 'enter' }
  if (code === 32) return { key: 'space', text: ' ' }
  const named = NAMED[code]
  if (named !== undefined) return { key: named }
  if (code === 0) return { key: 'ctrl+space' }
  if (code < 27) return { key: `ctrl+${String.fromCharCode(code + 96)}` }
  if (code < 32) return { key: `ctrl+${String.fromCharCode(code + 64)}` }
  return { key: char, text: char }
}

function nameCodePoint(code: number, modifier: number): NamedKey | undefined {
  if (!Number.isInteger(code) || code <= 0 || code > 0x10ffff) return undefined
  // No keyboard reports a control character by its number; as text it would go into a field.
  if (NAMED[code] === undefined && (code < 32 || (code >= 127 && code < 160))) return undefined
  const name = NAMED[code] ?? String.fromCodePoint(code)
  if (modifier <= 2 && name.length === 1) {
    const text = modifier === 2 ? name.toUpperCase() : name
    return { key: text, text }
  }
  if (name === 'space' && modifier <= 2) return { key: 'space', text: ' ' }
  return withModifiers(name, modifier)
}

/** xterm's modifier: one plus shift 1, alt 2, control 4. */
function withModifiers(name: string | undefined, modifier: number): NamedKey | undefined {
  if (name === undefined) return undefined
  const bits = Math.max(0, modifier - 1)
  const prefix = `${(bits & 4) === 0 ? '' : 'ctrl+'}${(bits & 2) === 0 ? '' : 'alt+'}${(bits & 1) === 0 ? '' : 'shift+'}`
  return { key: prefix + name }
}
