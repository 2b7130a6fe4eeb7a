import type { SafeText } from '../../core/base/safe-text.ts'
import type { Output } from './output.ts'

/** Keeps what a command would print, since a screen stands where it would go. */
export function collectOutput(output: Output, lines: SafeText[]): Output {
  const keep = (text: SafeText): void => void lines.push(text)
  return { ...output, tell: keep, warn: keep, json: () => undefined, document: keep }
}
