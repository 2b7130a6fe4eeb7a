import { formatExitCode } from '../../core/base/format-exit-code.ts'
import { formatDuration } from '../../core/base/duration.ts'
import { sanitizeLine, sanitizeText } from '../../core/base/sanitize.ts'
import type { HostName } from '../../core/base/ids.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import type { Verdict } from '../../core/check/verdict.ts'
import type { StepState } from '../../core/run/state.ts'
import type { CommandText, StepText } from '../run-client.ts'
import type { Glyphs } from '../term/glyphs.ts'
import { span, word, type Row, type Tone } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { formatSecondsAgo } from './format-time.ts'
import type { ReadBack } from './select-read-back.ts'

export type ChecksView = {
  readonly step: StepState
  readonly host: HostName | undefined
  readonly text: StepText | undefined
  readonly width: number
  readonly glyphs: Glyphs
  readonly wallMs: number
  /** What the checks said a moment ago, while a person works: shown instead of what is recorded. */
  readonly readBack?: ReadBack
}

const VERDICT_WORDS: { readonly [verdict in Verdict]: string } = {
  pass: 'holds',
  fail: 'does not hold',
  inconclusive: 'cannot tell',
}
const VERDICT_TONES: { readonly [verdict in Verdict]: Tone } = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'warn',
}
/** Most lines of a wanted or found text. */
const MAX_VALUE_LINES = 6

/** Each check of the step: what it said on every host, and for the shown host what was wanted and found. */
export function buildChecksRows(view: ChecksView): Row[] {
  const keys = selectProbes(view)
  if (keys.length === 0) return [[word(' no checks in this step', 'dim')]]
  return [...describeLive(view), ...keys.flatMap((probe) => paintProbe(probe, view))]
}

/** Results that are not in the journal say so. */
function describeLive({ readBack, wallMs }: ChecksView): Row[] {
  if (readBack?.lookedAtMs === undefined) return []
  return [[word(` while you work: looked ${formatSecondsAgo(wallMs - readBack.lookedAtMs)}`, 'accent')]]
}

type Probe = {
  readonly verb: CheckResult['verb']
  readonly index: number
  readonly command: CommandText | undefined
}

/** Probes of the step's text, and those with a result that the text does not have (yet). */
function selectProbes({ step, text, readBack }: ChecksView): Probe[] {
  const probes = new Map<string, Probe>()
  for (const block of text?.blocks ?? []) {
    if (block.kind !== 'command') continue
    const { verb, index } = block.command
    if (verb === 'check' || verb === 'verify' || verb === 'require')
      probes.set(`${verb}/${index}`, { verb, index, command: block.command })
  }
  for (const { host, checks } of step.hosts.values())
    for (const { verb, index } of readBack?.byHost.get(host) ?? checks.values())
      if (!probes.has(`${verb}/${index}`)) probes.set(`${verb}/${index}`, { verb, index, command: undefined })
  return [...probes.values()]
}

function paintProbe(probe: Probe, view: ChecksView): Row[] {
  const { width } = view
  const name = `${probe.verb} ${probe.index}`
  const first = probe.command?.text.trim().split('\n')[0] ?? ''
  const waits =
    probe.command?.forMs === undefined || probe.command.forMs === 0
      ? ''
      : ` for ${formatDuration(probe.command.forMs)}`
  const head: Row = [word(` ${name.padEnd(10)}`, 'strong'), span(sanitizeLine(first)), word(waits, 'dim')]
  const results = selectResults(probe, view)
  const hosts =
    results.length === 0
      ? [[word('    not looked at yet', 'dim')]]
      : groupVerdicts(results, view).flatMap((group) => paintVerdict(group, view))
  const own = results.filter(({ host }) => host === view.host)
  return [head, ...hosts, ...own.flatMap(({ result }) => paintValues(result, probe, width))]
}

type HostResult = { readonly host: HostName; readonly result: CheckResult }

function selectResults(probe: Probe, { step, readBack }: ChecksView): HostResult[] {
  return [...step.hosts.values()].flatMap(({ host, checks }) =>
    [...(readBack?.byHost.get(host) ?? checks.values())]
      .filter(({ verb, index }) => verb === probe.verb && index === probe.index)
      .map((result) => ({ host, result })),
  )
}

type VerdictGroup = {
  readonly words: string
  readonly tone: Tone
  readonly glyph: string
  readonly names: string[]
}

/** Columns of a verdict's words, so that the hosts stand under each other. */
const VERDICT_CELLS = 16

/** Hosts with the same verdict together; what holds comes last. */
function groupVerdicts(results: readonly HostResult[], { glyphs, readBack }: ChecksView): VerdictGroup[] {
  const groups = new Map<string, VerdictGroup>()
  for (const { host, result } of results) {
    const { verdict, prober } = result
    const isNotYet = verdict === 'fail' && readBack?.byHost.has(host) === true
    const warn = result.warn === true && verdict !== 'pass' ? ' (warning)' : ''
    const words = (isNotYet ? 'not yet' : VERDICT_WORDS[verdict]) + warn
    const isBad = verdict === 'fail' && !isNotYet
    const glyph = verdict === 'pass' ? glyphs.done : isBad ? glyphs.failed : glyphs.needsYou
    const tone = isNotYet ? 'warn' : VERDICT_TONES[verdict]
    const group = groups.get(words) ?? { words, tone, glyph, names: [] }
    groups.set(words, group)
    group.names.push(host + (prober === undefined ? '' : ` from ${prober}`))
  }
  return [...groups.values()].toSorted(
    (left, right) => Number(left.tone === 'good') - Number(right.tone === 'good'),
  )
}

function paintVerdict({ words, tone, glyph, names }: VerdictGroup, { width }: ChecksView): Row[] {
  const head = word(`   ${glyph} ${words.padEnd(VERDICT_CELLS)} `, tone)
  return wrapSpans([head, span(sanitizeLine(names.join(', ')))], width - 1, VERDICT_CELLS + 6)
}

function paintValues(result: CheckResult, probe: Probe, width: number): Row[] {
  const wanted = result.expected ?? probe.command?.wanted?.join('\n')
  const rows: Row[] = []
  if (wanted !== undefined) rows.push(...paintValue('wanted', wanted, width))
  if (result.actual !== undefined) rows.push(...paintValue('found', result.actual, width))
  else if (result.exitCode !== undefined && result.verdict !== 'pass')
    rows.push(...paintValue('found', formatExitCode(result.exitCode), width))
  if (result.verdict !== 'pass' && result.reason !== undefined)
    rows.push(...wrapSpans([word('     why     ', 'dim'), span(sanitizeLine(result.reason))], width - 1, 13))
  return rows
}

function paintValue(label: string, value: string, width: number): Row[] {
  const text = value.replace(/\n$/, '')
  const lines = sanitizeText(text === '' ? '(nothing)' : text).split('\n')
  const shown = lines
    .slice(0, MAX_VALUE_LINES)
    .flatMap((line, index) =>
      wrapSpans(
        [word(`     ${(index === 0 ? label : '').padEnd(8)}`, 'dim'), span(sanitizeLine(line))],
        width - 1,
        13,
      ),
    )
  const more = lines.length - MAX_VALUE_LINES
  return more > 0 ? [...shown, [word(`             and ${more} more lines`, 'dim')]] : shown
}
