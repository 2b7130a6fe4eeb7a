import type { Finding, LanguageEdit, ManagedKey } from './edit-result.ts'
import { refuseEdit } from './edit-result.ts'
import { LineBuffer } from './source-text.ts'
import type { Line } from './source-text.ts'

/** One entry of a properties file; `lines` of it are joined by backslashes. */
type Entry = {
  readonly key: string
  readonly value: string
  readonly at: number
  readonly lines: number
  /** Everything before the value on its first line. */
  readonly prefix: string
  readonly source: string
}

const ENTRY = /^([ \t\f]*)((?:\\.|[^\\=:\s])+)([ \t\f]*[=:][ \t\f]*|[ \t\f]+|$)(.*)$/s

/** Sets keys of a Java properties file; a new key goes behind its commented-out form, else to the end. */
export function editProperties(current: string | undefined, wanted: string): LanguageEdit {
  const findings = [...validateProperties(wanted)]
  if (findings.some((finding) => finding.code !== 'HR3106')) return refuseEdit(current ?? '', findings)
  // A new file is the wanted text, its comments included.
  const buffer = new LineBuffer(current ?? wanted.replace(/[ \t]+$/gm, ''))
  const managed: ManagedKey[] = []
  for (const { entry } of parseEntries(new LineBuffer(wanted).lines)) {
    if (entry === undefined) continue
    const found = parseEntries(buffer.lines).flatMap((each) =>
      each.entry?.key === entry.key ? [each.entry] : [],
    )
    const last = found.at(-1)
    managed.push({
      key: entry.key,
      after: entry.value.trimEnd(),
      ...(current === undefined || last === undefined ? {} : { before: last.value }),
    })
    if (found.length > 1 && last !== undefined) {
      const message = `"${entry.key}" stands ${found.length} times in the file; the last one counts`
      findings.push({ code: 'HR3208', message, line: last.at + 1 })
    }
    setEntry(buffer, entry, last)
  }
  return { text: buffer.toText(), findings, managed }
}

/** What is wrong with wanted properties. */
export function validateProperties(wanted: string): readonly Finding[] {
  const seen = new Set<string>()
  return parseEntries(new LineBuffer(wanted).lines).flatMap(({ at, entry, text }): Finding[] => {
    const line = at + 1
    if (entry === undefined || !/[=:]/.test(entry.prefix)) {
      return [{ code: 'HR3105', message: `"${text.trim()}" is not of the form key=value`, line }]
    }
    if (seen.has(entry.key)) return [{ code: 'HR3103', message: `"${entry.key}" is wanted twice`, line }]
    seen.add(entry.key)
    if (entry.value === entry.value.trimEnd()) return []
    return [
      { code: 'HR3106', message: `the value of "${entry.key}" ends with blanks, which are left out`, line },
    ]
  })
}

function setEntry(buffer: LineBuffer, wanted: Entry, found: Entry | undefined): void {
  const source = wanted.source.trimEnd()
  if (found === undefined) {
    const commented = buffer.lines.findLastIndex((line) => isCommentedKey(line.text, wanted.key))
    const at = commented === -1 ? buffer.lines.length - 1 : commented
    return buffer.insertAfter(at, `${wanted.prefix.trimStart()}${source}`.split('\n'))
  }
  if (found.value === wanted.value.trimEnd()) return
  const [first = '', ...rest] = source.split('\n')
  // A key without a separator has an empty value.
  const prefix = /[=:\s]$/.test(found.prefix) ? found.prefix : `${found.prefix}=`
  buffer.setText(found.at, prefix + first)
  buffer.remove(found.at + 1, found.lines - 1)
  if (rest.length > 0) buffer.insertAfter(found.at, rest)
}

function isCommentedKey(line: string, key: string): boolean {
  const match = /^\s*[#!][ \t]?(.*)$/.exec(line)
  const entry = ENTRY.exec(match?.[1] ?? '')
  return entry !== null && /[=:]/.test(entry[3] ?? '') && unescape(entry[2] ?? '') === key
}

/** Every entry; lines that are neither blank, a comment, nor an entry come without one. */
function parseEntries(lines: readonly Line[]): { at: number; text: string; entry: Entry | undefined }[] {
  const entries: { at: number; text: string; entry: Entry | undefined }[] = []
  for (let at = 0; at < lines.length;) {
    let text = lines[at]?.text ?? ''
    let count = 1
    if (!/^\s*([#!]|$)/.test(text)) {
      while (/(?:^|[^\\])(?:\\\\)*\\$/.test(text) && at + count < lines.length) {
        text += `\n${lines[at + count]?.text ?? ''}`
        count += 1
      }
      entries.push({ at, text, entry: parseEntry(text, at, count) })
    }
    at += count
  }
  return entries
}

function parseEntry(text: string, at: number, lines: number): Entry | undefined {
  const match = ENTRY.exec(text.replace(/^\ufeff/, ''))
  if (match === null) return undefined
  const [, blanks = '', key = '', separator = '', source = ''] = match
  const bom = text.startsWith('\ufeff') ? '\ufeff' : ''
  const value = unescape(source.replace(/\\\n[ \t\f]*/g, ''))
  return { key: unescape(key), value, at, lines, prefix: bom + blanks + key + separator, source }
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescape(text: string): string {
  return text.replace(
    /\\(?:u([0-9A-Fa-f]{4})|([^]))/g,
    (_all, code: string | undefined, char: string | undefined) =>
      code === undefined
        ? (ESCAPES[char ?? ''] ?? char ?? '')
        : String.fromCharCode(Number.parseInt(code, 16)),
  )
}
