import { formatCause, formatFailure } from './failure-words.ts'
import type { HostStepState } from './state.ts'
import { isUntouched } from './untouched.ts'

/** Why a host-step did not end well, in one sentence without a full stop. */
export function describeTrouble(hostStep: HostStepState): string {
  const { failure, outcome, attempt } = hostStep
  if (failure !== undefined) return formatFailure(failure)
  const cause = attempt?.jobs.find((job) => job.cause !== undefined)?.cause
  if (cause !== undefined) return formatCause(cause)
  return outcome === 'cancelled' ? describeStop(hostStep) : 'it is not known how it ended'
}

/** An abort stopped it: whether anything had been done, and what had stood in its way. */
function describeStop(hostStep: HostStepState): string {
  const head = isUntouched(hostStep)
    ? 'nothing of it had run when the run was aborted'
    : 'the run was aborted'
  const broken = [...hostStep.checks.values()].find(
    ({ verb, verdict }) => verdict !== 'pass' && (verb === 'require' || !isUntouched(hostStep)),
  )
  if (broken === undefined) return head
  const { verb, index, verdict, reason = '' } = broken
  return `${head}; ${verb} ${index} ${verdict === 'fail' ? 'did not hold' : 'could not tell'}: ${reason}`
}
