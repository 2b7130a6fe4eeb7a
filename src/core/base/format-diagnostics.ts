import type { Diagnostic, Severity } from './diagnostic.ts'

/** Gives the text of a file that diagnostics name; undefined if it is not at hand. */
export type TextOf = (file: string) => string | undefined

/** A diagnostic as `lint --json` prints it: fields may be added, never renamed. */
export type DiagnosticJson = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly severity: Severity
  readonly code: string
  readonly message: string
  readonly hint?: string
}

/** Widest source line that is shown, in characters; more is cut around the place. */
const MAX_SOURCE_CHARACTERS = 100
const TAB_SPACES = '    '

/**
 * Diagnostics for people: place, severity, code and sentence, the source line with a caret under the place, and the
 * hint; an empty line between two. Control and invisible characters of the source are shown as `\u{…}`.
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], textOf: TextOf): string {
  const lines = new Map<string, readonly string[] | undefined>()
  const linesOf = (file: string): readonly string[] | undefined => {
    if (!lines.has(file))
      lines.set(
        file,
        textOf(file)
          ?.replace(/^\uFEFF/, '')
          .split(/\r\n|\r|\n/),
      )
    return lines.get(file)
  }
  return diagnostics.map((diagnostic) => formatOne(diagnostic, linesOf(diagnostic.file))).join('\n\n')
}

/** The JSON shape of diagnostics, for `lint --json` and wherever diagnostics stand in other shapes. */
export function toDiagnosticJson(diagnostic: Diagnostic): DiagnosticJson {
  const { file, line, column, severity, code, message, hint } = diagnostic
  return { file, line, column, severity, code, message, ...(hint === undefined ? {} : { hint }) }
}

/** `2 errors, 1 warning`; empty if there is none. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((each) => each.severity === 'error').length
  const warnings = diagnostics.length - errors
  const parts = [countWords(errors, 'error'), countWords(warnings, 'warning')]
  return parts.filter((part) => part !== '').join(', ')
}

function countWords(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`
}

function formatOne(diagnostic: Diagnostic, lines: readonly string[] | undefined): string {
  const { file, line, column, severity, code, message, hint } = diagnostic
  const out = [`${escape(file)}:${line}:${column}: ${severity} ${code}: ${escape(message)}`]
  const source = lines?.[line - 1]
  if (source !== undefined && source.trim() !== '') out.push(...formatSource(source, line, column))
  if (hint !== undefined) out.push(`  hint: ${escape(hint)}`)
  return out.join('\n')
}

function formatSource(source: string, line: number, column: number): readonly string[] {
  const from = Math.max(0, column - 1 - MAX_SOURCE_CHARACTERS / 2)
  const to = from + MAX_SOURCE_CHARACTERS
  const before = (from > 0 ? '…' : '') + show(source.slice(from, column - 1))
  const after = show(source.slice(column - 1, to)) + (to < source.length ? '…' : '')
  const margin = `  ${line} | `
  return [
    `${margin}${before}${after}`.trimEnd(),
    `${' '.repeat(margin.length - 2)}| ${' '.repeat(before.length)}^`,
  ]
}

function show(text: string): string {
  return escape(text.replaceAll('\t', TAB_SPACES))
}

/** Nothing that came out of a document may move the cursor or hide. */
function escape(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const number = character.codePointAt(0) ?? 0
    return `\\u{${number.toString(16).toUpperCase()}}`
  })
}
