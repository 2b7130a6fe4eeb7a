import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { CorrectionView } from '../run-client.ts'
import type { Overlay } from '../store/ui-state.ts'
import { span, word, type Row, type Tone } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { paintDiff } from './diff-rows.ts'
import { frameSheet } from './frame-sheet.ts'
import type { PartView, ViewInput } from './view-input.ts'

type CorrectionUi = Extract<Overlay, { readonly kind: 'correction' }>
type Change = CorrectionView['changes'][number]

/** The sheet that shows what a correction of parameters changes, step by step, before it is made. */
export function buildCorrectionSheet(
  input: ViewInput,
  { overlay, maxHeight }: { readonly overlay: CorrectionUi; readonly maxHeight: number },
): PartView {
  const width = input.size.cols - 4
  const { changes } = overlay.view
  const texts = Object.entries(overlay.values).flatMap(([name, text]) =>
    wrapSpans([span(sanitizeLine(name), 'strong'), word(' becomes '), span(sanitizeLine(text))], width, 2),
  )
  const all: Row[] = [
    ...texts,
    ...(changes.length === 0 ? [[word('No step changes by that.', 'dim')]] : []),
    ...changes.flatMap((change) => paintChange(change, width)),
  ]
  const page = Math.max(1, maxHeight - 2)
  const start = Math.max(0, Math.min(overlay.offset, all.length - page))
  const rows = all.slice(start, start + page)
  const right: Row =
    all.length > page ? [word(`${start + 1}-${start + rows.length} of ${all.length}, PgDn`, 'dim')] : []
  const view = frameSheet(input, { title: 'What the correction changes', rows, tone: 'warn', right })
  return { ...view, total: all.length, page }
}

const KIND_WORDS: { readonly [kind in Change['kind']]: readonly [words: string, tone: Tone] } = {
  changed: ['not run yet; it will run like this', 'plain'],
  'changed after it ran': ['has run with the old value: it is asked about again', 'warn'],
  'changed while it runs': ['has begun with the old value: it must settle first', 'bad'],
  removed: ['does not run any more', 'warn'],
  added: ['runs as well', 'warn'],
  moved: ['runs at another place', 'warn'],
}

function paintChange({ title, kind, diff }: Change, width: number): Row[] {
  const [words, tone] = KIND_WORDS[kind]
  // The first two lines name the step once more.
  const hunks = (diff ?? '').split('\n').slice(2).join('\n')
  return [
    [],
    ...wrapSpans([span(sanitizeLine(title), 'strong'), word(`: ${words}`, tone)], width, 2),
    ...(hunks === '' ? [] : paintDiff(hunks, width)),
  ]
}
