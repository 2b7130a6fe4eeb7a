import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../engine/ports/clock.ts'

const TOKEN_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The machine's own clocks and randomness. */
export const SYSTEM_CLOCK: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
  async sleep(durationMs, signal) {
    await wait(durationMs, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'AbortError') throw error
    })
  },
  randomToken: (length) =>
    Array.from({ length }, () => TOKEN_CHARACTERS[randomInt(TOKEN_CHARACTERS.length)]).join(''),
}
