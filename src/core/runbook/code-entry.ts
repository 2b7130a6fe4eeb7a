import type { CodePage } from '../base/code-page.ts'
import type { Severity } from '../base/diagnostic.ts'

/** One row of a table of codes: its page, and how bad it is. */
export type CodeEntry = Omit<CodePage, 'code'> & { readonly severity: Severity }
