import type { Diagnostic, Position, Severity, Span } from './diagnostic.ts'

/** Where a piece of text stands in its file; later lines of it begin after `indent` columns. */
export type Place = {
  readonly file: string
  readonly start: Position
  /** Columns before each line but the first, e.g. of a fence in a list item; default: `start.column - 1`. */
  readonly indent?: number
}

/** The start of a file, as a place. */
export function startOfFile(file: string): Place {
  return { file, start: { line: 1, column: 1, offset: 0 } }
}

/** Position in the file of an offset within `text`, which stands at `place`. */
export function positionAt(place: Place, text: string, offset: number): Position {
  const before = text.slice(0, Math.max(0, offset))
  const lastBreak = before.lastIndexOf('\n')
  const { start } = place
  if (lastBreak < 0)
    return {
      line: start.line,
      column: start.column + before.length,
      offset: start.offset + before.length,
    }
  const lines = before.split('\n').length - 1
  const indent = place.indent ?? start.column - 1
  return {
    line: start.line + lines,
    column: before.length - lastBreak + indent,
    offset: start.offset + before.length + lines * indent,
  }
}

/** Span in the file of `text` from `from` up to `to`. */
export function spanAt(place: Place, text: string, range: { from: number; to: number }): Span {
  return { start: positionAt(place, text, range.from), end: positionAt(place, text, range.to) }
}

/** Builds a diagnostic at a position; `hint` may be absent. */
export function diagnosticAt(
  file: string,
  position: Position,
  finding: { code: string; severity?: Severity; message: string; hint?: string | undefined },
): Diagnostic {
  const { code, severity = 'error', message, hint } = finding
  const { line, column } = position
  return { code, severity, file, line, column, message, ...(hint === undefined ? {} : { hint }) }
}
