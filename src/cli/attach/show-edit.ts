import type { RunId } from '../../core/base/ids.ts'
import type { EditReview } from '../../tui/edit-review.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { openRunHistory, type RunHistory } from '../client/run-history.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import { createReopen } from './attach-run.ts'
import { lookOn } from './look-on.ts'
import { showScreen } from './show-screen.ts'

/** What is to be decided about a run; `history`: read already. */
export type EditedRun = { readonly run: RunId; readonly edit: EditReview; readonly history?: RunHistory }

/** Shows a run as it stands, with what was edited since; it is brought up on the same screen once that is decided. */
export async function showEdit(context: CliContext, { run, edit, history }: EditedRun): Promise<CommandEnd> {
  const known = history ?? (await openRunHistory(selectStateDirectory(context), run))
  const client = await lookOn(context, known)
  return showScreen(context, { client, edit, reopen: createReopen(context) })
}
