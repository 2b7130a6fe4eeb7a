import type { JobReport } from './job-report.ts'
import { parseJobReport } from './job-report.ts'

/** Words of one framed line: `end exit code=007 out=12` has kind `end`, word `exit` and two fields. */
export interface ReplyLine {
  readonly kind: string
  readonly word: string
  readonly fields: Readonly<Record<string, string>>
  /** All after the kind, as it came. */
  readonly rest: string
  /** The verdict in it, if there is one. */
  readonly report: JobReport | undefined
}

/** Takes a framed line (without frame and line feed) apart; never fails: what it does not know has no report. */
export function parseReplyLine(text: string): ReplyLine {
  const [kind = '', ...words] = text.split(' ')
  const fields: Record<string, string> = {}
  for (const word of words) {
    const at = word.indexOf('=')
    if (at > 0) fields[word.slice(0, at)] = word.slice(at + 1)
  }
  const word = words.find((each) => !each.includes('=')) ?? ''
  return { kind, word, fields, rest: text.slice(kind.length + 1), report: parseJobReport(word, fields) }
}
