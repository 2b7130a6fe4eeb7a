import { parseIsoTime } from '../base/iso-time.ts'
import type { JournalRecord } from '../journal/record.ts'
import type { RunEvent } from '../run/events.ts'
import type { ReportTime } from './report-history.ts'

/** Time as the records tell it. */
export type MeasuredTime = {
  readonly time: ReportTime
  /** What each host-step took, by `STEP@HOST`: all tries and sessions, without waiting for a person. */
  readonly worked: ReadonlyMap<string, number>
  /** How long each operator drove, in the order in which they came. */
  readonly driven: ReadonlyMap<string, number>
}

type Clock = {
  isPaused: boolean
  /** Somebody has begun to. */
  isDriven: boolean
  operator: string
  /** Questions that are open: id → `STEP@HOST`, or what else they are about. */
  readonly open: Map<string, string>
  readonly active: Set<string>
  /** Since the host-step was last taken up. */
  readonly pass: Map<string, number>
}

/**
 * Adds the time between the records up. Within one session the monotonic clock counts; between two nobody drove the
 * run, so that time is no work, whatever went on on the hosts meanwhile.
 */
export function measureTime(records: readonly JournalRecord[]): MeasuredTime {
  const clock: Clock = {
    isPaused: false,
    isDriven: false,
    operator: '',
    open: new Map(),
    active: new Set(),
    pass: new Map(),
  }
  const worked = new Map<string, number>()
  const driven = new Map<string, number>()
  const time = { wallMs: 0, workingMs: 0, waitingMs: 0, pausedMs: 0 }
  let last: JournalRecord | undefined
  for (const record of records) {
    if (last !== undefined) {
      const isSame = last.session === record.session
      const spentMs = isSame ? Math.max(0, record.mono - last.mono) : measureGap(last, record)
      const part = isSame || !clock.isDriven ? selectPart(clock) : 'pausedMs'
      time.wallMs += spentMs
      time[part] += spentMs
      if (part === 'workingMs') for (const key of clock.active) add(clock.pass, key, spentMs)
      if (part !== 'pausedMs') add(driven, clock.operator, spentMs)
    }
    follow(clock, worked, record.event as unknown as RunEvent)
    last = record
  }
  for (const [key, spentMs] of clock.pass) add(worked, key, spentMs)
  driven.delete('')
  return { time, worked, driven }
}

/** Milliseconds between two records by the wall clock; 0 where it was set back. */
export function measureGap(from: JournalRecord, to: JournalRecord): number {
  return Math.max(0, (parseIsoTime(to.t) ?? 0) - (parseIsoTime(from.t) ?? 0))
}

function selectPart({ isPaused, open, active }: Clock): 'workingMs' | 'waitingMs' | 'pausedMs' {
  if (active.size > 0) return 'workingMs'
  if (isPaused) return 'pausedMs'
  return open.size > 0 ? 'waitingMs' : 'workingMs'
}

function add(sums: Map<string, number>, key: string, valueMs: number): void {
  sums.set(key, (sums.get(key) ?? 0) + valueMs)
}

function follow(clock: Clock, worked: Map<string, number>, event: RunEvent): void {
  switch (event.type) {
    case 'session-opened':
      clock.isDriven = true
      clock.operator = event.operator
      return
    case 'run-paused':
      clock.isPaused = true
      return
    case 'run-resumed':
      clock.isPaused = false
      clock.operator = event.operator
      return
    case 'question-asked': {
      const { id, kind, step, host } = event.question
      const key = `${step}@${host}`
      clock.open.set(id, key)
      // A clock's question is about a job that goes on.
      if (kind !== 'clock') clock.active.delete(key)
      return
    }
    case 'question-answered':
      clock.open.delete(event.question)
      return
    default:
      followHost(clock, worked, event)
  }
}

function followHost(clock: Clock, worked: Map<string, number>, event: RunEvent): void {
  if (!('step' in event) || !('host' in event) || event.step === undefined || event.host === undefined) return
  const key = `${event.step}@${event.host}`
  switch (event.type) {
    case 'host-began':
    case 'attempt-started':
    case 'job-running':
      clock.active.add(key)
      return
    case 'host-waited':
      clock.active.delete(key)
      return
    case 'host-ended':
      clock.active.delete(key)
      for (const [id, about] of clock.open) if (about === key) clock.open.delete(id)
      // The engine knows what its last pass took more exactly; a pass that a crash cut off is known here alone.
      add(worked, key, Math.max(event.durationMs, clock.pass.get(key) ?? 0))
      clock.pass.delete(key)
      return
    default:
  }
}
