import type { EditReview } from '../../tui/edit-review.ts'
import type { CliContext } from '../cli-context.ts'
import type { SocketClient } from '../client/client-model.ts'
import { bringUp } from './bring-up.ts'

/** Longest wait for the client to find the runner that was started; it dials at least every two seconds. */
const FOUND_MS = 6000

/** Why there is no other runner. */
export type NotRevived = { readonly reason: string; readonly edit?: EditReview }

/** Starts another runner of a run whose own is gone, as `handrail open` would; gives why not. */
export async function reviveRun(context: CliContext, client: SocketClient): Promise<NotRevived | undefined> {
  const { run, operator } = client
  const { edit } = await bringUp(context, { run, operator })
  if (edit !== undefined) return { reason: 'its files were edited since', edit }
  return (await isFound(client)) ? undefined : { reason: 'the runner does not answer' }
}

function isFound(client: SocketClient): Promise<boolean> {
  const isThere = (): boolean => client.connection().kind === 'connected'
  if (isThere()) return Promise.resolve(true)
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      off()
      resolve(isThere())
    }
    const off = client.subscribe(() => isThere() && end())
    const timer = setTimeout(end, FOUND_MS)
  })
}
