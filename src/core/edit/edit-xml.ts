import type { Finding, LanguageEdit, ManagedKey } from './edit-result.ts'
import { refuseEdit } from './edit-result.ts'
import { parseXmlTree, unescapeXml } from './parse-xml-tree.ts'
import { parseXPath, selectXPath } from './select-xpath.ts'
import type { XmlPlace, XPath } from './select-xpath.ts'
import { applySplices, lineAt, splitLines } from './source-text.ts'
import type { Splice } from './source-text.ts'

type Wanted = { readonly source: string; readonly path: XPath; readonly value: string; readonly line: number }

/**
 * Sets texts and attributes of an XML file: lines `XPATH = value`, the value escaped as XML text.
 *
 * Each path must select exactly one element without child elements, or one attribute; nothing is created.
 */
export function editXml(current: string | undefined, wanted: string): LanguageEdit {
  const { entries, findings } = parseWanted(wanted)
  if (findings.length > 0) return refuseEdit(current ?? '', findings)
  if (current === undefined)
    return refuseEdit('', [{ code: 'HR3210', message: 'there is no such file', line: 1 }])
  const parsed = parseXmlTree(current)
  if (!parsed.isValid) {
    const message = `the file cannot be read as XML: ${parsed.reason}`
    return refuseEdit(current, [{ code: 'HR3201', message, line: lineAt(current, parsed.offset) }])
  }
  const splices: Splice[] = []
  const managed: ManagedKey[] = []
  const problems: Finding[] = []
  for (const entry of entries) {
    const places = selectXPath(entry.path, parsed.root, current)
    const [place, ...others] = places
    if (place === undefined)
      problems.push({ code: 'HR3206', message: `${entry.source} matches nothing`, line: 1 })
    else if (others.length > 0)
      problems.push({
        code: 'HR3207',
        message: `${entry.source} matches ${places.length} places`,
        line: lineAt(current, others[0]?.element.start ?? 0),
      })
    else if (place.attribute === undefined && place.element.children.length > 0) {
      const message = `${entry.source} holds elements, not a text`
      problems.push({ code: 'HR3205', message, line: lineAt(current, place.element.start) })
    } else setPlace({ current, splices, managed }, place, entry)
  }
  if (problems.length > 0) return refuseEdit(current, problems)
  return { text: applySplices(current, splices), findings: [], managed }
}

/** What is wrong with wanted `XPATH = value` lines. */
export function validateXml(wanted: string): readonly Finding[] {
  return parseWanted(wanted).findings
}

type Target = { readonly current: string; readonly splices: Splice[]; readonly managed: ManagedKey[] }

function setPlace({ current, splices, managed }: Target, place: XmlPlace, wanted: Wanted): void {
  const { element, attribute } = place
  const start = attribute?.start ?? element.contentStart
  const end = attribute?.end ?? element.contentEnd
  const after = unescapeXml(wanted.value)
  if (start === undefined || end === undefined) {
    managed.push({ key: wanted.source, before: '', after })
    if (after === '') return
    // `<value/>` is opened; blanks before the slash go with it.
    const slash = current.slice(0, element.tagEnd - 2).trimEnd().length
    splices.push({ start: slash, end: element.tagEnd, text: `>${wanted.value}</${element.name}>` })
    return
  }
  const content = current.slice(start, end)
  const before = unescapeXml(content)
  const core = attribute === undefined ? content.trim() : content
  managed.push({ key: wanted.source, before: unescapeXml(core), after })
  if ((attribute === undefined ? before.trim() : before) === after) return
  const at = start + (core === '' ? 0 : content.indexOf(core))
  splices.push({ start: at, end: at + core.length, text: escapeQuote(wanted.value, attribute?.quote) })
}

function escapeQuote(value: string, quote: string | undefined): string {
  if (quote === undefined) return value
  return value.replaceAll(quote, quote === '"' ? '&quot;' : '&apos;')
}

function parseWanted(wanted: string): {
  readonly entries: readonly Wanted[]
  readonly findings: readonly Finding[]
} {
  const entries: Wanted[] = []
  const findings: Finding[] = []
  for (const [at, { text }] of splitLines(wanted).entries()) {
    const line = at + 1
    if (/^\s*(#|$)/.test(text)) continue
    const equals = findEquals(text)
    const source = text.slice(0, Math.max(0, equals)).trim()
    const value = text.slice(equals + 1).trim()
    const path = parseXPath(source)
    if (equals === -1)
      findings.push({ code: 'HR3105', message: `"${text.trim()}" is not of the form XPATH = value`, line })
    else if (path === undefined)
      findings.push({ code: 'HR3107', message: `"${source}" is not a supported path`, line })
    else if (/<|&(?!#?\w+;)/.test(value))
      findings.push({ code: 'HR3101', message: 'the value is not XML text; write &lt; and &amp;', line })
    else if (entries.some((entry) => entry.source === source))
      findings.push({ code: 'HR3103', message: `${source} is wanted twice`, line })
    else entries.push({ source, path, value, line })
  }
  return { entries, findings }
}

/** The first `=` outside brackets. */
function findEquals(text: string): number {
  const match = /^(?:[^=[\]]|\[(?:[^\]"']|"[^"]*"|'[^']*')*\])*=/.exec(text)
  return match === null ? -1 : match[0].length - 1
}
