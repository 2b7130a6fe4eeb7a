import { toSentRecord } from '../../adapters/runner/messages.ts'
import { followJournal } from '../../adapters/journal/follow-journal.ts'
import { createClientBase } from './client-base.ts'
import type { ClientObserver, RenderStepText, SocketClient } from './client-model.ts'
import type { LastSeen } from './last-seen.ts'
import type { RunHistory } from './run-history.ts'

/** How a client that only reads the journal begins. */
export type JournalClientOptions = {
  readonly history: RunHistory
  readonly operator: string
  readonly lastSeen: LastSeen | undefined
  readonly stepText: RenderStepText
  /** Who drives the run, in a process that serves no clients; undefined: nobody. */
  readonly driver: string | undefined
}

/** Follows the journal of a run that no runner serves: it is over, at rest, or driven with `--inline`. */
export function openJournalClient(options: JournalClientOptions): SocketClient {
  const { history, operator, lastSeen, stepText, driver } = options
  const base = createClientBase(history, { operator, last: lastSeen }, () => undefined)
  const stop = new AbortController()
  let observer: ClientObserver | undefined
  const follow = async (): Promise<void> => {
    const { signal } = stop
    for await (const seen of followJournal(history.directory, history.lastSeq() + 1, { signal })) {
      // What was never acknowledged comes again with the same numbers; a record that is known is left out.
      if (seen.kind === 'restarted') continue
      const fresh = await history.apply([toSentRecord(seen.record)])
      if (signal.aborted || fresh.length === 0) continue
      base.applied(fresh)
      observer?.onRecords(fresh)
    }
  }
  // A journal that cannot be read any more shows nothing new; `verify` says why.
  void follow().catch(() => undefined)
  const reason = driver === undefined ? 'no runner serves this run' : `${driver} drives it`
  const refusal = { message: `you are watching: ${reason}`, hint: `handrail open ${history.run}` }
  return {
    run: history.run,
    operator,
    state: history.state,
    subscribe: base.subscribe,
    submit: () => Promise.resolve({ ok: false, refusal }),
    outputs: base.outputs,
    stepText,
    readValue: history.readValue,
    isDriver: () => false,
    driver: () => driver,
    takeWheel: () => Promise.resolve({ ok: false, reason }),
    connection: () => ({ kind: 'connected' }),
    progress: base.progress,
    prompts: () => [],
    answerPrompt: () => undefined,
    lendTerminal: () => undefined,
    ...base.sinceYouLeft,
    detach: () => {
      stop.abort()
      base.close()
    },
    records: history.records,
    isResting: () => false,
    farewell: () => undefined,
    runnerPid: () => undefined,
    observe: (given) => {
      observer = given
    },
    stopRunner: () => Promise.resolve(),
  }
}
