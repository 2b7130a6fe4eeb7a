import { encodeUtf8 } from './utf8.ts'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * The forms in which a secret may turn up in output: itself, quoted for shells, in JSON, URLs, XML, SQL, hex,
 * and base64 at each of the three places it can have in a longer text. Longest first; each at least `minLength`.
 */
export function buildSecretVariants(value: string, minLength: number): readonly string[] {
  const variants = new Set<string>()
  for (const form of [value, ...buildLineForms(value)]) {
    for (const variant of [
      ...buildQuoted(form),
      ...buildUrl(form),
      ...buildXml(form),
      ...buildBinary(form),
    ]) {
      if (variant.length >= minLength) variants.add(variant)
    }
  }
  return [...variants].toSorted((a, b) => b.length - a.length)
}

/** A value of several lines is also printed line by line, with other line ends, or on one line. */
function buildLineForms(value: string): readonly string[] {
  if (!/[\r\n]/.test(value)) return []
  const lines = value.trim().split(/\r\n|\r|\n/)
  // The frame of a PEM key is no secret and is everywhere.
  const secretLines = lines.filter((line) => !line.startsWith('-----'))
  return [
    lines.join('\n'),
    lines.join('\r\n'),
    lines.join(' '),
    lines.join(''),
    value.trimEnd(),
    ...secretLines,
  ]
}

function buildQuoted(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1)
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return [
    value,
    value.replaceAll("'", `'\\''`),
    value.replaceAll("'", `'"'"'`),
    value.replace(/[$`"\\]/g, '\\$&'),
    value.replace(/[^A-Za-z0-9_@%+=:,./\-\u0080-\uffff]/g, '\\$&'),
    value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
    value.replaceAll("'", "''"),
    value.replaceAll('"', '""'),
    json,
    ascii,
    ascii.toUpperCase() === ascii
      ? ascii
      : ascii.replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`),
    json.replaceAll('/', '\\/'),
    json.replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
  ]
}

function buildUrl(value: string): readonly string[] {
  const component = encodeURIComponent(value.toWellFormed())
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const forms = [
    component,
    strict,
    component.replaceAll('%20', '+'),
    strict.replaceAll('%20', '+'),
    encodeURI(value.toWellFormed()),
  ]
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()))]
}

function buildXml(value: string): readonly string[] {
  const minimal = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const quotes = minimal.replaceAll('"', '&quot;')
  return [
    minimal,
    quotes,
    quotes.replaceAll("'", '&apos;'),
    quotes.replaceAll("'", '&#39;'),
    quotes.replaceAll("'", '&#x27;'),
    minimal.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
  ]
}

function buildBinary(value: string): readonly string[] {
  const bytes = encodeUtf8(value)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const forms = [0, 1, 2].map((offset) => buildBase64Core(bytes, offset))
  const full = buildBase64Core(bytes, 0, true)
  const base64 = [full, `${full}${'='.repeat((4 - (full.length % 4)) % 4)}`, ...forms]
  const urlSafe = base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))
  return [hex, hex.toUpperCase(), ...base64, ...urlSafe]
}

/** Base64 digits that depend on the bytes alone when `offset` unknown bytes stand before them. */
function buildBase64Core(bytes: Uint8Array, offset: number, isLast = false): string {
  let bits = 0
  let bitCount = 0
  let out = ''
  for (const byte of [...Array.from({ length: offset }, () => 0), ...bytes]) {
    bits = ((bits << 8) | byte) & 0xffff
    bitCount += 8
    while (bitCount >= 6) {
      bitCount -= 6
      out += BASE64[(bits >> bitCount) & 63] ?? ''
    }
  }
  if (isLast && bitCount > 0) out += BASE64[(bits << (6 - bitCount)) & 63] ?? ''
  return out.slice(offset === 0 ? 0 : offset + 1)
}
