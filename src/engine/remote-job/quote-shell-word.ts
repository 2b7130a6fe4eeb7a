import { assert } from '../../core/base/errors.ts'
import { quoteShellWord as quote } from '../../core/expr/literal/shell-literal.ts'

/** One text as one word of a POSIX shell, byte for byte; use it for everything that is put into a request. */
export function quoteShellWord(text: string): string {
  assert(!text.includes('\0'), 'a shell word cannot hold NUL')
  return quote(text)
}
