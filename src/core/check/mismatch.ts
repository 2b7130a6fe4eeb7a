/** How an expectation did not hold, for a person: what was wanted, what was found, and one sentence. */
export type Mismatch = { readonly expected: string; readonly actual: string; readonly reason: string }

/** Most characters of a value in a mismatch; it stands in the journal (4 KiB a record) and in one line. */
const MAX_SHOWN_CHARACTERS = 200

/** A piece of output in quotes, shortened. */
export function quote(text: string): string {
  return `"${shorten(text)}"`
}

/** At most 200 characters of a text, with a sign that it was longer. */
export function shorten(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text
}
