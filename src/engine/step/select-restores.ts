import type { JobId } from '../../core/base/ids.ts'
import type { JobState, RunState } from '../../core/run/state.ts'
import type { HostPlace } from './step-model.ts'

/**
 * The jobs of a host-step whose files are to be put back, last written first. They are taken from the journal, not
 * from the runbook: after an adopted edit of it, its actions may have other numbers or be gone. What an earlier undo
 * has put back is left out.
 */
export function selectRestores(state: RunState, { step, host }: HostPlace): readonly JobState[] {
  const current = state.steps.get(step)?.hosts.get(host)?.attempt?.id
  const jobs = [...state.jobs.values()].filter((job) => job.step === step && job.host === host && isDone(job))
  const restored = new Set<JobId | undefined>(
    jobs.filter(({ attempt }) => attempt !== current).map(({ restores }) => restores),
  )
  return jobs.filter((job) => hasWritten(job) && !restored.has(job.id)).toReversed()
}

function hasWritten({ kind }: JobState): boolean {
  return kind === 'edit' || kind === 'file'
}

function isDone({ result }: JobState): boolean {
  return result?.kind === 'exited' && result.code === 0
}
