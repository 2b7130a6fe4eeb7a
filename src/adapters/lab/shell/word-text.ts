import type { Word } from './syntax.ts'

/** The text of a word without its expansions; what a here-document's delimiter is. */
export function textOf(word: Word): string {
  return word.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}

/** Whether a word is unquoted text and nothing else. */
export function isPlainText(word: Word): boolean {
  return word.every((part) => part.kind === 'text' && !part.quoted)
}
