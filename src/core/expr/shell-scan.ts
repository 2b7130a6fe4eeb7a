import { readHeredocs, readHeredocStart } from './shell-heredoc.ts'
import type { CommandState, ShellScan } from './shell-model.ts'
import { scanWord } from './shell-word.ts'

/** Deepest nesting of substitutions and subshells that is followed. */
const MAX_DEPTH = 50
const PLACEHOLDER = /<[A-Za-z][\w.-]*(?: [\w.-]+)*>/y

/** Walks over a script and finds the place of each expression, and what the lint wants to know of its text. */
export function scanShell(text: string, holes: ReadonlySet<number>) {
  const scan: ShellScan = {
    text,
    holes,
    contexts: new Map(),
    findings: [],
    pending: [],
    commands: scanCommands,
    at: 0,
    depth: 0,
    arrays: 0,
  }
  while (scan.at < text.length) scanCommands(scan, false)
  readHeredocs(scan)
  return { contexts: scan.contexts, findings: scan.findings }
}

function scanCommands(scan: ShellScan, nested: boolean): void {
  const state = newCommand()
  scan.depth += 1
  while (scan.at < scan.text.length) {
    if (scanOne(scan, state, nested)) break
  }
  scan.depth -= 1
}

function newCommand(): CommandState {
  return { atCommand: true, command: undefined, redirect: false, cases: 0, inPattern: false }
}

function nextCommand(state: CommandState): void {
  state.atCommand = true
  state.command = undefined
  state.redirect = false
}

/** Reads one thing; true when it closed the nested commands. */
function scanOne(scan: ShellScan, state: CommandState, nested: boolean): boolean {
  const { text } = scan
  const char = text[scan.at]!
  if (scan.holes.has(scan.at)) return scanWord(scan, state)
  if (char === ' ' || char === '\t' || (char === '\\' && text[scan.at + 1] === '\n')) {
    scan.at += char === '\\' ? 2 : 1
  } else if (char === '\n') {
    scan.at += 1
    readHeredocs(scan)
    nextCommand(state)
  } else if (char === '#') scanComment(scan)
  else if (char === ';' || char === '&') scanSeparator(scan, state)
  else if (char === '|') scanPipe(scan, state)
  else if (char === '(') scanOpen(scan, state)
  else if (char === ')') {
    scan.at += 1
    if (!state.inPattern) {
      if (nested) return true
    }
    state.inPattern = false
    nextCommand(state)
  } else if (char === '<' || char === '>') scanRedirect(scan, state)
  else return scanWord(scan, state)
  return false
}

function scanComment(scan: ShellScan): void {
  while (scan.at < scan.text.length && scan.text[scan.at] !== '\n') {
    if (scan.holes.has(scan.at)) scan.contexts.set(scan.at, { kind: 'comment' })
    scan.at += 1
  }
}

function scanSeparator(scan: ShellScan, state: CommandState): void {
  const double = scan.text.startsWith(';;', scan.at)
  if (double && state.cases > 0) state.inPattern = true
  scan.at += double ? 2 : 1
  nextCommand(state)
}

function scanPipe(scan: ShellScan, state: CommandState): void {
  const isOr = scan.text[scan.at + 1] === '|'
  if (!isOr && !state.inPattern) scan.findings.push({ kind: 'pipeline', offset: scan.at, text: '|' })
  scan.at += isOr ? 2 : 1
  nextCommand(state)
}

function scanOpen(scan: ShellScan, state: CommandState): void {
  const isArray = scan.text[scan.at - 1] === '='
  scan.at += 1
  if (state.inPattern || scan.depth >= MAX_DEPTH) return
  scan.arrays += isArray ? 1 : 0
  scanCommands(scan, true)
  scan.arrays -= isArray ? 1 : 0
  nextCommand(state)
}

function scanRedirect(scan: ShellScan, state: CommandState): void {
  const { text } = scan
  PLACEHOLDER.lastIndex = scan.at
  const placeholder = text[scan.at + 1] === '<' ? null : PLACEHOLDER.exec(text)
  if (placeholder !== null) {
    scan.findings.push({ kind: 'placeholder', offset: scan.at, text: placeholder[0] })
    scan.at += placeholder[0].length
    return
  }
  if (text.startsWith('<<', scan.at) && text[scan.at + 2] !== '<' && scan.arrays === 0) {
    readHeredocStart(scan)
    return
  }
  const operator = /^(?:<<<|>>|<&|>&|<>|>\||<|>)/.exec(text.slice(scan.at, scan.at + 3))!
  scan.at += operator[0].length
  state.redirect = true
}
