import type { JournalCondition } from './scan-journal.ts'

/** What is wrong with a journal and what follows from it, in words; `ok` where nothing is. */
export function describeCondition(condition: JournalCondition): string {
  if (condition.kind === 'ok') return 'ok'
  const { reason } = condition
  if (condition.kind === 'corrupt') return `it was damaged or changed, so this run cannot go on (${reason})`
  const what = condition.suspicious
    ? 'its end cannot be read, and may have held a record that others relied on'
    : 'its last record was cut short while it was written, so nobody relied on it'
  return `${what}; the next resume sets it aside and goes on (${reason})`
}
