import type { Template } from './value.ts'

/** Stands for an expression in the joined text; what counts is its offset, not the character. */
const HOLE = '\ufffc'

/** A template as one text, each expression one character, so that the text around it can be looked at. */
export type TemplateText = {
  readonly text: string
  /** Offset in `text` → index of the template's part. */
  readonly holes: ReadonlyMap<number, number>
  /** Index of the part → offset in `text`. */
  readonly offsets: readonly number[]
  /** Offset in the template's source of an offset in `text`. */
  readonly sourceOffset: (offset: number) => number
}

const joined = new WeakMap<Template, TemplateText>()

/** Joins a template's parts; worked out once for each template. */
export function joinTemplate(template: Template): TemplateText {
  const known = joined.get(template)
  if (known !== undefined) return known
  let text = ''
  let source = 0
  const holes = new Map<number, number>()
  const starts: { readonly at: number; readonly source: number }[] = []
  for (const [index, part] of template.parts.entries()) {
    starts.push({ at: text.length, source })
    if (part.kind === 'text') {
      text += part.text
      source += part.text.length
      continue
    }
    holes.set(text.length, index)
    text += HOLE
    source += part.length
  }
  const sourceOffset = (offset: number) => {
    const start = starts.findLast((each) => each.at <= offset) ?? { at: 0, source: 0 }
    return start.source + offset - start.at
  }
  const result = { text, holes, offsets: starts.map((start) => start.at), sourceOffset }
  joined.set(template, result)
  return result
}
