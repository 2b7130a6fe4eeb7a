import type { RunId } from '../../core/base/ids.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import type { EditAnswer } from '../../tui/edit-review.ts'
import type { OpenedRun } from '../../tui/library.ts'
import type { Problem } from '../../tui/problem.ts'
import type { CliContext } from '../cli-context.ts'
import { openRunHistory } from '../client/run-history.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import { selectOperator } from '../run/run-identity.ts'
import { connectClient } from './attach-run.ts'
import { bringUp } from './bring-up.ts'
import { lookOn } from './look-on.ts'

/** Opens a run for a screen, as `handrail open` does; `answer`: what was decided about what was edited. */
export async function reopenRun(
  context: CliContext,
  run: RunId,
  answer?: EditAnswer,
): Promise<OpenedRun | Problem> {
  const history = await openRunHistory(selectStateDirectory(context), run)
  if (isRunOver(history.state))
    return { client: await lookOn(context, history), how: `the run is ${history.state.status}` }
  const operator = selectOperator(context)
  const { isStarted, edit } = await bringUp(context, { run, operator, answer })
  if (edit !== undefined)
    return { client: await lookOn(context, history), how: 'its files were edited since', edit }
  const client = await connectClient(context, { run, wheel: 'ask', history })
  if (client === undefined) {
    const looking = await lookOn(context, history)
    const driver = looking.driver()
    if (driver !== undefined) return { client: looking, how: `watching: ${driver} drives it` }
    looking.detach()
    return noRunner(run)
  }
  if (!client.isDriver()) return { client, how: `watching: ${client.driver() ?? 'somebody'} drives it` }
  if (isStarted) return { client, how: 'resumed' }
  const unheard = answer === undefined ? '' : ', and nothing that you decided was adopted'
  return { client, how: `attached: it went on without you${unheard}` }
}

/** A runner was started, or should be there, and does not answer. */
export function noRunner(run: RunId): Problem {
  return { problem: `the runner of run ${run} does not answer`, details: [`handrail open ${run}`] }
}
