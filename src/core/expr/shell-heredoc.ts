import type { PendingHeredoc, ShellContext, ShellScan } from './shell-model.ts'

/** Reads `<<WORD` or `<<-WORD`; its body begins after the line. */
export function readHeredocStart(scan: ShellScan): void {
  const operator = /^<<-?[ \t]*/.exec(scan.text.slice(scan.at, scan.at + 200))![0]
  scan.at += operator.length
  const stripTabs = operator.startsWith('<<-')
  let delimiter = ''
  let quoted = false
  while (scan.at < scan.text.length && !/[ \t\n;&|()<>]/.test(scan.text[scan.at]!)) {
    const char = scan.text[scan.at]!
    if (scan.holes.has(scan.at)) scan.contexts.set(scan.at, { kind: 'delimiter' })
    if (char === "'" || char === '"') {
      quoted = true
      const close = scan.text.indexOf(char, scan.at + 1)
      const end = close < 0 ? scan.text.length : close
      delimiter += scan.text.slice(scan.at + 1, end)
      scan.at = end + 1
    } else if (char === '\\') {
      quoted = true
      delimiter += scan.text[scan.at + 1] ?? ''
      scan.at += 2
    } else {
      delimiter += char
      scan.at += 1
    }
  }
  scan.pending.push({ delimiter, quoted, stripTabs })
}

/** Reads the bodies of the announced here-documents; `scan.at` stands at the beginning of a line. */
export function readHeredocs(scan: ShellScan): void {
  for (let next = scan.pending.shift(); next !== undefined; next = scan.pending.shift()) readBody(scan, next)
}

function readBody(scan: ShellScan, heredoc: PendingHeredoc): void {
  const from = scan.at
  let to = from
  for (;;) {
    if (to >= scan.text.length) {
      scan.findings.push({ kind: 'unclosed', offset: Math.max(0, from - 1), text: `<<${heredoc.delimiter}` })
      scan.at = scan.text.length
      break
    }
    const end = scan.text.indexOf('\n', to)
    const line = scan.text.slice(to, end < 0 ? undefined : end)
    const isEnd = (heredoc.stripTabs ? line.replace(/^\t+/, '') : line) === heredoc.delimiter
    if (isEnd) {
      scan.at = end < 0 ? scan.text.length : end + 1
      break
    }
    to = end < 0 ? scan.text.length : end + 1
  }
  markBody(scan, heredoc, { from, to })
}

function markBody(scan: ShellScan, heredoc: PendingHeredoc, range: { from: number; to: number }): void {
  const { text } = scan
  let open = 0
  let backquoted = false
  for (let at = range.from; at < range.to; at += 1) {
    if (scan.holes.has(at)) {
      const context: ShellContext =
        !heredoc.quoted && (open > 0 || backquoted)
          ? { kind: 'heredoc-substitution' }
          : !heredoc.quoted && /(?:^|[^\\])(?:\\\\)*[\\$]$/.test(text.slice(range.from, at))
            ? { kind: 'escaped' }
            : { kind: 'heredoc', ...heredoc }
      scan.contexts.set(at, context)
    } else if (heredoc.quoted) continue
    else if (text[at] === '\\') at += scan.holes.has(at + 1) ? 0 : 1
    else if (text.startsWith('$$', at)) at += 1
    else if (text[at] === '`') backquoted = !backquoted
    else if (text[at] === '$' && /[({]/.test(text[at + 1] ?? '')) {
      open += 1
      at += 1
    } else if (open > 0 && /[({]/.test(text[at]!)) open += 1
    else if (open > 0 && /[)}]/.test(text[at]!)) open -= 1
  }
}
