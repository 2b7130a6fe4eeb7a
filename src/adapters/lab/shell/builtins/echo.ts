import { joinBytes, readEscape } from './escapes.ts'
import type { Builtin } from './builtin.ts'

/** `echo [-n] …`: as dash's, it reads backslash escapes. */
export const echo: Builtin = ({ args, write }) => {
  const isBare = args[0] === '-n'
  let output = ''
  const text = args.slice(isBare ? 1 : 0).join(' ')
  for (let at = 0; at < text.length;) {
    const escape = text[at] === '\\' ? readEscape(text, at, { needsZero: true }) : undefined
    if (escape === 'stop') {
      write(joinBytes(output))
      return 0
    }
    output += escape?.text ?? text[at] ?? ''
    at += escape?.length ?? 1
  }
  write(joinBytes(isBare ? output : `${output}\n`))
  return 0
}
