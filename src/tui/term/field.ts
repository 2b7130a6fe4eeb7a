import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { ActionId } from './key-row.ts'
import { ours } from './row.ts'
import { cutText, measureWidth, splitGraphemes } from './width.ts'

/** Longest text of a field, in characters. */
export const MAX_FIELD_CHARACTERS = 4096

/** A one-line text field: what was typed, and where the cursor is, in UTF-16 units. */
export type Field = { readonly text: string; readonly cursor: number }

export const EMPTY_FIELD: Field = { text: '', cursor: 0 }

/** A field with this text, the cursor behind it. */
export function createField(text: string): Field {
  return { text, cursor: text.length }
}

/** Types or pastes text at the cursor; line breaks become blanks, control characters are left out. */
export function insertText(field: Field, typed: string): Field {
  const clean = typed.replace(/[\r\n\t]+/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
  const room = Math.max(0, MAX_FIELD_CHARACTERS - field.text.length)
  const added = clean.slice(0, room)
  const text = field.text.slice(0, field.cursor) + added + field.text.slice(field.cursor)
  return { text, cursor: field.cursor + added.length }
}

/** The field after an editing key; the same field if the key does not edit. */
export function editField(field: Field, action: ActionId): Field {
  const before = field.text.slice(0, field.cursor)
  const after = field.text.slice(field.cursor)
  switch (action) {
    case 'left':
      return { ...field, cursor: field.cursor - (splitGraphemes(before).at(-1)?.length ?? 0) }
    case 'right':
      return { ...field, cursor: field.cursor + (splitGraphemes(after)[0]?.length ?? 0) }
    case 'line-start':
      return { ...field, cursor: 0 }
    case 'line-end':
      return { ...field, cursor: field.text.length }
    case 'erase': {
      const kept = before.slice(0, before.length - (splitGraphemes(before).at(-1)?.length ?? 0))
      return { text: kept + after, cursor: kept.length }
    }
    case 'delete':
      return { text: before + after.slice(splitGraphemes(after)[0]?.length ?? 0), cursor: field.cursor }
    case 'erase-word': {
      const kept = before.replace(/\S+\s*$/u, '')
      return { text: kept + after, cursor: kept.length }
    }
    case 'erase-all':
      return EMPTY_FIELD
    default:
      return field
  }
}

/** What of a field is shown in `width` cells, and the cell of the cursor; `mask` stands for every character. */
export function showField(
  field: Field,
  width: number,
  mask?: string,
): { readonly text: SafeText; readonly cursor: number } {
  const shown = (text: string): string =>
    mask === undefined ? sanitizeLine(text) : mask.repeat(splitGraphemes(text).length)
  const before = shown(field.text.slice(0, field.cursor))
  const all = shown(field.text)
  const room = Math.max(1, width - 1)
  let start = 0
  while (measureWidth(before.slice(start)) > room) start += 1
  const text = cutText(all.slice(start), width)
  return {
    text: ours(text + ' '.repeat(Math.max(0, width - measureWidth(text)))),
    cursor: measureWidth(before.slice(start)),
  }
}
