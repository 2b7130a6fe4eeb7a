import type { Diagnostic, Position } from '../base/diagnostic.ts'
import type { RunbookCode } from './codes.ts'
import { severityOf } from './codes.ts'

/** Collects the findings about one document. */
export type Findings = {
  readonly file: string
  readonly list: readonly Diagnostic[]
  /** Adds a finding; the severity is that of the code's page. */
  readonly add: (code: RunbookCode, at: Position, finding: Finding) => void
  /** Adds what another parser found. */
  readonly addAll: (diagnostics: readonly Diagnostic[]) => void
}

export type Finding = { readonly message: string; readonly hint?: string | undefined }

/** Starts an empty collection for a file. */
export function buildFindings(file: string): Findings {
  const list: Diagnostic[] = []
  return {
    file,
    list,
    add: (code, at, { message, hint }) => {
      const place = { file, line: at.line, column: at.column }
      list.push({
        code,
        severity: severityOf(code),
        ...place,
        message,
        ...(hint === undefined ? {} : { hint }),
      })
    },
    addAll: (diagnostics) => void list.push(...diagnostics),
  }
}

/** Whether a word was found that cannot be read: what its section would have been is not known. */
export function hasUnreadWord({ list }: Findings): boolean {
  return list.some(({ code }) => ['HR6002', 'HR6101', 'HR6102', 'HR6106', 'HR6109'].includes(code))
}

/** In the order of the text: by line, then column, then as found. */
export function orderFindings(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((one, other) => one.line - other.line || one.column - other.column)
}
