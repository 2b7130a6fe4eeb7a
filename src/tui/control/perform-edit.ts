import type { RunId } from '../../core/base/ids.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { EditAnswer, EditReview } from '../edit-review.ts'
import { isProblem } from '../problem.ts'
import { goHome } from './go-home.ts'
import { createEditUi } from './reduce-edit.ts'
import type { SessionPort } from './session-port.ts'

/** Shows what was edited; a person decides in their own time, and until then nothing is held and nothing changed. */
export function showEdit(session: SessionPort, run: RunId, review: EditReview): void {
  const opened = { atMs: session.options.timers.nowMs(), chunk: 0 }
  session.update({ ...session.ui, busy: undefined, overlay: createEditUi(run, review, opened) })
}

/** Brings the run up with what was decided; what does not go is said on the sheet. */
export async function settleEdit(session: SessionPort, run: RunId, answer: EditAnswer): Promise<void> {
  const open = session.options.library?.open ?? session.options.reopen
  if (open === undefined) return
  session.update({ ...session.ui, busy: sanitizeLine('bringing the run up …') })
  const opened = await open(run, answer)
  if (isProblem(opened)) {
    const { problem, details = [] } = opened
    return complain(session, [problem, ...details].join(': '))
  }
  if (opened.edit === undefined) {
    session.showRun(opened.client)
    return session.toast(opened.how)
  }
  if (opened.client !== session.client) opened.client.detach()
  const { seen, problem } = opened.edit
  if (seen !== answer.seen || problem === undefined) return showEdit(session, run, opened.edit)
  complain(session, problem)
}

function complain(session: SessionPort, problem: string): void {
  const { overlay } = session.ui
  const sheet = overlay?.kind === 'edit' ? { ...overlay, problem } : overlay
  session.update({ ...session.ui, busy: undefined, overlay: sheet })
  if (overlay?.kind !== 'edit') session.toast(problem, 'bad')
}

/** Leaves everything as it was. */
export function leaveEdit(session: SessionPort): void {
  const { client, options } = session
  session.update({ ...session.ui, overlay: undefined })
  const words = 'nothing was changed: the run stays as it is'
  // The run was being taken up again on its own screen: one goes on looking at it.
  if (client?.connection().kind === 'lost') return session.toast(words)
  if (client === undefined || options.client !== undefined || options.library === undefined)
    return options.terminal.leave('undecided')
  goHome(session, client, words)
}
