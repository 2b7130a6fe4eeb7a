import { buildQuestion, selectOpenQuestion } from '../../core/run/build-question.ts'
import type { EngineContext } from '../context.ts'
import type { JobOrder } from './job-order.ts'

/** Watches over a job's idle and total time; expiry asks, and never ends anything. */
export type JobClocks = {
  /** Tells whether output arrived since the last exchange. */
  readonly note: (hasOutput: boolean) => void
  readonly check: () => Promise<void>
}

/** Clocks of one job as this process sees it; they begin anew with every session, and when a person said to wait. */
export function createJobClocks(
  context: EngineContext,
  order: Pick<JobOrder, 'job' | 'step' | 'host' | 'timeoutMs' | 'idleTimeoutMs'>,
): JobClocks {
  let began = context.clock.monoMs()
  let hasExpired = false
  let lastOutput = began
  const expire = async (clock: 'idle' | 'total', text: string): Promise<void> => {
    const { job, step, host } = order
    if (context.state.jobs.get(job)?.clockExpired !== undefined) return
    if (selectOpenQuestion(context.state, 'clock', { step, host }) !== undefined) return
    const question = buildQuestion(context.state, {
      kind: 'clock',
      step,
      host,
      text: `${text}; it goes on`,
      choices: ['wait', 'cancel', 'abort'],
    })
    hasExpired = true
    await context.record(
      { type: 'question-asked', question },
      { type: 'job-clock-expired', job, step, host, clock },
    )
  }
  return {
    note: (hasOutput) => {
      if (hasOutput) lastOutput = context.clock.monoMs()
    },
    check: async () => {
      const now = context.clock.monoMs()
      if (hasExpired && context.state.jobs.get(order.job)?.clockExpired === undefined) {
        hasExpired = false
        began = now
        lastOutput = now
      }
      if (now - began >= order.timeoutMs)
        await expire('total', `The command on ${order.host} takes longer than ${seconds(order.timeoutMs)}`)
      else if (now - lastOutput >= order.idleTimeoutMs)
        await expire(
          'idle',
          `The command on ${order.host} has printed nothing for ${seconds(order.idleTimeoutMs)}`,
        )
    },
  }
}

function seconds(durationMs: number): string {
  return `${Math.round(durationMs / 1000)} s`
}
