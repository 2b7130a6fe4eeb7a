import type { CliContext } from '../cli-context.ts'
import { findDriver } from '../history/find-driver.ts'
import { selectOperator } from '../run/run-identity.ts'
import type { SocketClient } from './client-model.ts'
import { loadLastSeen } from './last-seen.ts'
import { loadStepText } from './load-step-text.ts'
import { openJournalClient } from './open-journal-client.ts'
import type { RunHistory } from './run-history.ts'

/** Opens a run that no runner serves for looking on: over, driven with `--inline`, or driven by nobody. */
export async function openLookingClient(context: CliContext, history: RunHistory): Promise<SocketClient> {
  const operator = selectOperator(context)
  const holder = await findDriver(history.directory)
  return openJournalClient({
    history,
    operator,
    driver: holder === null ? undefined : `${holder.operator} (process ${holder.pid})`,
    lastSeen: await loadLastSeen(history.directory, operator),
    stepText: loadStepText(context, history),
  })
}
