import type { Html } from 'mdast'
import { suggestName } from '../base/suggest-name.ts'
import type { Findings } from './findings.ts'
import type { OptionWord } from './option-words.ts'
import { parseOptionWords } from './option-words.ts'
import type { SourceText } from './source-text.ts'

/** A comment `<!-- handrail … -->` with its options, not yet given to a section or a fence. */
export type HandrailComment = { readonly words: readonly OptionWord[]; readonly at: number }

const MARKER = 'handrail'
const COMMENT_START = /<!--[ \t\n]*([^\s>]*)/g

/** Reads a node of HTML; undefined if it is no handrail comment. Near misses and misshapen comments are reported. */
export function parseHandrailComment(
  node: Html,
  source: SourceText,
  findings: Findings,
): HandrailComment | undefined {
  const from = node.position?.start.offset ?? 0
  const to = node.position?.end.offset ?? from
  const raw = source.text.slice(from, to)
  const starts = [...raw.matchAll(COMMENT_START)]
  const marked = starts.filter((start) => start[1] === MARKER || start[1]?.startsWith(`${MARKER}-->`))
  for (const start of starts) reportNearMiss(start, { from, source, findings })
  const first = marked[0]
  if (first === undefined) return undefined
  const at = from + first.index
  const close = raw.indexOf('-->', first.index)
  const isAlone =
    marked.length === 1 && raw.slice(0, first.index).trim() === '' && raw.slice(close + 3).trim() === ''
  if (close === -1 || !isAlone) {
    const message =
      close === -1 ? 'a handrail comment is not closed' : 'a handrail comment is not alone on its lines'
    const hint = close === -1 ? 'close it with `-->`' : 'give each comment its own line'
    findings.add('HR6005', source.positionAt(at), { message, hint })
    return { words: [], at }
  }
  const begin = at + first[0].indexOf(MARKER) + MARKER.length
  const backtick = raw.indexOf('`', first.index)
  if (backtick !== -1 && backtick < close) {
    const message = 'options cannot hold a backtick'
    findings.add('HR6002', source.positionAt(from + backtick), { message, hint: 'remove the backtick' })
  }
  // In a quote, later lines of a comment begin with `>`, which is no part of it.
  const inner = raw.slice(begin - from, close)
  const blank = inner.replaceAll(/\n[ \t]*>+/g, (prefix) => prefix.replaceAll('>', ' '))
  const cleaned = inner === blank ? source : blankOut(source, { at: begin, text: blank })
  return { words: parseOptionWords(cleaned, { from: begin, to: from + close }, findings), at }
}

function blankOut(source: SourceText, part: { readonly at: number; readonly text: string }): SourceText {
  const { text } = source
  return { ...source, text: text.slice(0, part.at) + part.text + text.slice(part.at + part.text.length) }
}

type NearMissContext = { readonly from: number; readonly source: SourceText; readonly findings: Findings }

function reportNearMiss(start: RegExpExecArray, { from, source, findings }: NearMissContext): void {
  const word = (start[1] ?? '').replace(/--$/, '')
  // Cut to length, so that other words with the same ending are not near.
  const isNear = word !== MARKER && suggestName(word.slice(0, MARKER.length), [MARKER]) !== undefined
  if (!isNear || word.length < 6) return
  const message = `a comment begins with \`${word}\`, which means nothing`
  findings.add('HR6004', source.positionAt(from + start.index), {
    message,
    hint: `did you mean \`${MARKER}\`?`,
  })
}
