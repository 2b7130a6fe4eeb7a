import type { Diagnostic } from '../../core/base/diagnostic.ts'
import type { Output } from './output.ts'
import { say } from './say.ts'

/** Prints findings one after the other: place, severity, code and sentence, and the hint below. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], output: Output): void {
  for (const { file, line, column, severity, code, message, hint } of diagnostics) {
    output.tell(
      say`${file}:${line}:${column}: ${severity} ${code}: ${message}`,
      severity === 'error' ? 'bad' : 'warning',
    )
    if (hint !== undefined) output.tell(say`    ${hint}`, 'quiet')
  }
}

/** Says how many errors and warnings there are, e.g. `2 errors, 1 warning`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  return `${formatCount(errors, 'error')}, ${formatCount(warnings, 'warning')}`
}

/** A number with its noun, in the plural where it must be. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** What to type next about errors: the page of the first of them. */
export function explainNext(diagnostics: readonly Diagnostic[]): string {
  const first = diagnostics.find(({ severity }) => severity === 'error')
  return first === undefined
    ? 'handrail --help'
    : `correct the errors above; handrail explain ${first.code} tells more`
}
