import type { ActionId } from '../term/key-row.ts'

/** Rows that an action scrolls; undefined if it does not scroll. */
export function scrollBy(action: ActionId, page: number): number | undefined {
  switch (action) {
    case 'up':
      return -1
    case 'down':
      return 1
    case 'page-up':
      return -Math.max(1, page - 1)
    case 'page-down':
      return Math.max(1, page - 1)
    case 'top':
      return -1_000_000_000
    case 'bottom':
      return 1_000_000_000
    default:
      return undefined
  }
}

/** An offset within what there is to scroll. */
export function clampOffset(
  offset: number,
  { total, page }: { readonly total: number; readonly page: number },
): number {
  return Math.max(0, Math.min(offset, total - page))
}

/** An index into a list of `count` after moving. */
export function clampIndex(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1))
}
