import type { Glyphs } from '../term/glyphs.ts'
import { fitRow, fitRows, measureRow, word, type Row, type Tone } from '../term/row.ts'

export type PaneFrame = {
  readonly title: Row
  readonly right?: Row
  readonly rows: readonly Row[]
  readonly width: number
  readonly height: number
  readonly isFocused: boolean
  readonly glyphs: Glyphs
  readonly tone?: Tone
}

/** A pane with its border, exactly `width` by `height`; its inside is two cells narrower and two rows lower. */
export function framePane({
  title,
  right = [],
  rows,
  width,
  height,
  isFocused,
  glyphs,
  tone,
}: PaneFrame): Row[] {
  if (height < 2 || width < 4) return fitRows(rows, width, Math.max(0, height))
  const border = tone ?? (isFocused ? 'focus' : 'border')
  const inner = fitRows(rows, width - 2, height - 2)
  return [
    topRow({ title, right, width, border, glyphs }),
    ...inner.map((row): Row => [word(glyphs.vertical, border), ...row, word(glyphs.vertical, border)]),
    [word(glyphs.bottomLeft + glyphs.horizontal.repeat(width - 2) + glyphs.bottomRight, border)],
  ]
}

type TopRow = {
  readonly title: Row
  readonly right: Row
  readonly width: number
  readonly border: Tone
  readonly glyphs: Glyphs
}

function topRow({ title, right, width, border, glyphs }: TopRow): Row {
  const rightPart: Row = measureRow(right) === 0 ? [] : [word(' '), ...right, word(' ')]
  const room = width - 4 - measureRow(rightPart)
  const shown = measureRow(title) > room - 2 ? fitRow(title, Math.max(0, room - 2), glyphs.more) : title
  const titlePart: Row = measureRow(shown) === 0 ? [] : [word(' '), ...shown, word(' ')]
  const fill = width - 4 - measureRow(titlePart) - measureRow(rightPart)
  if (fill < 0)
    return fitRow([word(glyphs.topLeft + glyphs.horizontal, border), ...titlePart], width, glyphs.topRight)
  return [
    word(glyphs.topLeft + glyphs.horizontal, border),
    ...titlePart,
    word(glyphs.horizontal.repeat(fill), border),
    ...rightPart,
    word(glyphs.horizontal + glyphs.topRight, border),
  ]
}

/** Two blocks of the same height side by side. */
export function beside(left: readonly Row[], right: readonly Row[]): Row[] {
  return left.map((row, index) => [...row, ...(right[index] ?? [])])
}
