import type { LoadedRun } from '../../adapters/journal/load-run-state.ts'
import { formatDuration } from '../../core/base/duration.ts'
import type { Report, ReportHostStep, ReportStep } from '../../core/report/report.ts'
import { isReportOver } from '../../core/report/report-words.ts'
import { describeWord } from '../../core/run/summary.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { findDriver } from '../history/find-driver.ts'
import { loadSelectedRun, reportRun } from '../history/open-history.ts'
import type { Output } from '../output/output.ts'
import { say } from '../output/say.ts'
import { keepStateDir } from '../state-dir-option.ts'

/** `handrail show RUN`: where a run stands, step by step. */
export async function runShow(context: CliContext): Promise<CommandEnd> {
  const { output, json } = context
  const loaded = await loadSelectedRun(context)
  const report = reportRun(loaded)
  const driver = await findDriver(loaded.directory)
  if (json) output.json({ ...buildShowShape(report), driver })
  else printReport(report, output)
  if (driver !== null)
    output.tell(
      say`${driver.operator} drives it since ${driver.since} (process ${driver.pid} on ${driver.host}).`,
    )
  const next = selectNext(report, driver !== null)
  if (next !== undefined && !json && loaded.condition.kind === 'ok')
    output.tell(say`Next: ${keepStateDir(next, context.input.text('stateDir'))}`, 'strong')
  return selectEnd(loaded, driver !== null)
}

/** A torn end can be gone on with; while somebody writes it may be a record that is on its way. */
function selectEnd({ run, condition }: LoadedRun, isDriven: boolean): CommandEnd {
  if (condition.kind === 'ok' || (condition.kind === 'torn' && isDriven)) return DONE
  return { exitCode: 6, next: `handrail ${condition.kind === 'torn' ? 'resume' : 'verify'} ${run}` }
}

/** The `show` shape of the contract; fields may be added, never renamed. */
export function buildShowShape(report: Report) {
  const { run, state, runbook, inventory, started, finished, steps, waiting } = report
  return {
    run,
    state,
    title: report.title,
    runbook,
    inventory,
    started: started ?? null,
    finished: finished ?? null,
    deviations: report.deviations,
    steps: steps.map((step) => ({
      id: step.id,
      title: step.title,
      danger: step.danger,
      state: step.state,
      skipped: step.skipped ?? null,
      hosts: step.hosts.map(buildHostShape),
      ticks: step.ticks,
    })),
    waiting: waiting.map(({ step, host, item, question, choices }) => ({
      step: step ?? null,
      host: host ?? null,
      item: item ?? null,
      question,
      choices,
    })),
    integrity: report.integrity,
  }
}

function buildHostShape(host: ReportHostStep) {
  return {
    host: host.host,
    state: host.state,
    word: host.word,
    outcome: host.outcome ?? null,
    attempts: host.attempts,
    exitCode: host.exitCode ?? null,
    durationMs: host.durationMs ?? null,
    reason: host.reason ?? null,
    checks: host.checks.map(({ verb, index, verdict, expected, actual, reason, prober }) => ({
      verb,
      index,
      verdict,
      expected: expected ?? null,
      actual: actual ?? null,
      reason: reason ?? null,
      prober: prober ?? null,
    })),
  }
}

function printReport(report: Report, output: Output): void {
  const { run, title, state, runbook, inventory } = report
  output.tell(say`${title}`, 'strong')
  output.tell(say`run ${run}: ${state} · ${runbook.path} on ${inventory.name} (${inventory.environment})`)
  for (const step of report.steps) printStep(step, report, output)
  for (const { kind, step, host, by, reason } of report.deviations)
    output.tell(say`deviation: ${kind} ${step ?? ''} ${host ?? ''} by ${by}: ${reason}`, 'warning')
  for (const { question, choices } of report.waiting)
    output.tell(say`needs you: ${question} (${choices.join(', ')})`, 'warning')
  if (report.integrity.condition !== 'ok') output.tell(say`journal: ${report.integrity.condition}`, 'bad')
}

const TONES = {
  'to do': 'quiet',
  running: 'strong',
  done: 'good',
  'already done': 'good',
  'needs you': 'warning',
  failed: 'bad',
  skipped: 'quiet',
} as const

function printStep(step: ReportStep, report: Report, output: Output): void {
  const said = step.skipped ?? describeWord(step.state, isReportOver(report))
  output.tell(say`  ${step.id}: ${said}`, TONES[step.state])
  // One word for all hosts needs no list of them.
  if (step.skipped !== undefined || step.hosts.every(({ word }) => word === 'to do')) return
  for (const host of step.hosts) {
    const took = host.durationMs === undefined ? '' : `, ${formatDuration(host.durationMs)}`
    const why =
      host.reason === undefined || host.reason === '' || host.reason === host.outcome
        ? ''
        : `: ${host.reason}`
    output.tell(
      say`    ${host.host} ${describeWord(nameState(host), isReportOver(report))}${took}${why}`,
      TONES[host.word],
    )
  }
}

function selectNext(report: Report, isDriven: boolean): string | undefined {
  const { run } = report
  if (isReportOver(report)) return `handrail report ${run} --format md`
  return isDriven ? undefined : `handrail resume ${run}`
}

/** What a person let go, or what was put back, is not called done. */
function nameState({ word, outcome }: ReportHostStep): string {
  return word === 'done' && outcome !== undefined && outcome !== 'succeeded' ? outcome : word
}
