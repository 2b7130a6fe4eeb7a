import { createWriteStream } from 'node:fs'
import { REPORT_FD, type ReportedError, type RunnerReport } from '../../adapters/runner/launch-runner.ts'
import { EnvironmentError, UsageError } from '../../core/base/errors.ts'

/** Tells the process that started this runner how that went, once; it may be gone already. */
export function reportStart(report: RunnerReport): Promise<void> {
  return new Promise((resolve) => {
    const stream = createWriteStream('', { fd: REPORT_FD })
    stream.on('error', () => resolve())
    stream.on('close', () => resolve())
    stream.end(`${JSON.stringify(report)}\n`)
  })
}

/** An error as it crosses to another process. */
export function describeStartError(error: unknown): ReportedError {
  if (error instanceof UsageError)
    return { name: 'usage', message: error.message, nextSteps: error.nextSteps, exitCode: 2 }
  if (error instanceof EnvironmentError) {
    const { message, nextSteps, exitCode } = error
    return { name: 'environment', message, nextSteps, exitCode }
  }
  // Its message may quote anything; the crash report of the runner has the place.
  return { name: 'bug', message: 'the runner failed', nextSteps: [], exitCode: 70 }
}
