import type { CommandState, ShellContext, ShellScan } from './shell-model.ts'

/** Words after which a command begins. */
const RESERVED: ReadonlySet<string> = new Set(
  'if then else elif fi while until do done ! { } time'.split(' '),
)
/** Builtins whose `NAME=value` arguments are assignments and never reach another program. */
const DECLARERS: ReadonlySet<string> = new Set(['export', 'readonly', 'local'])
/** A shell ends a word at these blanks only: others, a no-break space among them, are part of it. */
const WORD_END = /[ \t\n;&|()<>]/
/** Quotes and dashes that word processors put in place of those that a shell reads, and the no-break space. */
const TYPOGRAPHIC = /[“”„‟‘’‚‛–—−\u00a0]/

type Word = { text: string; quoted: boolean; holes: number[]; readonly start: number }

/** Reads one word of a command and settles the place of the expressions in it. Always false: nothing closed. */
export function scanWord(scan: ShellScan, state: CommandState): false {
  const word: Word = { text: '', quoted: false, holes: [], start: scan.at }
  while (scan.at < scan.text.length) {
    const char = scan.text[scan.at]!
    if (scan.holes.has(scan.at)) {
      word.holes.push(scan.at)
      word.text += char
      scan.at += 1
    } else if (WORD_END.test(char)) break
    else scanPiece(scan, word, char)
  }
  settle(scan, state, word)
  advance(state, word)
  return false
}

function scanPiece(scan: ShellScan, word: Word, char: string): void {
  const next = scan.at + 1
  if (char === "'") {
    word.quoted = true
    scanSingle(scan)
  } else if (char === '"') {
    word.quoted = true
    scanDouble(scan)
  } else if (char === '`') {
    word.quoted = true
    scanBackquote(scan)
  } else if (char === '\\') {
    word.quoted = true
    scan.at = next
    if (scan.holes.has(next)) markHole(scan, { kind: 'escaped' })
    else scan.at = next + 1
  } else if (char === '$') {
    word.quoted = true
    scanDollar(scan, false)
  } else {
    if (TYPOGRAPHIC.test(char)) scan.findings.push({ kind: 'typographic', offset: scan.at, text: char })
    word.text += char
    scan.at = next
  }
}

/** `$`: a parameter, a substitution, arithmetic, or a plain character. */
function scanDollar(scan: ShellScan, inDouble: boolean): void {
  const { text } = scan
  const start = scan.at
  if (text.startsWith('$((', start)) {
    scan.at += 3
    scanArithmetic(scan)
  } else if (text[start + 1] === '(') {
    scan.at += 2
    scan.commands(scan, true)
  } else if (text[start + 1] === '{') {
    scan.at += 2
    scanParameter(scan, inDouble)
  } else if (text[start + 1] === "'" && !inDouble) {
    scan.at += 1
    const from = scan.at
    scanSingle(scan)
    if (text.slice(from, scan.at).includes('\\'))
      scan.findings.push({ kind: 'ansi-quote', offset: start, text: "$'" })
  } else {
    scan.at += 1
    if (scan.holes.has(scan.at)) markHole(scan, { kind: inDouble ? 'double-quoted' : 'escaped' })
    // `$$`, `$?` and their like end here: in `$$(` nothing is substituted.
    else if (/[$?!@*#0-9-]/.test(text[scan.at] ?? '')) scan.at += 1
  }
}

function scanSingle(scan: ShellScan): void {
  const start = scan.at
  scan.at += 1
  while (scan.at < scan.text.length) {
    if (scan.holes.has(scan.at)) markHole(scan, { kind: 'single-quoted' })
    else if (scan.text[scan.at++] === "'") return
  }
  scan.findings.push({ kind: 'unclosed', offset: start, text: "'" })
}

function scanDouble(scan: ShellScan): void {
  const start = scan.at
  scan.at += 1
  while (scan.at < scan.text.length) {
    const char = scan.text[scan.at]!
    if (scan.holes.has(scan.at)) markHole(scan, { kind: 'double-quoted' })
    else if (char === '"') {
      scan.at += 1
      return
    } else if (char === '\\') skipEscape(scan)
    else if (char === '$') scanDollar(scan, true)
    else if (char === '`') scanBackquote(scan)
    else scan.at += 1
  }
  scan.findings.push({ kind: 'unclosed', offset: start, text: '"' })
}

function scanBackquote(scan: ShellScan): void {
  const start = scan.at
  scan.at += 1
  while (scan.at < scan.text.length) {
    const char = scan.text[scan.at]!
    if (scan.holes.has(scan.at)) markHole(scan, { kind: 'backquoted' })
    else if (char === '`') {
      scan.at += 1
      return
    } else if (char === '\\') skipEscape(scan)
    else scan.at += 1
  }
  scan.findings.push({ kind: 'unclosed', offset: start, text: '`' })
}

/** `${ … }` up to its brace. */
function scanParameter(scan: ShellScan, inDouble: boolean): void {
  const start = scan.at
  while (scan.at < scan.text.length) {
    const char = scan.text[scan.at]!
    if (scan.holes.has(scan.at)) markHole(scan, { kind: 'parameter' })
    else if (char === '}') {
      scan.at += 1
      return
    } else if (char === '\\') skipEscape(scan)
    else if (char === "'" && !inDouble) scanSingle(scan)
    else if (char === '"') scanDouble(scan)
    else if (char === '$') scanDollar(scan, inDouble)
    else if (char === '`') scanBackquote(scan)
    else scan.at += 1
  }
  scan.findings.push({ kind: 'unclosed', offset: start, text: '${' })
}

/** `$(( … ))`; parentheses inside are counted. */
function scanArithmetic(scan: ShellScan): void {
  let open = 2
  while (scan.at < scan.text.length && open > 0) {
    const char = scan.text[scan.at]!
    if (scan.holes.has(scan.at)) markHole(scan, { kind: 'arithmetic' })
    else if (char === '$') scanDollar(scan, true)
    else {
      if (char === '(') open += 1
      if (char === ')') open -= 1
      scan.at += 1
    }
  }
}

/** A backslash and the character after it; an expression after it stays to be met. */
function skipEscape(scan: ShellScan): void {
  scan.at += scan.holes.has(scan.at + 1) ? 1 : 2
}

function markHole(scan: ShellScan, context: ShellContext): void {
  scan.contexts.set(scan.at, context)
  scan.at += 1
}

/** Settles the place of the expressions that stand openly in a word. */
function settle(scan: ShellScan, state: CommandState, word: Word): void {
  const beforeHole = word.holes.length === 1 ? scan.text.slice(word.start, word.holes[0]) : ''
  const isLast = word.holes.length === 1 && word.holes[0] === scan.at - 1
  const takesAssignments = state.atCommand || DECLARERS.has(state.command ?? '')
  const isAssignment = takesAssignments && !state.redirect && /^[A-Za-z_]\w*\+?=/.test(word.text)
  const role = state.redirect
    ? 'redirect'
    : isAssignment
      ? 'assignment'
      : state.atCommand
        ? 'command'
        : 'argument'
  for (const at of word.holes)
    scan.contexts.set(at, {
      kind: 'word',
      role,
      alone: isLast && beforeHole === '',
      wholeAssignment: isAssignment && isLast && /^[A-Za-z_]\w*=$/.test(beforeHole),
      ...(state.command === undefined ? {} : { command: state.command }),
    })
}

/** Goes on in the command after a word. */
function advance(state: CommandState, word: Word): void {
  const isPlain = !word.quoted && word.holes.length === 0
  if (state.redirect) {
    // `2` of `2>` never comes here as a target; a target ends with its word.
    state.redirect = false
    return
  }
  if (isPlain && state.cases > 0 && word.text === 'esac') {
    state.cases -= 1
    state.inPattern = false
    return
  }
  if (state.command === 'case' && isPlain && word.text === 'in') {
    state.inPattern = true
    state.atCommand = true
    state.command = undefined
    return
  }
  if (!state.atCommand || state.inPattern) return
  if (/^[A-Za-z_]\w*\+?=/.test(word.text) || (isPlain && RESERVED.has(word.text))) return
  if (isPlain && word.text === 'case') state.cases += 1
  state.atCommand = false
  state.command = isPlain ? word.text : ''
}
