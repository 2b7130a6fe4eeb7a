import { brandAs } from '../../../src/core/base/ids.ts'
import type { Digest } from '../../../src/core/base/ids.ts'
import { lintRunbook } from '../../../src/core/runbook/lint-runbook.ts'
import type { LintOptions } from '../../../src/core/runbook/lint-runbook.ts'
import { parseRunbook } from '../../../src/core/runbook/parse-runbook.ts'
import { listFences, listSections, listSteps } from '../../../src/core/runbook/walk-runbook.ts'

export const HEAD = '---\nhandrail: 1\n---\n# Title\n'

/** Parses a text as `book.md`. */
export function parse(text: string) {
  return parseRunbook(text, 'book.md', brandAs<Digest>('0'.repeat(64)))
}

/** `CODE line:column` of all that parsing and linting find. */
export function findCodes(text: string, options: LintOptions = {}): string[] {
  const { value, diagnostics } = parse(text)
  return [...diagnostics, ...lintRunbook(value, options)].map(
    ({ code, line, column }) => `${code} ${line}:${column}`,
  )
}

/** A runbook of one step with these lines under its heading; they begin at line 6. */
export function step(...lines: string[]): string {
  return `${HEAD}## Step\n${lines.join('\n')}\n`
}

/** A runbook of one step on all hosts; the lines begin at line 8. */
export function onAll(...lines: string[]): string {
  return step('<!-- handrail on=all -->', '', ...lines)
}

export function fencesOf(text: string) {
  return listFences(parse(text).value)
}

export function stepsOf(text: string) {
  return listSteps(parse(text).value)
}

export function sectionsOf(text: string) {
  return listSections(parse(text).value)
}
