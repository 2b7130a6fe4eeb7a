import type { HostName, JobId } from '../../core/base/ids.ts'
import { nameAction } from '../../core/run/failure-words.ts'
import type { HostStepState, JobState, RunState, StepState } from '../../core/run/state.ts'
import type { RunUi } from '../store/ui-state.ts'

/** What one action of one try printed; without a job, a try that has not begun to run anything. */
export type OutputPart = { readonly job: JobState | undefined; readonly number: number }

/** All parts of a step on a host, the oldest first, and which of them is shown. */
export type ShownOutput = { readonly parts: readonly OutputPart[]; readonly at: number }

/** Whose output is shown of a step on a host: the one chosen, else of the newest try the job that runs, else its last. */
export function selectOutput(
  state: RunState,
  step: StepState,
  { host, job }: { readonly host: HostName | undefined; readonly job: RunUi['job'] },
): ShownOutput {
  const hostStep = host === undefined ? undefined : step.hosts.get(host)
  const parts = hostStep === undefined ? [] : listParts(state, hostStep)
  const chosen = job === undefined ? -1 : parts.findIndex((part) => part.job?.id === job)
  return { parts, at: chosen >= 0 ? chosen : selectNewest(parts) }
}

/** The job to choose for the part before (`by` -1) or after the shown one: none where the newest is followed. */
export function selectOtherJob(
  { parts, at }: ShownOutput,
  by: 1 | -1,
): { readonly job: JobId | undefined } | undefined {
  const part = parts[at + by]
  if (part === undefined) return undefined
  return { job: at + by === selectNewest(parts) ? undefined : part.job?.id }
}

function selectNewest(parts: readonly OutputPart[]): number {
  const running = parts.findIndex(({ job }) => job?.state === 'running')
  return running >= 0 ? running : parts.length - 1
}

function listParts(state: RunState, hostStep: HostStepState): readonly OutputPart[] {
  const { attempt, attempts } = hostStep
  if (attempt === undefined) return []
  // Of the first try all jobs are at hand; to look for those of earlier ones in a long run takes time.
  const jobs = attempts > 1 ? [...state.jobs.values()].filter((job) => isOf(job, hostStep)) : attempt.jobs
  const parts = jobs.map((job): OutputPart => ({ job, number: job.number }))
  if (isRetried(hostStep)) return [...parts, { job: undefined, number: attempts + 1 }]
  return attempt.jobs.length > 0 ? parts : [...parts, { job: undefined, number: attempts }]
}

function isOf(job: JobState, { step, host }: HostStepState): boolean {
  return job.step === step && job.host === host
}

/** A new try was asked for and has not begun: it is looked at first whether it may. */
function isRetried({ phase, decision }: HostStepState): boolean {
  return decision?.choice === 'retry' && (phase === 'decided' || phase === 'evaluating')
}

/** Which try and action it is, where there are several; empty where there is but one. */
export function nameOutput({ parts, at }: ShownOutput, { outline }: StepState): string {
  const part = parts[at]
  if (part === undefined) return ''
  const tries = parts.some(({ number }) => number > 1) ? [`try ${part.number}`] : []
  const action = part.job?.action
  if (action === undefined || (action > 0 && outline.actions < 2)) return tries.join('')
  return [...tries, action < 0 ? nameAction(action) : `${nameAction(action)} of ${outline.actions}`].join(
    ', ',
  )
}
