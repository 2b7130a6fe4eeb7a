import type { Digest } from '../../core/base/ids.ts'
import type { JournalHead } from '../../core/journal/chain.ts'
import { readWhole, replaceFile } from './disk.ts'
import { describeDiskError, hasCode } from './disk-error.ts'

/** What `head.json` says, if it is there and whole. */
export type LoadedHead =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'known'; readonly head: JournalHead }

/** Remembers where the journal ends, so that a journal cut at a record's boundary is noticed. Durable when it resolves. */
export function saveHead(path: string, head: JournalHead): Promise<void> {
  return replaceFile(path, `${JSON.stringify({ v: 1, seq: head.seq, h: head.h })}\n`)
}

/** Reads `head.json`; it is replaced atomically, so a damaged one means that somebody or the disk changed it. */
export async function loadHead(path: string): Promise<LoadedHead> {
  let text: string
  try {
    text = (await readWhole(path)).toString('utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { kind: 'none' }
    throw describeDiskError(error, path)
  }
  const head = parseHead(text)
  return head === null ? { kind: 'damaged' } : { kind: 'known', head }
}

function parseHead(text: string): JournalHead | null {
  try {
    const { v, seq, h } = JSON.parse(text) as { v?: unknown; seq?: unknown; h?: unknown }
    if (v !== 1 || !Number.isSafeInteger(seq) || (seq as number) < 0) return null
    if (typeof h !== 'string' || !/^[0-9a-f]{64}$/.test(h)) return null
    return { seq: seq as number, h: h as Digest }
  } catch {
    return null
  }
}
