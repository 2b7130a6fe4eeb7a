import type { Library } from '../../tui/library.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { openRunHistory } from '../client/run-history.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import type { KeptRun } from '../run/open-kept-run.ts'
import { settleOnScreen } from '../run/settle-on-screen.ts'
import { answerErrors } from './answer-errors.ts'
import { driveOnScreen, serveHere, type HereRequest, type ServedHere } from './drive-on-screen.ts'
import { lookOn } from './look-on.ts'
import { showScreen } from './show-screen.ts'

/** Goes on with a run in this process, on the screen; what was edited since is decided there first. */
export async function showEditHere(
  context: CliContext,
  kept: KeptRun,
  base: Omit<HereRequest, 'prepared'>,
): Promise<CommandEnd> {
  const { operator } = base
  const first = await settleOnScreen(context, kept, { operator })
  if (first.kind === 'go') return driveOnScreen(context, { ...base, prepared: first.prepared })
  const history = await openRunHistory(selectStateDirectory(context), kept.store.run)
  const looking = await lookOn(context, history)
  let here: ServedHere | undefined
  const reopen: Library['open'] = (_, answer) =>
    answerErrors(context, async () => {
      const settled = await settleOnScreen(context, kept, { operator, answer })
      if (settled.kind === 'review') return { client: looking, how: '', edit: settled.review }
      here = await serveHere(context, { ...base, prepared: settled.prepared })
      return { client: here.client, how: 'resumed' }
    })
  try {
    return await showScreen(context, { client: looking, edit: first.review, reopen })
  } finally {
    await here?.stop()
  }
}
