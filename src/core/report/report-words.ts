import { describeWord } from '../run/summary.ts'
import type { Report, ReportHostStep, ReportStep } from './report.ts'

/** Whether the run of a report is over: nothing of it goes on or waits. */
export function isReportOver({ state }: Pick<Report, 'state'>): boolean {
  return state.startsWith('finished') || state === 'aborted'
}

/** The state of a step as people read it in a report. */
export function nameStepState(report: Pick<Report, 'state'>, state: ReportStep['state']): string {
  return describeWord(state, isReportOver(report))
}

/** What has ended is told by its outcome, all else by its word: an ended run waits for nothing and nobody. */
export function nameHostState(
  report: Pick<Report, 'state'>,
  { state, word, outcome }: ReportHostStep,
): string {
  return state === outcome ? state : describeWord(word, isReportOver(report))
}
