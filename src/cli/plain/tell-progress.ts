import type { Progress } from '../../engine/context.ts'
import { say } from '../output/say.ts'
import type { TellLine } from './tell-line.ts'

/** A wait whose reason is the same but for its figures is told again only after so long. */
const REPEAT_MS = 60_000

type Place = { readonly step?: string | undefined; readonly host?: string | undefined }

/** Makes a teller of what goes on and is no event; `forget` makes the next wait at a place count as new. */
export function createProgressTeller(
  tell: TellLine,
  nowMs: () => number,
): { readonly tell: (progress: Progress) => void; readonly forget: (place: Place) => void } {
  const told = new Map<string, { readonly text: string; readonly atMs: number }>()
  return {
    forget: (place) => void told.delete(nameKey(place)),
    tell: ({ step, host, text, seen }) => {
      const key = nameKey({ step, host })
      const last = told.get(key)
      // While somebody is asked to do something by hand, only what changed is worth a line.
      const isAsked = seen !== undefined
      const isSame = last !== undefined && (isAsked ? last.text === text : gistOf(last.text) === gistOf(text))
      if (isSame && (isAsked || nowMs() - last.atMs < REPEAT_MS)) return
      told.set(key, { text, atMs: nowMs() })
      const place = [step, host === undefined ? undefined : `on ${host}`].filter((each) => each !== undefined)
      tell(say`${place.join(' ')}${place.length > 0 ? ': ' : ''}${text}`, 'quiet')
    },
  }
}

function nameKey({ step = '', host = '' }: Place): string {
  return `${step}@${host}`
}

/** What a wait says but for its figures: elapsed time, counters. */
function gistOf(text: string): string {
  return text.replace(/\d+/g, '0')
}
