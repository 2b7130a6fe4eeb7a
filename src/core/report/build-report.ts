import type { RunId } from '../base/ids.ts'
import type { JournalRecord } from '../journal/record.ts'
import type { RunEvent } from '../run/events.ts'
import { isFailing, isSkippedEverywhere } from '../run/settled.ts'
import { describeSkip, selectSkip } from '../run/skip-words.ts'
import { describeTrouble } from '../run/trouble-words.ts'
import { isUndecidedThere } from '../run/untouched.ts'
import type { HostStepState, RunState, StepState } from '../run/state.ts'
import { selectHostWord, selectStepWord } from '../run/summary.ts'
import { collectAnswers, collectPauses, collectTries } from './collect-history.ts'
import { measureTime, type MeasuredTime } from './measure-time.ts'
import { selectFineState } from './host-step-state.ts'
import type { Report, ReportHostStep, ReportStep, RunStateWord } from './report.ts'

/** What a report is made of besides the state: the records it came from, and what was found about them. */
export type ReportSource = {
  readonly run: RunId
  readonly state: RunState
  readonly records: readonly JournalRecord[]
  /** `ok`, or what is wrong with the journal. */
  readonly condition: string
}

/** Tells a run from its journal; pure, so that every reader of the same journal gets the same report. */
export function buildReport({ run, state, records, condition }: ReportSource): Report {
  const created = state.created
  const measured = measureTime(records)
  const times = { ...collectTimes(records), worked: measured.worked }
  const last = records.at(-1)
  return {
    run,
    state: selectRunState(state),
    title: created?.runbook.title ?? '',
    runbook: { path: created?.runbook.path ?? '', sha256: created?.runbook.sha256 ?? '' },
    inventory: created?.inventory ?? { path: '', name: '', sha256: '', environment: '', level: '' },
    ref: selectReference(state, records),
    toolVersion: created?.toolVersion ?? '',
    started: records[0]?.t,
    finished: times.finished,
    aborted: state.status === 'aborted' ? state.aborting && selectAbort(state.aborting) : undefined,
    time: measured.time,
    params: created?.params ?? {},
    corrections: collectCorrections(records),
    operators: collectOperators(records, measured.driven),
    deviations: state.deviations.filter(({ kind }) => kind !== 'waiver'),
    waivers: created?.waivers ?? [],
    failures: collectFailures(state),
    tries: collectTries(records),
    answers: collectAnswers(records),
    pauses: collectPauses(records),
    waiting: [...state.questions.values()].map(({ id, step, host, item, text, choices }) => ({
      id,
      step,
      host,
      item,
      question: text,
      choices,
    })),
    steps: [...state.steps.values()].map((step) => buildStep(step, state, times)),
    integrity: { records: records.length, head: last?.h ?? '', condition },
  }
}

/** The state of a run in the words of the command line. */
export function selectRunState(state: RunState): RunStateWord {
  if (state.status !== 'finished') return state.status
  return state.deviations.some(({ kind }) => kind !== 'waiver') ? 'finished with deviations' : 'finished'
}

type Moments = {
  finished: string | undefined
  /** By `STEP@HOST`. */
  readonly began: Map<string, string>
  readonly ended: Map<string, string>
}

type Times = Moments & Pick<MeasuredTime, 'worked'>

function collectTimes(records: readonly JournalRecord[]): Moments {
  const times: Moments = { finished: undefined, began: new Map(), ended: new Map() }
  for (const record of records) {
    const event = record.event as unknown as RunEvent
    if (event.type === 'run-finished' || event.type === 'run-aborted') times.finished = record.t
    if (event.type === 'host-began') {
      const key = `${event.step}@${event.host}`
      if (!times.began.has(key)) times.began.set(key, record.t)
    }
    if (event.type === 'host-ended') times.ended.set(`${event.step}@${event.host}`, record.t)
  }
  return times
}

function collectOperators(records: readonly JournalRecord[], driven: MeasuredTime['driven']) {
  return records.flatMap((record) => {
    const event = record.event as unknown as RunEvent
    return event.type === 'session-opened'
      ? [
          {
            name: event.operator,
            host: event.host,
            since: record.t,
            drivenMs: driven.get(event.operator) ?? 0,
          },
        ]
      : []
  })
}

function selectAbort({ by, reason }: NonNullable<RunState['aborting']>): Report['aborted'] {
  return { by, reason }
}

function selectReference(state: RunState, records: readonly JournalRecord[]): string | undefined {
  for (const { event } of records) {
    const found = event as unknown as RunEvent
    if (found.type === 'run-confirmed' && found.ref !== undefined) return found.ref
  }
  return state.created?.options.ref
}

function collectFailures(state: RunState): Report['failures'] {
  return [...state.steps.values()].flatMap((step) =>
    [...step.hosts.values()].filter(hasFailed).map((hostStep) => ({
      step: step.id,
      host: hostStep.host,
      outcome: hostStep.outcome ?? 'unknown',
      reason: describeTrouble(hostStep),
    })),
  )
}

/** What is undecided stands with the questions. */
function hasFailed(hostStep: HostStepState): boolean {
  return isFailing(hostStep) && !isUndecidedThere(hostStep)
}

function buildStep(step: StepState, state: RunState, times: Times): ReportStep {
  const { outline } = step
  const skip = selectSkip(step)
  return {
    id: step.id,
    title: outline.title,
    phases: outline.phases,
    danger: outline.danger,
    state: skip === undefined ? selectStepWord(step, state) : 'skipped',
    // What was tried before it was skipped on a host stands with the host.
    skipped: skip === undefined || isSkippedEverywhere(step) ? undefined : describeSkip(skip),
    covers: outline.covers,
    hosts: [...step.hosts.values()].map((hostStep) => buildHostStep(hostStep, state, times)),
    ticks: [...step.ticks].map(([key, tick]) => {
      const [item = '', host] = key.split('@')
      return {
        item: Number(item),
        text: outline.manual[Number(item) - 1] ?? '',
        host,
        by: tick.by,
        evidence: tick.evidence,
        acceptedBecause: tick.acceptedBecause,
      }
    }),
  }
}

function buildHostStep(hostStep: HostStepState, state: RunState, times: Times): ReportHostStep {
  const key = `${hostStep.step}@${hostStep.host}`
  const failure = isFailing(hostStep) ? describeTrouble(hostStep) : undefined
  return {
    host: hostStep.host,
    state: selectFineState(hostStep),
    word: selectHostWord(hostStep, state),
    outcome: hostStep.outcome,
    attempts: hostStep.attempts,
    exitCode: hostStep.exitCode,
    durationMs:
      hostStep.durationMs === undefined ? undefined : (times.worked.get(key) ?? hostStep.durationMs),
    started: times.began.get(key),
    ended: times.ended.get(key),
    by: hostStep.by,
    reason: hostStep.stale ?? hostStep.reason ?? failure,
    checks: [...hostStep.checks.values()],
  }
}

function collectCorrections(records: readonly JournalRecord[]): Report['corrections'] {
  return records.flatMap(({ event }) => {
    const found = event as unknown as RunEvent
    if (found.type !== 'param-changed') return []
    const { type: _, ...correction } = found
    return [correction]
  })
}
