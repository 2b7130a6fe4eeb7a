import type { SafeText } from '../../core/base/safe-text.ts'
import type { Output, Tone } from '../output/output.ts'
import { joinSafe, say } from '../output/say.ts'

/** Writes one line; `at`: when it happened, now unless told. */
export type TellLine = (text: SafeText, tone: Tone, at?: Date) => void

/** Makes a writer of lines that begin with the time of day, as the person's own clock has it. */
export function createLineTeller(output: Output, now: () => Date): TellLine {
  return (text, tone, at = now()) => output.tell(joinSafe([say`${formatClock(at)}`, text], ' '), tone)
}

function formatClock(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((each) => String(each).padStart(2, '0'))
    .join(':')
}
