import type { RunClient } from '../run-client.ts'
import { EMPTY_FIELD } from '../term/field.ts'
import type { SessionPort } from './session-port.ts'

/** Leaves a run that was opened from the home screen for where one came from, with the cursor on it; `words` say how it stands. */
export function goHome(session: SessionPort, client: RunClient, words: string): void {
  session.closeRun()
  // What was searched for before must not hide the run that was left.
  const home = { ...session.ui.home, filter: EMPTY_FIELD, isFiltering: false }
  session.update({ ...session.ui, screen: 'home', overlay: undefined, home })
  session.toast(words)
  void session.readLibrary(`run ${client.run}`)
}
