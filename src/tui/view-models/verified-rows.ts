import { formatDuration } from '../../core/base/duration.ts'
import type { HostName } from '../../core/base/ids.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import type { StepState } from '../../core/run/state.ts'
import type { CommandText, StepText } from '../run-client.ts'
import { span, word, type Row, type Tone } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { nameHosts } from './read-back-rows.ts'

/** Columns of the labels at the left. */
const LABEL = 15

export type VerifiedView = {
  readonly step: StepState
  /** All hosts that are to be confirmed. */
  readonly hosts: readonly HostName[]
  readonly text: StepText | undefined
  readonly width: number
}

/** Before a confirmation: what was looked at when it was asked, what was not, and what is proved only afterwards. */
export function describeVerified({ step, hosts, text, width }: VerifiedView): Row[] {
  const probes = (text?.blocks ?? []).flatMap((block) => (block.kind === 'command' ? [block.command] : []))
  const before = probes.filter(({ verb }) => verb === 'require')
  const after = probes.filter(({ verb }) => verb === 'verify' || verb === 'check')
  const fact = (name: string, words: string, tone: Tone): Row[] =>
    wrapSpans([word(name.padEnd(LABEL), 'dim'), span(sanitizeLine(words), tone)], width, LABEL)
  const rows = before.flatMap((probe, index) => {
    const { words, tone } = describeProbe(probe, selectResults(step, hosts, probe))
    return fact(index === 0 ? 'verified' : '', words, tone)
  })
  if (before.length === 0 && text !== undefined)
    rows.push(...fact('not verified', 'nothing is required before it: this step has no `require`', 'warn'))
  if (before.length > 0)
    rows.push(...fact('', 'looked at when this was asked; again right before it runs', 'dim'))
  rows.push(
    ...after.flatMap((probe, index) =>
      fact(index === 0 ? 'proved after' : '', describeAfter(probe), 'plain'),
    ),
  )
  if (after.length === 0 && text !== undefined)
    rows.push(...fact('proved after', 'nothing: only its exit code will be known', 'warn'))
  return rows
}

type Results = { readonly good: HostName[]; readonly bad: HostName[]; readonly none: HostName[] }

function selectResults(step: StepState, hosts: readonly HostName[], { verb, index }: CommandText): Results {
  const results: Results = { good: [], bad: [], none: [] }
  for (const host of hosts) {
    const found = [...(step.hosts.get(host)?.checks.values() ?? [])].filter(
      (result: CheckResult) => result.verb === verb && result.index === index,
    )
    if (found.length === 0) results.none.push(host)
    else if (found.every(({ verdict }) => verdict === 'pass')) results.good.push(host)
    else results.bad.push(host)
  }
  return results
}

function describeProbe(
  probe: CommandText,
  { good, bad, none }: Results,
): { readonly words: string; readonly tone: Tone } {
  const about = `${probe.verb} ${probe.index}: ${firstLine(probe)}`
  const all = good.length + bad.length + none.length
  const parts = [
    good.length > 0 ? `holds on ${all === 1 ? nameHosts(good) : `${good.length} of ${all} hosts`}` : '',
    bad.length > 0 ? `does not hold on ${nameHosts(bad)}` : '',
    none.length > 0 ? `NOT looked at on ${nameHosts(none)}` : '',
  ].filter(Boolean)
  return { words: `${parts.join('; ')} (${about})`, tone: bad.length + none.length > 0 ? 'warn' : 'good' }
}

function describeAfter(probe: CommandText): string {
  const within =
    probe.forMs === undefined || probe.forMs === 0 ? '' : `, within ${formatDuration(probe.forMs)}`
  return `${probe.verb} ${probe.index}${within}: ${firstLine(probe)}`
}

function firstLine({ text }: CommandText): string {
  return text.trim().split('\n')[0] ?? ''
}
