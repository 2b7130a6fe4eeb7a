import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { HostName } from '../../core/base/ids.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import type { Glyphs } from '../term/glyphs.ts'
import { span, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { formatSecondsAgo } from './format-time.ts'
import type { ReadBack } from './select-read-back.ts'

/** Columns of the labels below a result. */
const LABEL = 13
/** Hosts that are named with one result; more are counted. */
const NAMED_HOSTS = 6

export type ReadBackRows = {
  readonly readBack: ReadBack
  readonly width: number
  readonly wallMs: number
  readonly glyphs: Glyphs
}

/** What the checks say while a person works: not yet before what holds, with what was wanted and found, and when. */
export function buildReadBackRows({ readBack, width, wallMs, glyphs }: ReadBackRows): Row[] {
  const { lookedAtMs, byHost } = readBack
  if (lookedAtMs === undefined) return [[word('Read-back: looking for the first time …', 'dim')]]
  const head: Row = [
    word('Read-back', 'strong'),
    word(`   looked ${formatSecondsAgo(wallMs - lookedAtMs)}; only reads`, 'dim'),
  ]
  const groups = groupResults(byHost)
  return [head, ...groups.flatMap((group) => paintGroup(group, width, glyphs))]
}

type Group = { readonly result: CheckResult; readonly hosts: HostName[] }

/** Hosts of which a probe said the same, together; what does not hold comes first. */
function groupResults(byHost: ReadBack['byHost']): Group[] {
  const groups = new Map<string, Group>()
  for (const [host, results] of byHost)
    for (const result of results) {
      const { verb, index, verdict, expected, actual, reason, prober } = result
      const key = JSON.stringify([verb, index, verdict, expected, actual, reason, prober])
      const group = groups.get(key) ?? { result, hosts: [] }
      groups.set(key, group)
      group.hosts.push(host)
    }
  const isOpen = ({ result }: Group): number => (result.verdict === 'pass' ? 1 : 0)
  return [...groups.values()].toSorted((left, right) => isOpen(left) - isOpen(right))
}

function paintGroup({ result, hosts }: Group, width: number, glyphs: Glyphs): Row[] {
  const { verb, index, verdict, expected, actual, reason, prober } = result
  const isGood = verdict === 'pass'
  const words = isGood ? 'holds' : verdict === 'fail' ? 'not yet' : 'cannot tell'
  const from = prober === undefined ? '' : `, asked from ${prober}`
  const head = wrapSpans(
    [
      word(`  ${isGood ? glyphs.done : glyphs.needsYou} ${words.padEnd(12)}`, isGood ? 'good' : 'warn'),
      word(`${verb} ${index} on `, 'dim'),
      span(sanitizeLine(nameHosts(hosts) + from)),
    ],
    width,
    4,
  )
  if (isGood) return head
  return [
    ...head,
    ...paintValue('wanted', expected, width),
    ...paintValue('found', actual, width),
    ...(expected === undefined || verdict === 'inconclusive' ? paintValue('why', reason, width) : []),
  ]
}

function paintValue(label: string, value: string | undefined, width: number): Row[] {
  if (value === undefined || value === '') return []
  return wrapSpans([word(`    ${label}`.padEnd(LABEL), 'dim'), span(sanitizeLine(value))], width, LABEL)
}

/** Host names in a sentence: `db1, db2 and 4 more`. */
export function nameHosts(hosts: readonly string[]): string {
  const more = hosts.length - NAMED_HOSTS
  return more > 1 ? `${hosts.slice(0, NAMED_HOSTS).join(', ')} and ${more} more` : hosts.join(', ')
}
