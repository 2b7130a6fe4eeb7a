import type { Findings } from './findings.ts'
import type { SourceText } from './source-text.ts'

/** One word of an info string or a handrail comment: `key=value`, `key="value"` or a bare `flag`. */
export type OptionWord = {
  readonly name: string
  /** Absent on a bare word. */
  readonly value?: string
  /** Offset of the name in the source text. */
  readonly at: number
  /** Offset of the value's first character, inside the quotes. */
  readonly valueAt: number
}

const NAME = /[A-Za-z][\w-]*/y
const CURLY_QUOTE = /[\u2018-\u201F]/

/**
 * Splits the options between two offsets of the source text, one grammar for info strings and comments.
 * A quoted value has no escapes; `{{ … }}` inside it may hold any character. A word that is none is reported and skipped.
 */
export function parseOptionWords(
  source: SourceText,
  range: { readonly from: number; readonly to: number },
  findings: Findings,
): readonly OptionWord[] {
  const text = source.text.slice(0, range.to)
  const words: OptionWord[] = []
  let at = skipBlanks(text, range.from)
  while (at < range.to) {
    const { word, end, problem } = readWord(text, at)
    if (problem !== undefined) findings.add('HR6001', source.positionAt(problem.at), problem)
    if (word !== undefined) words.push(word)
    at = skipBlanks(text, end)
  }
  return words
}

type Problem = { readonly at: number; readonly message: string; readonly hint: string }
type Reading = { readonly word?: OptionWord; readonly end: number; readonly problem?: Problem }

function readWord(text: string, at: number): Reading {
  NAME.lastIndex = at
  const name = NAME.exec(text)?.[0]
  const end = at + (name?.length ?? 0)
  if (name === undefined || !/[\s=]|^$/.test(text.charAt(end))) return failWord(text, at)
  if (text.charAt(end) !== '=') return { word: { name, at, valueAt: end }, end }
  const opening = text.charAt(end + 1)
  if (opening === '"') return readQuoted(text, { name, at, valueAt: end + 2 })
  const stop = skipToBlank(text, end + 1)
  const value = text.slice(end + 1, stop)
  const problem = findProblem(value, { name, at: end + 1 })
  if (problem !== undefined)
    return { end: value.startsWith("'") ? skipSingleQuoted(text, end + 1) : stop, problem }
  return { word: { name, value, at, valueAt: end + 1 }, end: stop }
}

function failWord(text: string, at: number): Reading {
  const end = skipToBlank(text, at)
  const shown = text.slice(at, end)
  const hint = 'options are written as key=value, key="quoted value" or a bare flag'
  return { end, problem: { at, message: `\`${shown}\` is not an option`, hint } }
}

function findProblem(value: string, place: { name: string; at: number }): Problem | undefined {
  const { name, at } = place
  if (value === '') return { at, message: `\`${name}=\` has no value`, hint: `write ${name}=value` }
  if (value.startsWith("'") || CURLY_QUOTE.test(value))
    return {
      at,
      message: `the value of \`${name}\` is in the wrong quotes`,
      hint: 'use straight double quotes: "',
    }
  if (value.includes('{{'))
    return { at, message: `an expression in \`${name}\` is not quoted`, hint: `write ${name}="{{ … }}"` }
  if (value.includes('"'))
    return { at, message: `a quote stands inside the value of \`${name}\``, hint: `quote the whole value` }
  return undefined
}

function readQuoted(text: string, word: { name: string; at: number; valueAt: number }): Reading {
  let end = word.valueAt
  while (end < text.length && text[end] !== '"') {
    const close = text.startsWith('{{', end) ? text.indexOf('}}', end) : -1
    end = close === -1 ? end + 1 : close + 2
  }
  if (end >= text.length) {
    const hint = 'close it with a straight double quote'
    return {
      end,
      problem: { at: word.valueAt - 1, message: `the value of \`${word.name}\` is not closed`, hint },
    }
  }
  const after = text.charAt(end + 1)
  if (after !== '' && !/\s/.test(after)) {
    const message = `text follows the quoted value of \`${word.name}\` without a blank`
    return {
      end: skipToBlank(text, end + 1),
      problem: { at: end + 1, message, hint: 'separate options by blanks' },
    }
  }
  return { word: { ...word, value: text.slice(word.valueAt, end) }, end: end + 1 }
}

function skipSingleQuoted(text: string, at: number): number {
  const close = text.indexOf("'", at + 1)
  return close === -1 ? text.length : skipToBlank(text, close)
}

function skipBlanks(text: string, at: number): number {
  let end = at
  while (end < text.length && /\s/.test(text.charAt(end))) end += 1
  return end
}

function skipToBlank(text: string, at: number): number {
  let end = at
  while (end < text.length && !/\s/.test(text.charAt(end))) end += 1
  return end
}
