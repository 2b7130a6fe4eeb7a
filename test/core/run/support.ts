import type { AttemptId, Digest, HostName, JobId, StepId } from '../../../src/core/base/ids.ts'
import type { Failure } from '../../../src/core/run/failure.ts'
import type { Outcome, RunEvent } from '../../../src/core/run/events.ts'
import type { Question } from '../../../src/core/run/question.ts'
import { reduceEvent } from '../../../src/core/run/reduce.ts'
import { selectWork, type Work } from '../../../src/core/run/select-work.ts'
import { createRunState, type HostStepState, type RunState } from '../../../src/core/run/state.ts'
import { buildTestPlan, type StepSpec } from '../../engine/support/plan-builder.ts'
import type { PlanUnit } from '../../../src/core/plan/model.ts'

/** A run built out of events, for tests of decisions. */
export type TestRun = {
  readonly state: RunState
  readonly tell: (...events: readonly RunEvent[]) => TestRun
  readonly work: () => string[]
  readonly hostStep: (step: string, host: string) => HostStepState
}

/** An open run of these steps; every step is begun and confirmed unless told otherwise. */
export function openRun(
  specs: readonly StepSpec[],
  options: { readonly isFresh?: boolean; readonly units?: readonly PlanUnit[] } = {},
): TestRun {
  const built = buildTestPlan(specs, options.units === undefined ? {} : { units: options.units })
  const state = createRunState()
  const run: TestRun = {
    state,
    tell: (...events) => {
      for (const event of events) reduceEvent(state, event, 0)
      return run
    },
    work: () => selectWork(state).map(formatWork),
    hostStep: (step, host) => state.steps.get(step as StepId)!.hosts.get(host as HostName)!,
  }
  run.tell(built.created, { type: 'run-confirmed', by: 'ann', how: 'option' })
  if (options.isFresh === true) return run
  for (const { id } of specs) run.tell(...confirmed(id))
  return run
}

/** Work in short: `run-host a h1`. */
export function formatWork(work: Work): string {
  const parts: readonly (string | undefined)[] = [
    work.kind,
    'step' in work ? work.step : undefined,
    'host' in work ? work.host : undefined,
    work.kind === 'ask' ? work.question.id : undefined,
    work.kind === 'end-aborted' ? work.undo.map(({ step, host }) => `${step}@${host}`).join(' ') : undefined,
  ]
  return parts.filter((part) => part !== undefined && part !== '').join(' ')
}

export function confirmed(id: string): RunEvent[] {
  const step = id as StepId
  return [
    { type: 'step-began', step },
    { type: 'step-confirmed', step, by: 'ann', how: 'asked' },
  ]
}

export function began(step: string, host: string): RunEvent {
  return { type: 'host-began', step: step as StepId, host: host as HostName }
}

/** A host-step that has run one action. */
export function acted(step: string, host: string, code = 0): RunEvent[] {
  const place = { step: step as StepId, host: host as HostName }
  const attempt = `${step}${host}` as AttemptId
  const job = `${attempt}.1` as JobId
  const digest = 'd' as Digest
  return [
    began(step, host),
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
      result: { kind: 'exited', code },
      outBytes: 0,
      errBytes: 0,
      durationMs: 1,
    },
  ]
}

export function ended(step: string, host: string, outcome: Outcome = 'succeeded', by?: string): RunEvent {
  const failure: Failure = { kind: 'exit', action: 1, code: 1 }
  return {
    type: 'host-ended',
    step: step as StepId,
    host: host as HostName,
    outcome,
    durationMs: 1,
    ...(outcome === 'failed' ? { failure } : {}),
    ...(by === undefined ? {} : { by, reason: 'because' }),
  }
}

export function asked(question: Partial<Question> & Pick<Question, 'id' | 'kind'>): RunEvent {
  return {
    type: 'question-asked',
    question: { text: 'what now', choices: ['retry', 'skip', 'abort'], ...question },
  }
}

/** A host-step that failed, and the question about it. */
export function failed(step: string, host: string): RunEvent[] {
  const place = { step: step as StepId, host: host as HostName }
  return [
    ...acted(step, host, 1),
    ended(step, host, 'failed'),
    asked({ id: `failed/${step}@${host}#1`, kind: 'failed', ...place }),
  ]
}

export function answered(
  question: string,
  choice: Question['choices'][number],
  reason = 'because',
): RunEvent {
  return { type: 'question-answered', question, choice, by: 'ann', how: 'asked', reason }
}
