import type { HostName } from '../../core/base/ids.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import type { StepState } from '../../core/run/state.ts'
import type { RunClient } from '../run-client.ts'

/** What a step's checks said a moment ago, while a person does something by hand. Not in the journal. */
export type ReadBack = {
  /** Wall clock of the newest look; undefined: none yet. */
  readonly lookedAtMs: number | undefined
  readonly byHost: ReadonlyMap<HostName, readonly CheckResult[]>
}

/** The read-back of a step with an open manual item; undefined where nothing is to be done by hand now. */
export function selectReadBack(client: RunClient, step: StepState): ReadBack | undefined {
  const isOpen = [...client.state.questions.values()].some(
    (question) => question.kind === 'manual' && question.step === step.id,
  )
  if (!isOpen) return undefined
  const byHost = new Map<HostName, readonly CheckResult[]>()
  let lookedAtMs: number | undefined
  for (const note of client.progress()) {
    if (note.step !== step.id || note.host === undefined || note.seen === undefined) continue
    byHost.set(note.host, note.seen)
    lookedAtMs = Math.max(lookedAtMs ?? 0, note.atMs)
  }
  return { lookedAtMs, byHost }
}

/** Whether everything that was looked at for these hosts holds; undefined while nothing was. */
export function isReadBackGood({ byHost }: ReadBack): boolean | undefined {
  if (byHost.size === 0) return undefined
  return [...byHost.values()].every((results) =>
    results.every(({ verdict, warn }) => verdict === 'pass' || warn === true),
  )
}
