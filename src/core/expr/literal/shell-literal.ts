import type { ShellContext } from '../shell-model.ts'
import { Ident } from '../value.ts'
import type { Value } from '../value.ts'
import type { Literal } from './literal.ts'
import { literal, refused, scalarText, valueKind } from './literal.ts'

/** A text as one single-quoted word of POSIX sh. */
export function quoteShellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** Why an expression may not stand in such a place, by the place; the lint says the same. */
export const SHELL_PLACE_REASONS: { readonly [kind: string]: string } = {
  'single-quoted': 'it stands inside single quotes, and would be quoted twice; leave the quotes out',
  'double-quoted': 'it stands inside double quotes, and would be quoted twice; leave the quotes out',
  backquoted: 'it stands inside backquotes; write $( … ) instead',
  parameter: 'it stands inside ${ … }; assign it to a variable first',
  escaped: 'a backslash or $ stands right before it and would change its quotes',
  'heredoc-substitution': 'it stands in a command inside a here-document; assign it to a variable first',
  delimiter: "it stands in a here-document's delimiter",
  eval: 'it is an argument of eval, which would read it as code',
}

/** Writes a value for the place in a shell script where its expression stands. */
export function shellLiteral(value: Value, context: ShellContext): Literal {
  const text = scalarText(value)
  if (text?.includes('\0') === true) return refused('a NUL character cannot stand in a shell script')
  switch (context.kind) {
    case 'word':
      return context.command === 'eval' ? refused(SHELL_PLACE_REASONS.eval!) : shellWord(value, context)
    case 'heredoc':
      return heredocText(value, context)
    case 'arithmetic':
      return typeof value === 'bigint'
        ? literal(value < 0n ? `(${value})` : `${value}`)
        : refused(`arithmetic wants an int, not a ${valueKind(value)}`)
    case 'comment':
      return text === undefined || /[\n\r]/.test(text)
        ? refused('a comment holds one line of text')
        : literal(text)
    default:
      return refused(SHELL_PLACE_REASONS[context.kind]!)
  }
}

function shellWord(value: Value, context: ShellContext & { kind: 'word' }): Literal {
  if (value instanceof Ident) return literal(value.text)
  const text = scalarText(value)
  if (text !== undefined) return literal(quoteShellWord(text))
  if (!Array.isArray(value)) return refused(`a ${valueKind(value)} cannot be written as a shell word`)
  if (!context.alone) return refused('a list becomes several words and must stand alone between blanks')
  const words: string[] = []
  for (const item of value as readonly Value[]) {
    const word = scalarText(item)
    if (word === undefined)
      return refused(`a list with a ${valueKind(item)} in it cannot be written as shell words`)
    if (word.includes('\0')) return refused('a NUL character cannot stand in a shell script')
    words.push(item instanceof Ident ? word : quoteShellWord(word))
  }
  return literal(words.join(' '))
}

function heredocText(value: Value, context: ShellContext & { kind: 'heredoc' }): Literal {
  const text = scalarText(value)
  if (text === undefined) return refused(`a ${valueKind(value)} cannot be written in a here-document`)
  if (/[\n\r]/.test(text)) return refused('a line break could end the here-document')
  return literal(context.quoted ? text : text.replace(/[\\$`]/g, '\\$&'))
}
