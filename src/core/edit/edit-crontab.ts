import type { Finding, LanguageEdit, ManagedKey } from './edit-result.ts'
import { refuseEdit } from './edit-result.ts'
import { LineBuffer } from './source-text.ts'
import type { Line } from './source-text.ts'

const MARKER = /^\s*#\s*handrail:(\S+)\s*$/
const FIELD = String.raw`[\d*/,A-Za-z-]+`
const ENTRY = new RegExp(String.raw`^\s*(?:(?:${FIELD}\s+){5}|@[a-z]+\s+)\S`)
const BLANK_OR_COMMENT = /^\s*(#|$)/

/** A named entry: the line below `# handrail:NAME`; without a line the entry is to be removed. */
type Entry = { readonly name: string; readonly at: number; readonly line?: string }

/**
 * Sets named entries of a crontab: each is a `# handrail:NAME` line and the entry below it. A name with nothing below
 * it removes the entry. New ones go to the end; all other lines stay.
 */
export function editCrontab(current: string | undefined, wanted: string): LanguageEdit {
  const findings = [...validateCrontab(wanted)]
  if (findings.length > 0) return refuseEdit(current ?? '', findings)
  const buffer = new LineBuffer(current ?? '')
  const managed: ManagedKey[] = []
  for (const entry of parseEntries(new LineBuffer(wanted).lines)) {
    const found = parseEntries(buffer.lines).filter((each) => each.name === entry.name)
    const [first, second] = found
    if (second !== undefined) {
      const message = `"# handrail:${entry.name}" stands ${found.length} times in the crontab`
      return refuseEdit(current ?? '', [{ code: 'HR3203', message, line: second.at + 1 }])
    }
    managed.push({
      key: entry.name,
      ...(first?.line === undefined ? {} : { before: first.line }),
      ...(entry.line === undefined ? {} : { after: entry.line }),
    })
    setEntry(buffer, entry, first)
  }
  const text = buffer.toText()
  // cron ignores a last line that does not end.
  return {
    text: text !== current && text !== '' && !text.endsWith('\n') ? `${text}\n` : text,
    findings,
    managed,
  }
}

/** What is wrong with wanted crontab entries. */
export function validateCrontab(wanted: string): readonly Finding[] {
  const { lines } = new LineBuffer(wanted)
  const entries = parseEntries(lines)
  const findings: Finding[] = []
  const used = new Set(
    entries.flatMap((entry) => (entry.line === undefined ? [entry.at] : [entry.at, entry.at + 1])),
  )
  for (const [at, { text }] of lines.entries()) {
    if (used.has(at) || text.trim() === '') continue
    findings.push({
      code: 'HR3105',
      message: `"${text.trim()}" does not stand below a "# handrail:NAME" line`,
      line: at + 1,
    })
  }
  const seen = new Set<string>()
  for (const { name, at, line } of entries) {
    if (seen.has(name)) findings.push({ code: 'HR3103', message: `"${name}" is wanted twice`, line: at + 1 })
    seen.add(name)
    if (line !== undefined && !ENTRY.test(line)) {
      findings.push({ code: 'HR3108', message: `"${line.trim()}" is no crontab entry`, line: at + 2 })
    }
  }
  return findings
}

function setEntry(buffer: LineBuffer, wanted: Entry, found: Entry | undefined): void {
  if (wanted.line === undefined) {
    if (found !== undefined) buffer.remove(found.at, found.line === undefined ? 1 : 2)
    return
  }
  const line = wanted.line.trimEnd()
  if (found === undefined) buffer.insertAfter(buffer.lines.length - 1, [`# handrail:${wanted.name}`, line])
  else if (found.line === undefined) buffer.insertAfter(found.at, [line])
  else if (found.line.trimEnd() !== line) buffer.setText(found.at + 1, line)
}

function parseEntries(lines: readonly Line[]): readonly Entry[] {
  return lines.flatMap(({ text }, at): Entry[] => {
    const name = MARKER.exec(text)?.[1]
    if (name === undefined) return []
    const next = lines[at + 1]?.text ?? ''
    return [BLANK_OR_COMMENT.test(next) ? { name, at } : { name, at, line: next }]
  })
}
