import type { Finding, LanguageEdit, ManagedKey } from './edit-result.ts'
import { refuseEdit } from './edit-result.ts'
import { LineBuffer } from './source-text.ts'
import type { Line } from './source-text.ts'

type Entry = {
  readonly section: string
  readonly key: string
  /** Trimmed, continuation lines included. */
  readonly value: string
  readonly at: number
  readonly lines: number
  readonly prefix: string
}
type Section = { readonly name: string; readonly at: number; readonly end: number }
type Ini = {
  readonly entries: readonly Entry[]
  readonly sections: readonly Section[]
  readonly strange: readonly number[]
}

const SECTION = /^\s*\[([^\]]+)\]\s*$/
const ENTRY = /^(\s*)([^\s=:[#;][^=:]*?)(\s*[=:][ \t]*)(.*)$/
const BLANK_OR_COMMENT = /^\s*([#;]|$)/

/**
 * Sets keys of an ini file (systemd units, cqlshrc): `[section]` lines and `key=value` lines.
 *
 * A key written several times in the body is a list that replaces the file's list; a key that the file repeats
 * and the body does not is refused. New keys go behind their commented-out form, else to the end of the section.
 */
export function editIni(current: string | undefined, wanted: string): LanguageEdit {
  const findings = [...validateIni(wanted)]
  if (findings.length > 0) return refuseEdit(current ?? '', findings)
  if (current === undefined)
    return {
      text: wanted,
      findings,
      managed: toGroups(wanted).map(({ key, values }) => ({ key, after: values.join('\n') })),
    }
  const buffer = new LineBuffer(current)
  const managed: ManagedKey[] = []
  for (const group of toGroups(wanted)) {
    const found = parseIni(buffer.lines).entries.filter(
      (entry) => entry.section === group.section && entry.key === group.name,
    )
    if (found.length > 1 && group.values.length === 1) {
      const message = `"${group.key}" stands ${found.length} times in the file and once in the edit`
      return refuseEdit(current, [{ code: 'HR3203', message, line: (found[1]?.at ?? 0) + 1 }])
    }
    const before = found.map((entry) => entry.value).join('\n')
    managed.push({
      key: group.key,
      after: group.values.join('\n'),
      ...(found.length === 0 ? {} : { before }),
    })
    setValues(buffer, group, found)
  }
  return { text: buffer.toText(), findings, managed }
}

/** What is wrong with a wanted ini text. */
export function validateIni(wanted: string): readonly Finding[] {
  const { lines } = new LineBuffer(wanted)
  return parseIni(lines).strange.map((at) => ({
    code: 'HR3105',
    message: `"${lines[at]?.text.trim() ?? ''}" is neither [section] nor key=value`,
    line: at + 1,
  }))
}

/** All wanted values of one key of one section. */
type Group = {
  readonly section: string
  readonly name: string
  readonly key: string
  readonly values: readonly string[]
  readonly prefix: string
}

function toGroups(wanted: string): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const { section, key, value, prefix } of parseIni(new LineBuffer(wanted).lines).entries) {
    const name = section === '' ? key : `${section}.${key}`
    const values = [...(groups.get(name)?.values ?? []), value]
    groups.set(name, { section, name: key, key: name, values, prefix: prefix.trimStart() })
  }
  return [...groups.values()]
}

function setValues(buffer: LineBuffer, group: Group, found: readonly Entry[]): void {
  // From the last to the first, so that earlier places stay valid.
  for (const [index, entry] of [...found.entries()].toReversed()) {
    const value = group.values[index]
    if (value === undefined) buffer.remove(entry.at, entry.lines)
    else if (value !== entry.value) {
      const [first = '', ...rest] = value.split('\n')
      buffer.setText(entry.at, entry.prefix + first)
      buffer.remove(entry.at + 1, entry.lines - 1)
      if (rest.length > 0) buffer.insertAfter(entry.at, rest)
    }
  }
  const added = group.values.slice(found.length).flatMap((value) => `${group.prefix}${value}`.split('\n'))
  if (added.length > 0) addLines(buffer, group, added)
}

function addLines(buffer: LineBuffer, group: Group, added: readonly string[]): void {
  const { sections, entries } = parseIni(buffer.lines)
  const same = entries.findLast((entry) => entry.section === group.section && entry.key === group.name)
  if (same !== undefined) return buffer.insertAfter(same.at + same.lines - 1, added)
  const own = sections.filter((section) => section.name === group.section)
  const last = own.at(-1)
  if (last === undefined) {
    const isBlankBefore = buffer.lines.length === 0 || buffer.lines.at(-1)?.text.trim() === ''
    return buffer.insertAfter(buffer.lines.length - 1, [
      ...(isBlankBefore ? [] : ['']),
      `[${group.section}]`,
      ...added,
    ])
  }
  const isIn = (at: number): boolean => own.some((section) => at > section.at && at < section.end)
  const commented = buffer.lines.findLastIndex(
    (line, at) => isIn(at) && isCommentedKey(line.text, group.name),
  )
  if (commented !== -1) return buffer.insertAfter(commented, added)
  const inLast = buffer.lines.findLastIndex((line, at) => at < last.end && !BLANK_OR_COMMENT.test(line.text))
  buffer.insertAfter(Math.max(inLast, last.at), added)
}

function isCommentedKey(line: string, key: string): boolean {
  return ENTRY.exec(/^\s*[#;]\s?(.*)$/.exec(line)?.[1] ?? '')?.[2] === key
}

function parseIni(lines: readonly Line[]): Ini {
  const entries: Entry[] = []
  const strange: number[] = []
  const starts: { name: string; at: number }[] = [{ name: '', at: -1 }]
  for (let at = 0; at < lines.length; at++) {
    const text = (lines[at]?.text ?? '').replace(/^\ufeff/, '')
    if (BLANK_OR_COMMENT.test(text)) continue
    const section = SECTION.exec(text)
    const match = ENTRY.exec(text)
    if (section !== null) starts.push({ name: section[1] ?? '', at })
    else if (match === null) strange.push(at)
    else {
      const [, blanks = '', key = '', separator = '', value = ''] = match
      const count = countLines(lines, at)
      const rest = lines.slice(at + 1, at + count).map((line) => line.text)
      const whole = [value, ...rest].join('\n').trimEnd()
      entries.push({
        section: starts.at(-1)?.name ?? '',
        key,
        value: whole,
        at,
        lines: count,
        prefix: blanks + key + separator,
      })
      at += count - 1
    }
  }
  const sections = starts.map((start, index) => ({ ...start, end: starts[index + 1]?.at ?? lines.length }))
  return { entries, sections, strange }
}

/** Lines of an entry: those behind a backslash (systemd) and those that are indented and no key (Python). */
function countLines(lines: readonly Line[], at: number): number {
  let count = 1
  while (at + count < lines.length) {
    const previous = lines[at + count - 1]?.text ?? ''
    const next = lines[at + count]?.text ?? ''
    const isIndented =
      /^\s+\S/.test(next) && !BLANK_OR_COMMENT.test(next) && !ENTRY.test(next) && !SECTION.test(next)
    if (!previous.endsWith('\\') && !isIndented) break
    count += 1
  }
  return count
}
