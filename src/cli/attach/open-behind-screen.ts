import type { EditReview } from '../../tui/edit-review.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import type { RunHistory } from '../client/run-history.ts'
import { startSocketClient } from '../client/open-socket-client.ts'
import { buildClientOptions, createReopen, withRevival } from './attach-run.ts'
import { bringUp } from './bring-up.ts'
import { showScreen } from './show-screen.ts'

/** What became of a start behind the screen; `unserved`: somebody drives the run and serves no clients. */
export type OpenedBehindScreen =
  | { readonly kind: 'end'; readonly end: CommandEnd }
  | { readonly kind: 'unserved' }

/**
 * Shows a run that was read already, and brings its runner up behind the screen: a long journal is read by every
 * process that needs it, and nobody waits for all of them before there is something to see. What was edited since is
 * decided on it.
 */
export async function openBehindScreen(
  context: CliContext,
  history: RunHistory,
  operator: string,
): Promise<OpenedBehindScreen> {
  const edited = Promise.withResolvers<EditReview | undefined>()
  const stopped = new AbortController()
  const options = await buildClientOptions(context, history, 'ask')
  const { client, dial } = startSocketClient(options)
  let hasLeft = false
  const start = async (): Promise<OpenedBehindScreen | undefined> => {
    const { edit } = await bringUp(context, { run: history.run, operator })
    edited.resolve(edit)
    if (edit !== undefined) return undefined
    if (!(await dial())) return hasLeft ? undefined : { kind: 'unserved' }
    if (!client.isDriver() && client.driver() === operator) await client.takeWheel()
    return undefined
  }
  const starting = start().catch((error: unknown) => ({ kind: 'failed' as const, error }))
  void starting.then((result) => result !== undefined && stopped.abort())
  const end = await showScreen(context, {
    client: withRevival(context, client),
    leaveWhen: stopped.signal,
    edit: edited.promise,
    reopen: createReopen(context),
  })
  hasLeft = true
  const result = await starting
  if (result?.kind === 'failed') throw result.error
  return result ?? { kind: 'end', end }
}
