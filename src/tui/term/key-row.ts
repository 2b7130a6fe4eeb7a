/** Where the keyboard is; the innermost comes first. */
export type KeyContext =
  | 'home'
  | 'filter'
  | 'pick'
  | 'form'
  | 'run'
  | 'search'
  | 'report'
  | 'question'
  | 'text'
  | 'prompt'
  | 'notice'
  | 'correction'
  | 'connection'
  | 'help'
  | 'everywhere'

/** One binding: the footer, the help screen and `handrail keys` are made of these rows. */
export type KeyRow = {
  readonly id: ActionId
  readonly keys: readonly string[]
  readonly contexts: readonly KeyContext[]
  readonly group: KeyGroup
  /** One or two words for the footer; absent: not shown there. */
  readonly hint?: string
  /** One line for the help screen. */
  readonly help: string
}

export type KeyGroup = 'Move' | 'Run' | 'Output' | 'Field' | 'Screen' | 'Leave'

export type ActionId =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'top'
  | 'bottom'
  | 'next-pane'
  | 'previous-pane'
  | 'pane-1'
  | 'pane-2'
  | 'pane-3'
  | 'pane-4'
  | 'next-host'
  | 'previous-host'
  | 'answer'
  | 'next-waiting'
  | 'pause'
  | 'stop-job'
  | 'abort'
  | 'take-wheel'
  | 'connection'
  | 'follow'
  | 'earlier-output'
  | 'later-output'
  | 'search'
  | 'next-match'
  | 'previous-match'
  | 'wrap'
  | 'zoom'
  | 'copy'
  | 'current'
  | 'details'
  | 'correct'
  | 'filter'
  | 'open'
  | 'accept'
  | 'cancel'
  | 'toggle'
  | 'all'
  | 'next-field'
  | 'previous-field'
  | 'start'
  | 'erase'
  | 'erase-word'
  | 'erase-all'
  | 'left'
  | 'right'
  | 'line-start'
  | 'line-end'
  | 'delete'
  | 'help'
  | 'refresh'
  | 'redraw'
  | 'suspend'
  | 'interrupt'
  | 'detach'
