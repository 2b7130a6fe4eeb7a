import type { ActionId, KeyContext, KeyRow } from './key-row.ts'

const LISTS: readonly KeyContext[] = [
  'home',
  'pick',
  'run',
  'report',
  'question',
  'help',
  'notice',
  'correction',
  'connection',
  'edit',
]
const FIELDS: readonly KeyContext[] = ['text', 'search', 'filter', 'form', 'prompt']

/** Every key of the full screen; the first row of a context and key wins. Order is the order of the footer. */
export const KEYMAP: readonly KeyRow[] = [
  row('answer', 'enter', {
    on: ['run', 'report'],
    group: 'Run',
    hint: 'answer',
    help: 'answer what waits for you',
  }),
  row('connection', 'r', {
    on: ['run'],
    group: 'Run',
    hint: 'connection',
    help: 'a lost host: try now, or stop waiting',
  }),
  row('pause', 'space', {
    on: ['run'],
    group: 'Run',
    hint: 'pause',
    help: 'pause at the next safe point, and go on',
  }),
  row('next-waiting', '!', {
    on: ['run'],
    group: 'Run',
    hint: 'next waiting',
    help: 'jump to the next step that needs you',
  }),
  row('stop-job', 'x', { on: ['run'], group: 'Run', help: 'end what runs for this step on this host' }),
  row('abort', 'X', { on: ['run'], group: 'Run', help: 'abort the run; asks for a reason' }),
  row('take-wheel', 'D', {
    on: ['run'],
    group: 'Run',
    hint: 'drive',
    help: 'drive it: take over, or start anew',
  }),
  row('details', 'p', { on: ['run'], group: 'Screen', help: 'parameters, hosts, deviations of the run' }),
  row('correct', 'e', {
    on: ['notice'],
    group: 'Run',
    hint: 'correct a parameter',
    help: 'correct a parameter, in the details (p) of a paused run',
  }),
  row('accept', 'enter', {
    on: ['correction'],
    group: 'Run',
    hint: 'correct',
    help: 'make the correction; nothing runs yet',
  }),
  row('accept', 'enter', {
    on: ['edit'],
    group: 'Run',
    hint: 'go on',
    help: 'take the run up with what was decided about its edited runbook',
  }),
  row('adopt', 'a', {
    on: ['edit'],
    group: 'Run',
    hint: 'adopt',
    help: 'go by the edited text of this step',
  }),
  row('keep', 'o', {
    on: ['edit'],
    group: 'Run',
    hint: 'keep old',
    help: 'keep the old text of this step',
  }),
  row('adopt-all', 'A', { on: ['edit'], group: 'Run', hint: 'adopt all', help: 'adopt all that was edited' }),
  row('keep-all', 'O', { on: ['edit'], group: 'Run', hint: 'keep all', help: 'keep the old text of all' }),
  row('toggle', 'space', { on: ['edit'], group: 'Run', help: 'adopt this step, or keep its old text' }),
  row('open', 'enter', {
    on: ['home', 'filter'],
    group: 'Run',
    hint: 'open',
    help: 'open what is selected',
  }),
  row('open', 'enter', {
    on: ['pick'],
    group: 'Run',
    hint: 'choose',
    help: 'choose this; next come the parameters and the plan',
  }),
  row('filter', '/', { on: ['home'], group: 'Move', hint: 'filter', help: 'show only what matches' }),
  row('accept', 'enter', {
    on: ['question', 'text', 'prompt', 'search', 'connection'],
    group: 'Run',
    hint: 'accept',
    help: 'take what is selected',
  }),
  row('start', 'ctrl+s', {
    on: ['form'],
    group: 'Run',
    hint: 'plan',
    help: 'make the plan; of a correction: show what changes',
  }),
  row('toggle', 'space', {
    on: ['question'],
    group: 'Run',
    hint: 'host',
    help: 'choose or leave out this host',
  }),
  row('all', 'a', { on: ['question'], group: 'Run', hint: 'all hosts', help: 'choose all hosts, or none' }),
  row('next-pane', 'tab', {
    on: ['run', 'home', 'question'],
    group: 'Move',
    hint: 'pane',
    help: 'next pane, next part of a list',
  }),
  row('previous-pane', 'shift+tab', {
    on: ['run', 'home', 'question'],
    group: 'Move',
    help: 'previous pane, previous part of a list',
  }),
  row('refresh', 'r', { on: ['home'], group: 'Screen', help: 'read runs, runbooks and labs again' }),
  row('pane-1', '1', { on: ['run'], group: 'Move', help: 'the pane of steps' }),
  row('pane-2', '2', { on: ['run'], group: 'Move', help: "the pane of the step's text" }),
  row('pane-3', '3', { on: ['run'], group: 'Move', help: 'the pane of output' }),
  row('pane-4', '4', { on: ['run'], group: 'Move', help: 'the pane of checks' }),
  row('previous-host', ['h', 'left'], { on: ['run'], group: 'Move', help: 'previous host' }),
  row('next-host', ['l', 'right'], { on: ['run'], group: 'Move', hint: 'next host', help: 'next host' }),
  row('search', '/', { on: ['run'], group: 'Output', hint: 'search', help: 'search the output' }),
  row('next-match', 'n', { on: ['run'], group: 'Output', help: 'next match, older' }),
  row('previous-match', 'N', { on: ['run'], group: 'Output', help: 'previous match, newer' }),
  row('follow', 'f', { on: ['run'], group: 'Output', help: 'follow the end of the output' }),
  row('earlier-output', '[', {
    on: ['run'],
    group: 'Output',
    help: 'what the action or the try before this one printed',
  }),
  row('later-output', ']', {
    on: ['run'],
    group: 'Output',
    help: 'what the action or the try after this one printed',
  }),
  row('wrap', 'w', { on: ['run'], group: 'Output', help: 'break long lines' }),
  row('copy', 'y', {
    on: ['run', 'report'],
    group: 'Output',
    help: 'send the command (output pane: the lines) to the clipboard',
  }),
  row('zoom', 'z', { on: ['run'], group: 'Screen', help: 'one pane on the whole screen' }),
  row('current', 'c', { on: ['run'], group: 'Move', help: 'back to the step that runs, and follow it' }),
  row('up', ['k', 'up'], { on: LISTS, group: 'Move', help: 'up' }),
  row('down', ['j', 'down'], { on: LISTS, group: 'Move', help: 'down' }),
  row('page-up', ['ctrl+u', 'pageup'], { on: LISTS, group: 'Move', help: 'one page up' }),
  row('page-down', ['ctrl+d', 'pagedown'], { on: LISTS, group: 'Move', help: 'one page down' }),
  row('page-up', 'pageup', { on: ['text'], group: 'Move', help: 'what stands above, one page up' }),
  row('page-down', 'pagedown', { on: ['text'], group: 'Move', help: 'what stands above, one page down' }),
  row('top', ['g', 'home'], { on: LISTS, group: 'Move', help: 'to the beginning' }),
  row('bottom', ['G', 'end'], { on: LISTS, group: 'Move', help: 'to the end' }),
  row('accept', 'enter', {
    on: ['form'],
    group: 'Run',
    hint: 'next field',
    help: 'next field; in the last one: make the plan',
  }),
  row('next-field', ['tab', 'down'], { on: ['form'], group: 'Field', help: 'next field' }),
  row('previous-field', ['shift+tab', 'up'], { on: ['form'], group: 'Field', help: 'previous field' }),
  row('up', 'up', { on: ['filter', 'help'], group: 'Move', help: 'up' }),
  row('down', 'down', { on: ['filter', 'help'], group: 'Move', help: 'down' }),
  row('left', ['left', 'ctrl+b'], {
    on: FIELDS,
    group: 'Field',
    help: 'cursor left; among choices: the one before',
  }),
  row('right', ['right', 'ctrl+f'], {
    on: FIELDS,
    group: 'Field',
    help: 'cursor right; among choices: the next',
  }),
  row('line-start', ['home', 'ctrl+a'], { on: FIELDS, group: 'Field', help: 'to the start of the field' }),
  row('line-end', ['end', 'ctrl+e'], { on: FIELDS, group: 'Field', help: 'to the end of the field' }),
  row('erase', 'backspace', {
    on: [...FIELDS, 'help'],
    group: 'Field',
    help: 'erase the character before the cursor',
  }),
  row('delete', 'delete', { on: FIELDS, group: 'Field', help: 'erase the character under the cursor' }),
  row('erase-word', 'ctrl+w', {
    on: [...FIELDS, 'help'],
    group: 'Field',
    help: 'erase the word before the cursor',
  }),
  row('erase-all', 'ctrl+u', { on: FIELDS, group: 'Field', help: 'empty the field' }),
  row('cancel', ['esc', 'ctrl+g'], {
    on: [
      'question',
      'text',
      'prompt',
      'search',
      'filter',
      'form',
      'help',
      'notice',
      'correction',
      'connection',
      'edit',
      'report',
      'home',
      'pick',
      'run',
    ],
    group: 'Leave',
    hint: 'back',
    help: 'one level back; nothing is answered',
  }),
  row('accept', ['enter', 'q'], {
    on: ['notice'],
    group: 'Leave',
    hint: 'close',
    help: 'close what was read',
  }),
  row('help', '?', {
    on: LISTS.filter((context) => context !== 'help'),
    group: 'Screen',
    hint: 'help',
    help: 'these keys',
  }),
  row('help', 'f1', { on: ['everywhere'], group: 'Screen', help: 'these keys, from a field too' }),
  row('detach', 'q', {
    on: ['run', 'home', 'report'],
    group: 'Leave',
    hint: 'detach',
    help: 'leave the screen; the run goes on',
  }),
  row('redraw', 'ctrl+l', { on: ['everywhere'], group: 'Screen', help: 'draw the screen again' }),
  row('suspend', 'ctrl+z', { on: ['everywhere'], group: 'Leave', help: 'to the shell; `fg` comes back' }),
  row('interrupt', 'ctrl+c', {
    on: ['everywhere'],
    group: 'Leave',
    help: 'says how to leave; twice leaves. Nothing on a host is ended',
  }),
]

/** The action of a key in the innermost of these contexts that binds it. */
export function selectAction(key: string, context: KeyContext): ActionId | undefined {
  for (const place of [context, 'everywhere'] as const) {
    const found = KEYMAP.find((row) => row.contexts.includes(place) && row.keys.includes(key))
    if (found !== undefined) return found.id
  }
  return undefined
}

/** Rows of a context, what is bound everywhere included, in the order of the footer. */
export function selectKeyRows(context: KeyContext): KeyRow[] {
  return KEYMAP.filter(({ contexts }) => contexts.includes(context) || contexts.includes('everywhere'))
}

type RowParts = {
  readonly on: readonly KeyContext[]
  readonly group: KeyRow['group']
  readonly hint?: string
  readonly help: string
}

function row(id: ActionId, keys: string | readonly string[], { on, group, hint, help }: RowParts): KeyRow {
  return {
    id,
    keys: typeof keys === 'string' ? [keys] : keys,
    contexts: on,
    group,
    help,
    ...(hint === undefined ? {} : { hint }),
  }
}
