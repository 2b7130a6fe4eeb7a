// Stands before string-width in the bundle: characters that take one cell on every terminal need no tables.
// The table of characters is that of src/tui/term/width.ts; a test holds both to string-width.
import stringWidth from 'string-width'

const NARROW =
  /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0373\u0384-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u25ff\u2800-\u28ff\u2713\u2717]*$/
const SGR = /\u001b\[[\d;]*m/g

// It stands in for a module with a default export.
// oxlint-disable-next-line import/no-default-export -- it stands in for a package that has one
export default function fastStringWidth(text, options) {
  if (typeof text !== 'string' || options !== undefined) return stringWidth(text, options)
  const plain = text.includes('\u001b') ? text.replace(SGR, '') : text
  return NARROW.test(plain) ? plain.length : stringWidth(text)
}
