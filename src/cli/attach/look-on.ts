import type { CliContext } from '../cli-context.ts'
import type { SocketClient } from '../client/client-model.ts'
import { openLookingClient } from '../client/open-looking-client.ts'
import type { RunHistory } from '../client/run-history.ts'
import { connectClient } from './attach-run.ts'

/** Shows a run that no runner serves, and joins the one that takes it up; the wheel can be asked for then. */
export function lookOn(context: CliContext, history: RunHistory): Promise<SocketClient> {
  return openLookingClient(context, history, (known) =>
    connectClient(context, { run: known.run, wheel: 'later', history: known }),
  )
}
