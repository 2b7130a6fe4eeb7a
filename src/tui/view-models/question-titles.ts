import type { QuestionKind } from '../../core/run/question.ts'

/** What is the matter, by the kind of the question: the title of its sheet, and its shortest form in one line. */
export const QUESTION_TITLES: { readonly [kind in QuestionKind]: string } = {
  plan: 'Start this run?',
  confirm: 'Confirm',
  failed: 'It failed',
  inconclusive: 'A check could not tell',
  unreachable: 'No connection to the host',
  locked: 'Another run holds this host',
  unknown: 'I don’t know whether this ran',
  clock: 'It takes longer than it should',
  manual: 'To do by hand',
  'changed-file': 'The file changed since its diff was shown',
  deferred: 'Left for later',
  stale: 'This no longer holds',
  'undo-all': 'Undo what was done?',
}
