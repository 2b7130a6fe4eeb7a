// How long a run of 500 steps on 1,000 hosts takes to replay, and to decide what may be done next.
import { createHash } from 'node:crypto'
import type { AttemptId, Digest, HostName, JobId, StepId } from '../src/core/base/ids.ts'
import type { RunEvent } from '../src/core/run/events.ts'
import type { OutlineStep, PlanOutline } from '../src/core/run/outline.ts'
import { reduceEvent } from '../src/core/run/reduce.ts'
import { selectWork } from '../src/core/run/select-work.ts'
import { createRunState, type RunState } from '../src/core/run/state.ts'
import { median } from './figure.ts'

const STEPS = 500
const HOSTS = 1000
const EVENTS = 100_000

/** Times of the projection of a run and of its decisions. */
export type RunStateFigures = {
  /** 100,000 events of 500 steps × 1,000 hosts, the building of the empty state included. */
  readonly replayMs: number
  readonly events: number
  /** One decision on what may be done, in the middle of a step: the median. */
  readonly selectMs: number
  /** The same in the last step, with all others complete. */
  readonly selectLateMs: number
}

/** Measures on a synthetic run; `repetitions` decisions at each of two places. */
export function measureRunState(repetitions = 50): RunStateFigures {
  const events = [...buildEvents()]
  const began = performance.now()
  const state = replay(events)
  const replayMs = performance.now() - began
  const selectMs = medianSelect(state, repetitions)
  for (const step of [...state.steps.values()].slice(0, -1)) {
    if (!step.began) reduceEvent(state, { type: 'step-skipped', step: step.id, by: 'condition', detail: '' })
  }
  return { replayMs, events: events.length, selectMs, selectLateMs: medianSelect(state, repetitions) }
}

function replay(events: readonly RunEvent[]): RunState {
  const state = createRunState()
  for (const event of events) reduceEvent(state, event, 0)
  return state
}

function medianSelect(state: RunState, repetitions: number): number {
  const times = Array.from({ length: repetitions }, () => {
    const began = performance.now()
    selectWork(state)
    return performance.now() - began
  })
  return median(times)
}

function* buildEvents(): Generator<RunEvent> {
  const hosts = Array.from({ length: HOSTS }, (_, index) => `h${index}` as HostName)
  const steps = Array.from({ length: STEPS }, (_, index) => buildStep(index, hosts))
  const digest = createHash('sha256').update('plan').digest('hex') as Digest
  const outline: PlanOutline = {
    title: 'Bench',
    digest,
    units: steps.map(({ id }) => ({ steps: [id] })),
    steps,
  }
  yield {
    type: 'run-created',
    runbook: { path: 'bench.md', sha256: digest, title: 'Bench' },
    inventory: { path: 'i.yaml', name: 'bench', sha256: digest, environment: 'bench', level: 'lab' },
    outlineDigest: digest,
    outline,
    params: {},
    operator: 'bench',
    options: { onFailure: 'ask' },
    toolVersion: '0',
    waivers: [],
  }
  yield { type: 'run-confirmed', by: 'bench', how: 'option' }
  let count = 2
  for (const { id } of steps) {
    yield { type: 'step-began', step: id }
    yield { type: 'step-confirmed', step: id, by: 'bench', how: 'option' }
    count += 2
    for (const host of hosts) {
      for (const event of buildHostEvents(id, host, digest)) {
        if (count >= EVENTS) return
        count += 1
        yield event
      }
    }
  }
}

function buildHostEvents(step: StepId, host: HostName, digest: Digest): RunEvent[] {
  const attempt = `${step}-${host}` as AttemptId
  const job = `${attempt}.1` as JobId
  const place = { step, host }
  return [
    { type: 'host-began', ...place },
    { type: 'attempt-started', ...place, attempt, number: 1, stepHash: digest, kind: 'action' },
    {
      type: 'job-intended',
      ...place,
      attempt,
      job,
      action: 1,
      kind: 'run',
      command: digest,
      detached: true,
      epoch: 1,
    },
    { type: 'job-running', ...place, job },
    {
      type: 'job-ended',
      ...place,
      job,
      result: { kind: 'exited', code: 0 },
      outBytes: 0,
      errBytes: 0,
      durationMs: 1,
    },
    {
      type: 'checks-evaluated',
      ...place,
      moment: 'after',
      results: [{ index: 1, verb: 'check', verdict: 'pass' }],
    },
    { type: 'host-ended', ...place, outcome: 'succeeded', durationMs: 1 },
  ]
}

function buildStep(index: number, hosts: readonly HostName[]): OutlineStep {
  return {
    id: `s${index}` as StepId,
    title: `Step ${index}`,
    phases: [],
    danger: 'change',
    order: 'parallel',
    groups: [0],
    batch: 64,
    hosts,
    pickAny: false,
    confirmEach: false,
    repeat: 'guarded',
    actions: 1,
    undos: 0,
    manual: [],
    eachHost: false,
    hash: createHash('sha256').update(String(index)).digest('hex') as Digest,
    covers: [],
  }
}
