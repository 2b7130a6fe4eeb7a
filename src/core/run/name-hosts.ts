import type { HostName } from '../base/ids.ts'
import { selectFitting } from '../journal/name-some.ts'
import { MAX_QUESTION_HOSTS, type Question } from './question.ts'

/** Bytes of names in a list: a question has two of them, and its record 4 KiB. */
const NAMES_BYTES = 1200

/** Hosts as a question holds them: as many as its record has room for, and how many more there are. */
export function selectNamedHosts(hosts: readonly HostName[]): Pick<Question, 'moreHosts'> & {
  readonly hosts: readonly HostName[]
} {
  const named = selectFitting(hosts, { count: MAX_QUESTION_HOSTS, sizeBytes: NAMES_BYTES })
  const more = hosts.length - named.length
  return { hosts: named, ...(more > 0 ? { moreHosts: more } : {}) }
}

/** The same in words. */
export function formatHosts(all: readonly HostName[]): string {
  const { hosts, moreHosts } = selectNamedHosts(all)
  return `${hosts.join(', ')}${moreHosts === undefined ? '' : ` and ${moreHosts} more`}`
}
