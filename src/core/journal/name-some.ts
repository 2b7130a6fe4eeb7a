import { countUtf8Bytes } from './count-utf8-bytes.ts'
import { escapeInvisible } from './escape-invisible.ts'

/** What a record has room for: so many, of so many bytes together. */
export type Room = { readonly count?: number; readonly sizeBytes: number }

/** What JSON puts between two of them. */
const COMMA_BYTES = 1

/** The first of them that a record has room for, as it writes them. */
export function selectFitting<T extends string>(
  all: readonly T[],
  { count = all.length, sizeBytes }: Room,
): readonly T[] {
  let used = 0
  const end = all.findIndex((each, index) => {
    used += countUtf8Bytes(escapeInvisible(JSON.stringify(each))) + COMMA_BYTES
    return index >= count || used > sizeBytes
  })
  return end < 0 ? all : all.slice(0, end)
}

/** The same, and how many more there are. */
export function nameSome(all: readonly string[], room: Room): readonly string[] {
  const named = selectFitting(all, room)
  const more = all.length - named.length
  return more > 0 ? [...named, `and ${more} more`] : named
}
