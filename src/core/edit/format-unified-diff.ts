import { createTwoFilesPatch } from 'diff'

/** Lines around a change; what `diff -u` shows. */
const CONTEXT_LINES = 3

/** A unified diff of a file before and after; empty if they are equal. Undefined `before`: the file is new. */
export function formatUnifiedDiff(path: string, before: string | undefined, after: string): string {
  if (before === after) return ''
  const from = before === undefined ? '/dev/null' : path
  const patch = createTwoFilesPatch(from, path, before ?? '', after, undefined, undefined, {
    context: CONTEXT_LINES,
  })
  return patch.replace(/^(?:Index: [^\n]*\n)?=+\n/, '')
}
