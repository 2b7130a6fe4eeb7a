import { formatDuration } from '../base/duration.ts'
import type { Report, ReportStep } from './report.ts'
import { nameStepState } from './report-words.ts'

/** Steps that are named as the slowest. */
const SLOWEST = 3

/** The run in figures, for the head of a report; what there was none of is left out. */
export function listTotals(report: Report): readonly (readonly [name: string, value: string | undefined])[] {
  return [
    ['Took', describeTime(report)],
    ['Steps', countSteps(report)],
    ['Checks', countChecks(report)],
    ['Hosts', countHosts(report)],
    ['Operators', describeOperators(report)],
    ['Pauses', report.pauses.length === 0 ? undefined : String(report.pauses.length)],
    ['Tried again', describeTries(report)],
    ['Slowest', describeSlowest(report)],
  ]
}

function describeTime({ time: { wallMs, workingMs, waitingMs, pausedMs } }: Report): string {
  const parts = [
    [waitingMs, 'waiting for an answer'] as const,
    [pausedMs, 'paused or undriven'] as const,
  ].flatMap(([spentMs, what]) => (spentMs < 1000 ? [] : [`${formatDuration(spentMs)} ${what}`]))
  const rest = parts.length === 0 ? '' : `: ${formatDuration(workingMs)} at work, ${parts.join(', ')}`
  return `${formatDuration(wallMs)}${rest}`
}

function countSteps(report: Report): string {
  const counts = new Map<string, number>()
  for (const { state } of report.steps) {
    const name = nameStepState(report, state)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ')
}

/** A check counts by its latest verdict on each host. */
function countChecks({ steps }: Report): string | undefined {
  const checks = steps.flatMap(({ hosts }) => hosts.flatMap((host) => host.checks))
  if (checks.length === 0) return undefined
  return `${checks.filter(({ verdict }) => verdict === 'pass').length} of ${checks.length} pass`
}

function countHosts({ steps }: Report): string {
  return String(new Set(steps.flatMap(({ hosts }) => hosts.map(({ host }) => host))).size)
}

function describeOperators({ operators }: Report): string {
  const driven = new Map(operators.map(({ name, drivenMs }) => [name, drivenMs]))
  return [...driven].map(([name, drivenMs]) => `${name} ${formatDuration(drivenMs)}`).join(', ')
}

function describeTries({ tries }: Report): string | undefined {
  if (tries.length === 0) return undefined
  const hosts = [...new Set(tries.map(({ host }) => host))].join(', ')
  return `${tries.length} ${tries.length === 1 ? 'time' : 'times'} (${hosts})`
}

function describeSlowest({ steps }: Report): string | undefined {
  const slowest = steps
    .map((step) => ({ step, tookMs: longestOf(step) }))
    .filter(({ tookMs }) => tookMs >= 1000)
    .toSorted((one, other) => other.tookMs - one.tookMs)
    .slice(0, SLOWEST)
  if (slowest.length === 0) return undefined
  return slowest.map(({ step, tookMs }) => `${step.title} ${formatDuration(tookMs)}`).join(', ')
}

function longestOf({ hosts }: ReportStep): number {
  return Math.max(0, ...hosts.map(({ durationMs }) => durationMs ?? 0))
}
