import { revealCommand } from '../../core/base/reveal-command.ts'
import { ours, span, type Row, type Tone } from '../term/row.ts'
import { cutText, measureWidth } from '../term/width.ts'
import { expandTabs } from '../term/wrap-text.ts'

/** Before the rest of a line that is broken: a plus would pass for a line that was added. */
const CONTINUED = '~ '

/** A unified diff; added, removed and unchanged lines keep their sign, colour only helps. */
export function paintDiff(diff: string, width: number): Row[] {
  if (diff.trim() === '') return [[span(ours('  no change'), 'dim')]]
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => paintLine(line, Math.max(8, width)))
}

function paintLine(line: string, width: number): Row[] {
  const tone = toneLine(line)
  const rows: Row[] = []
  let rest = expandTabs(revealCommand(line))
  do {
    const part = measureWidth(rest) > width - 2 ? cutText(rest, width - 2) : rest
    rows.push([span(ours(`${rows.length === 0 ? '  ' : CONTINUED}${part}`), tone)])
    rest = rest.slice(Math.max(1, part.length))
  } while (rest !== '')
  return rows
}

function toneLine(line: string): Tone {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('@@')) return 'dim'
  if (line.startsWith('+')) return 'good'
  return line.startsWith('-') ? 'bad' : 'plain'
}
