import type { RunId } from '../base/ids.ts'

/** Characters of a run id: no pair that looks or sounds alike on a screen or over the phone. */
export const RUN_ID_ALPHABET = '23456789abcdefghjkmnpqrstvwxyz'

/** Which run a person meant by the beginning of its id. */
export type RunPrefixMatch =
  | { readonly kind: 'unique'; readonly run: RunId }
  | { readonly kind: 'ambiguous'; readonly runs: readonly RunId[] }
  | { readonly kind: 'none' }

const RUN_ID = new RegExp(`^[${RUN_ID_ALPHABET}]{4}-[${RUN_ID_ALPHABET}]{4}$`)

/** Writes eight characters as a run id, `7k2q-9fpm`; `choose(30)` gives a random whole number below 30. */
export function formatRunId(choose: (below: number) => number): RunId {
  const characters = Array.from({ length: 8 }, () => RUN_ID_ALPHABET[choose(RUN_ID_ALPHABET.length)])
  return `${characters.slice(0, 4).join('')}-${characters.slice(4).join('')}` as RunId
}

/** Whether a text is a complete run id. */
export function isRunId(text: string): text is RunId {
  return RUN_ID.test(text)
}

/** Finds the runs that begin with `prefix`; case, blanks and the dash do not matter; an empty prefix matches none. */
export function resolveRunPrefix(runs: readonly RunId[], prefix: string): RunPrefixMatch {
  const wanted = normalize(prefix)
  const found = wanted === '' ? [] : runs.filter((run) => normalize(run).startsWith(wanted))
  const [first] = found
  if (first === undefined) return { kind: 'none' }
  return found.length === 1 ? { kind: 'unique', run: first } : { kind: 'ambiguous', runs: found }
}

function normalize(text: string): string {
  return text.toLowerCase().replace(/[\s-]/g, '')
}
