/** The few drawn characters; every one is one cell wide and has an ASCII form. */
export type Glyphs = {
  readonly horizontal: string
  readonly vertical: string
  readonly topLeft: string
  readonly topRight: string
  readonly bottomLeft: string
  readonly bottomRight: string
  readonly more: string
  readonly filled: string
  readonly empty: string
  readonly done: string
  readonly running: string
  readonly todo: string
  readonly failed: string
  readonly needsYou: string
  readonly already: string
  readonly skipped: string
  readonly cursor: string
  readonly bullet: string
  readonly arrow: string
  readonly scroll: string
}

export const UNICODE_GLYPHS: Glyphs = {
  horizontal: '─',
  vertical: '│',
  topLeft: '╭',
  topRight: '╮',
  bottomLeft: '╰',
  bottomRight: '╯',
  more: '…',
  filled: '█',
  empty: '░',
  done: '✓',
  running: '►',
  todo: '·',
  failed: '✗',
  needsYou: '?',
  already: '=',
  skipped: '-',
  cursor: '›',
  bullet: '•',
  arrow: '→',
  scroll: '┃',
}

export const ASCII_GLYPHS: Glyphs = {
  horizontal: '-',
  vertical: '|',
  topLeft: '+',
  topRight: '+',
  bottomLeft: '+',
  bottomRight: '+',
  more: '>',
  filled: '#',
  empty: '.',
  done: 'v',
  running: '*',
  todo: '.',
  failed: '!',
  needsYou: '?',
  already: '=',
  skipped: '-',
  cursor: '>',
  bullet: '*',
  arrow: '->',
  scroll: '#',
}
