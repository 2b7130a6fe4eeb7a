import { baseKey } from './base-key.ts'
import type { EventOf, RunEvent } from './events.ts'
import { dropQuestions } from './reduce-question.ts'
import type { HostStepState, JobState, RunState } from './state.ts'

/** Applies an event about an attempt or a job; false when the event is about something else. */
export function reduceJobEvent(state: RunState, event: RunEvent): boolean {
  switch (event.type) {
    case 'attempt-started':
      startAttempt(state, event)
      return true
    case 'job-intended':
      intendJob(state, event)
      return true
    case 'job-running':
      changeJob(state, event, (job, hostStep) => {
        job.state = 'running'
        job.remote = event.remote
        hostStep.phase = 'running'
      })
      return true
    case 'job-ended':
      dropQuestions(state, event, 'clock')
      changeJob(state, event, (job, hostStep) => {
        job.state = 'ended'
        job.result = event.result
        job.outBytes = event.outBytes
        job.errBytes = event.errBytes
        job.clockExpired = undefined
        if (event.result.kind !== 'exited') return
        hostStep.exitCode = event.result.code
        if (event.result.code === 0 && hostStep.attempt?.kind === 'action')
          hostStep.done = new Set(hostStep.done).add(job.action)
      })
      return true
    case 'job-unknown':
      dropQuestions(state, event, 'clock')
      changeJob(state, event, (job) => {
        job.state = 'unknown'
        job.cause = event.cause
        job.detail = event.detail
      })
      return true
    case 'job-unstarted':
      changeJob(state, event, (job) => void (job.state = 'unstarted'))
      return true
    case 'job-tombstoned':
      changeJob(state, event, (job) => void (job.state = 'tombstoned'))
      return true
    case 'job-clock-expired':
      changeJob(state, event, (job) => void (job.clockExpired = event.clock))
      return true
    default:
      return false
  }
}

function startAttempt(state: RunState, event: EventOf<'attempt-started'>): void {
  const hostStep = state.steps.get(event.step)?.hosts.get(event.host)
  if (hostStep === undefined) return
  hostStep.attempts = event.number
  if (event.keepsDone !== true) hostStep.done = new Set()
  hostStep.attempt = {
    id: event.attempt,
    number: event.number,
    kind: event.kind,
    stepHash: event.stepHash,
    jobs: [],
  }
  hostStep.exitCode = undefined
  hostStep.decision = undefined
  hostStep.phase = 'intent'
}

function intendJob(state: RunState, event: EventOf<'job-intended'>): void {
  const hostStep = state.steps.get(event.step)?.hosts.get(event.host)
  if (hostStep?.attempt?.id !== event.attempt) return
  const { job: id, step, host, attempt, action, kind, command, detached, as, boot, marker, restores } = event
  const job: JobState = {
    id,
    step,
    host,
    attempt,
    number: hostStep.attempt.number,
    action,
    kind,
    command,
    detached,
    as,
    boot,
    marker,
    file: kind === 'edit' || kind === 'file' ? hostStep.shownEdits.get(action) : undefined,
    restores,
    state: 'intent',
    remote: undefined,
    result: undefined,
    outBytes: 0,
    errBytes: 0,
    cause: undefined,
    detail: undefined,
    clockExpired: undefined,
  }
  const again = hostStep.attempt.jobs.findIndex((each) => each.id === id)
  if (again === -1) hostStep.attempt.jobs.push(job)
  else hostStep.attempt.jobs[again] = job
  state.jobs.set(id, job)
  hostStep.touched = true
  if (detached) state.locked.add(baseKey(host, as))
  hostStep.phase = 'intent'
}

type JobEvent = Extract<RunEvent, { readonly job: string }>

function changeJob(
  state: RunState,
  event: JobEvent,
  change: (job: JobState, hostStep: HostStepState) => void,
): void {
  const job = state.jobs.get(event.job)
  const hostStep = state.steps.get(event.step)?.hosts.get(event.host)
  if (job !== undefined && hostStep !== undefined) change(job, hostStep)
}
