import { formatExitCode } from '../base/format-exit-code.ts'
import { assertNever } from '../base/errors.ts'
import type { Failure, UnknownCause } from './failure.ts'

/** What happened, in one sentence without a full stop; the only place where failures become words. */
export function formatFailure(failure: Failure): string {
  switch (failure.kind) {
    case 'exit':
      return `${nameAction(failure.action)} ended with ${formatExitCode(failure.code)}`
    case 'signal':
      return `${nameAction(failure.action)} was ended by ${failure.signal}`
    case 'check':
      return `${failure.verb} ${failure.index} did not hold: ${failure.reason}`
    case 'inconclusive':
      return `${failure.verb} ${failure.index} could not tell: ${failure.reason}`
    case 'timed-out':
      return `${nameAction(failure.action)} was ended because its time was up`
    case 'cancelled':
      return `${nameAction(failure.action)} was cancelled`
    case 'refused':
      return `${nameAction(failure.action)} was refused and changed nothing: ${REFUSALS[failure.why] ?? failure.why}`
    case 'unreachable':
      return failure.hint === undefined ? failure.message : `${failure.message} (${failure.hint})`
    case 'elevation':
      return `could not become the wanted user: ${failure.reason}`
    case 'secret':
      return `the secret ${failure.name} is missing: ${failure.reason}`
    case 'edit':
      return `${failure.path} cannot be edited: ${failure.reason}`
    case 'restore':
      return failure.why === 'changed'
        ? `${failure.path} is not put back: it was changed again after this run had written it; ${failure.backup === undefined ? 'before this run there was no such file' : `its content from before this run is kept as ${failure.backup}`}; put it right by hand and accept or skip, or retry once it is as this run left it`
        : 'a file is not put back: the journal does not say which one was written'
    case 'expression':
      return `an expression has no value here: ${failure.reason}`
    case 'fixture':
      return `the temporary file ${failure.path} could not be written: ${failure.reason}`
    case 'base':
      return `no safe directory for jobs: ${failure.reason}`
    case 'unknown':
      return `I don't know whether this ran: ${formatCause(failure.cause)}${failure.detail === '' ? '' : ` (${failure.detail})`}`
    case 'threshold':
      return `${failure.failures} failures stopped the step`
    case 'locked':
      if (failure.isNotice === true)
        return `run ${failure.run} of ${failure.holder} is paused in the middle of its work there`
      return `the host is locked by run ${failure.run} of ${failure.holder}`
    case 'needs-terminal':
      return `action ${failure.action} is interactive and needs a person's terminal, and nobody gave theirs`
    default:
      return assertNever(failure)
  }
}

/** Why it is not known how a job ended, in words. */
export function formatCause(cause: UnknownCause): string {
  switch (cause) {
    case 'reboot':
      return 'the host was restarted while it ran'
    case 'killed':
      return 'it was killed from outside, without an exit code'
    case 'orphan':
      return 'its supervisor died, so no exit code will come'
    case 'storage':
      return "the host's record of it is gone"
    case 'no-reply':
      return 'no reply came'
    case 'lost':
      return 'the connection was lost while it ran'
    case 'unreachable':
      return 'the host cannot be reached'
    default:
      return assertNever(cause)
  }
}

/** What a host refuses in one word, in words. */
const REFUSALS: Readonly<Record<string, string>> = {
  digest: 'the file is no longer as it was when it was looked at',
  cwd: 'its directory is not there, or may not be entered',
  disk: 'the host cannot write: its disk is full or read-only',
  locked: 'another run holds the host; a retry says which',
  epoch: 'somebody else has taken the run over',
}

/** Undos are counted below zero. */
export function nameAction(action: number): string {
  return action < 0 ? `undo ${-action}` : `action ${action}`
}
