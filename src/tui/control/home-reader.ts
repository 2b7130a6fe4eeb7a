import type { Library } from '../library.ts'
import type { Timers } from '../store/pump.ts'
import type { HomeData } from './model.ts'

/** Least time between two reads that nobody asked for, in milliseconds, and so many times as long as the last one took. */
const PAUSE_MS = 500
const PAUSE_FACTOR = 10

/** Reads what the home screen lists, when asked and by itself. */
export type HomeReader = {
  readonly read: (focus?: string) => Promise<void>
  readonly close: () => void
}

export type HomeReaderParts = {
  readonly library: Library
  readonly timers: Timers
  /** Whether somebody sees the lists: else nothing is read by itself. */
  readonly isShown: () => boolean
  /** Takes what was read; `focus`: where the cursor goes. */
  readonly show: (home: HomeData, focus: string | undefined) => void
}

/**
 * Makes the reader; lists that are the same as before are not shown again, unless they were asked for. A read that
 * fails leaves them as they are.
 */
export function createHomeReader({ library, timers, isShown, show }: HomeReaderParts): HomeReader {
  let shown = ''
  let restsUntilMs = 0
  let cancel: (() => void) | undefined
  let reading: Promise<void> = Promise.resolve()
  const readOnce = async (focus: string | undefined, isAsked: boolean): Promise<void> => {
    const beganMs = timers.nowMs()
    const home = await readAll(library)
    const tookMs = timers.nowMs() - beganMs
    restsUntilMs = timers.nowMs() + Math.max(PAUSE_MS, PAUSE_FACTOR * tookMs)
    const text = JSON.stringify(home)
    if (!isAsked && text === shown) return
    shown = text
    show(home, focus)
  }
  // One after the other: what was read first is never shown last.
  const read = (focus: string | undefined, isAsked: boolean): Promise<void> => {
    reading = reading.then(() => readOnce(focus, isAsked)).catch(() => undefined)
    return reading
  }
  const later = (): void => {
    if (!isShown()) return
    cancel ??= timers.after(Math.max(0, restsUntilMs - timers.nowMs()), () => {
      cancel = undefined
      if (isShown()) void read(undefined, false)
    })
  }
  const unwatch = library.watch?.(later)
  return {
    read: (focus) => read(focus, true),
    close: () => {
      unwatch?.()
      cancel?.()
    },
  }
}

async function readAll(library: Library): Promise<HomeData> {
  const [runbooks, runs, labs, inventories] = await Promise.all([
    library.runbooks(),
    library.runs(),
    library.labs(),
    library.inventories(),
  ])
  return { runbooks, runs, labs, inventories }
}
