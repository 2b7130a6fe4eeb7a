import type { CodePage } from '../base/code-page.ts'
import type { Severity } from '../base/diagnostic.ts'
import { COMMAND_CODES } from './codes-command.ts'
import { DOCUMENT_CODES } from './codes-document.ts'
import { FRONT_MATTER_CODES } from './codes-front-matter.ts'
import { GRAMMAR_CODES } from './codes-grammar.ts'
import { MEANING_CODES } from './codes-meaning.ts'

const TABLE = {
  ...DOCUMENT_CODES,
  ...FRONT_MATTER_CODES,
  ...GRAMMAR_CODES,
  ...MEANING_CODES,
  ...COMMAND_CODES,
}

/** A code of a finding about a runbook. */
export type RunbookCode = keyof typeof TABLE

/** Pages of all codes of runbooks: HR5xxx document and front matter, HR6xxx options and verbs, HR7xxx commands. */
export const RUNBOOK_CODES: readonly CodePage[] = Object.entries(TABLE).map(
  ([code, { title, explanation, hint, example }]) => ({ code, title, explanation, hint, example }),
)

/** Whether a code is an error or a warning; one code is always the same. */
export function severityOf(code: RunbookCode): Severity {
  return TABLE[code].severity
}
