import { formatDuration } from '../base/duration.ts'
import { sanitizeLine } from '../base/sanitize.ts'
import type { Deviation } from '../run/state.ts'
import { listHistory, TRIES_TABLE } from './history-tables.ts'
import { nameHostState, nameStepState } from './report-words.ts'
import { listTotals } from './report-totals.ts'
import type { Report, ReportHostStep } from './report.ts'

/** A table of a report, before it is Markdown or HTML. */
export type ReportTable = {
  readonly title: string
  readonly heading: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A report laid out: facts, then tables in the order of what matters; empty tables are left out. */
export type ReportLayout = {
  readonly title: string
  /** One line that says how it went. */
  readonly summary: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly tables: readonly ReportTable[]
}

/** Lays a report out for reading: deviations first, then failures and what waits, then all steps. */
export function layOutReport(report: Report): ReportLayout {
  const tables = [
    table('Deviations', ['What', 'Step', 'Host', 'By', 'Reason'], report.deviations.map(deviationRow)),
    correctionTable(report),
    table(
      'Failures',
      ['Step', 'Host', 'Outcome', 'Why'],
      report.failures.map(({ step, host, outcome, reason }) => [step, host, outcome, reason]),
    ),
    table(
      'Waiting for a person',
      ['Step', 'Host', 'Question', 'Choices'],
      report.waiting.map(({ step, host, question, choices }) => [step, host, question, choices.join(', ')]),
    ),
    table(TRIES_TABLE.title, TRIES_TABLE.heading, TRIES_TABLE.rows(report)),
    table(
      'Waived rules',
      ['Rule'],
      report.waivers.map((waiver) => [waiver]),
    ),
    table(
      'Steps',
      ['Step', 'Title', 'Danger', 'Host', 'State', 'Attempts', 'Exit', 'Took', 'Began', 'Ended', 'By or why'],
      stepRows(report),
    ),
    table('Checks', ['Step', 'Host', 'Check', 'Verdict', 'Wanted', 'Found', 'Why'], checkRows(report)),
    table('Manual items', ['Step', 'Item', 'Host', 'By', 'Evidence'], tickRows(report)),
    table('Covered requirements', ['Requirement', 'Step', 'State'], coverRows(report)),
    ...listHistory(report).map(({ title, heading, rows }) => table(title, heading, rows)),
    table(
      'Parameters',
      ['Name', 'Value'],
      Object.entries(report.params).map(([name, value]) => [name, formatData(value)]),
    ),
  ]
  return {
    title: sanitizeLine(report.title === '' ? report.run : report.title),
    summary: summarize(report),
    facts: listFacts(report),
    tables: tables.filter(({ rows }) => rows.length > 0),
  }
}

function correctionTable({ corrections }: Report): ReportTable {
  const rows = corrections.map(({ name, before, after, by, reason }) => [
    name,
    formatData(before),
    formatData(after),
    by,
    reason,
  ])
  return table('Corrected parameters', ['Name', 'Before', 'After', 'By', 'Reason'], rows)
}

function formatData(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function table(
  title: string,
  heading: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): ReportTable {
  return { title, heading, rows: rows.map((row) => row.map((cell) => sanitizeLine(cell ?? ''))) }
}

function summarize({ state, deviations, failures, waiting }: Report): string {
  const parts = [
    [deviations.length, 'deviation'] as const,
    [failures.length, 'failure'] as const,
    [waiting.length, 'open question'] as const,
  ].flatMap(([count, noun]) => (count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`]))
  return parts.length === 0 ? state : `${state}: ${parts.join(', ')}`
}

function listFacts(report: Report): readonly (readonly [string, string])[] {
  const { runbook, inventory, integrity } = report
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Run', report.run],
    ['State', report.state],
    ['Aborted', report.aborted && `by ${report.aborted.by}: ${report.aborted.reason}`],
    ['Runbook', `${runbook.path} (sha256 ${runbook.sha256})`],
    ['Inventory', `${inventory.name}, ${inventory.path} (sha256 ${inventory.sha256})`],
    ['Environment', `${inventory.environment} (${inventory.level})`],
    ['Change', report.ref],
    ['Started', report.started],
    ['Finished', report.finished],
    ...listTotals(report),
    ['Journal', `${integrity.condition}; ${integrity.records} records, last ${integrity.head}`],
    ['handrail', report.toolVersion],
  ]
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, sanitizeLine(value)] as const]))
}

const DEVIATION_WORDS: Readonly<Record<string, string>> = {
  accept: 'accepted',
  skip: 'skipped',
  exclude: 'host excluded',
  undo: 'undone',
  override: 'needs overridden',
}

function deviationRow({ kind, step, host, by, reason }: Deviation) {
  return [DEVIATION_WORDS[kind] ?? kind, step, host, by, reason]
}

function stepRows(report: Report) {
  return report.steps.flatMap(({ id, title, danger, state, skipped, hosts }) => {
    if (skipped !== undefined || hosts.length === 0)
      return [[id, title, danger, '', skipped === undefined ? state : '', '', '', '', '', '', skipped]]
    return hosts.map((host) => [
      id,
      title,
      danger,
      host.host,
      nameHostState(report, host),
      host.attempts === 0 ? '' : String(host.attempts),
      host.exitCode === undefined ? '' : String(host.exitCode),
      host.durationMs === undefined ? '' : formatDuration(host.durationMs),
      host.started,
      host.ended,
      byOrWhy(host),
    ])
  })
}

function byOrWhy({ by, reason }: ReportHostStep): string {
  return [by, reason].filter((each) => each !== undefined && each !== '').join(': ')
}

function checkRows(report: Report) {
  return report.steps.flatMap((step) =>
    step.hosts.flatMap((host) =>
      host.checks.map((check) => [
        step.id,
        check.prober === undefined ? host.host : `${host.host} from ${check.prober}`,
        `${check.verb} ${check.index}${check.warn === true ? ' (warns only)' : ''}`,
        check.verdict === 'inconclusive' ? 'cannot tell' : check.verdict,
        check.expected,
        check.actual,
        check.reason,
      ]),
    ),
  )
}

function tickRows(report: Report) {
  return report.steps.flatMap((step) =>
    step.ticks.map((tick) => [
      step.id,
      `${tick.item}. ${tick.text}`,
      tick.host,
      tick.by,
      tick.acceptedBecause === undefined
        ? tick.evidence
        : `accepted although it did not match: ${tick.acceptedBecause}`,
    ]),
  )
}

function coverRows(report: Report) {
  return report.steps.flatMap((step) =>
    step.covers.map((requirement) => [
      requirement,
      step.id,
      step.skipped ?? nameStepState(report, step.state),
    ]),
  )
}
