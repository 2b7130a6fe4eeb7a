import type { StateWord } from '../../core/run/summary.ts'
import type { Danger } from '../../core/runbook/model.ts'
import type { Glyphs } from '../term/glyphs.ts'
import type { Tone } from '../term/row.ts'

/** The sign and tone of each of the six words; the word itself always stands beside them. */
export function markState(word: StateWord, glyphs: Glyphs): { readonly glyph: string; readonly tone: Tone } {
  switch (word) {
    case 'to do':
      return { glyph: glyphs.todo, tone: 'dim' }
    case 'running':
      return { glyph: glyphs.running, tone: 'running' }
    case 'done':
      return { glyph: glyphs.done, tone: 'good' }
    case 'already done':
      return { glyph: glyphs.already, tone: 'good' }
    case 'needs you':
      return { glyph: glyphs.needsYou, tone: 'warn' }
    case 'failed':
      return { glyph: glyphs.failed, tone: 'bad' }
  }
}

/** How a danger looks; its word always stands. */
export function toneDanger(danger: Danger): Tone {
  if (danger === 'irreversible') return 'bad'
  return danger === 'disruptive' ? 'warn' : 'plain'
}
