import { evaluateArithmetic } from './arithmetic.ts'
import { expandGlob } from './glob.ts'
import { ShellInterrupt } from './interrupt.ts'
import { escapePattern, unescapePattern } from './pattern.ts'
import { expandParameter } from './parameter.ts'
import { splitFields } from './split-fields.ts'
import type { Piece } from './split-fields.ts'
import { complain, getVariable, setVariable } from './state.ts'
import type { ShellState } from './state.ts'
import type { Command, Word, WordPart } from './syntax.ts'

/** Runs the commands of `$( )` and gives their output; the interpreter passes itself in. */
export type Substitute = (state: ShellState, body: Command) => Promise<string>

/** A shell and the way in which it runs command substitutions. */
export type Expansion = { readonly state: ShellState; readonly substitute: Substitute }

/** Expands a word to the fields of a command line: all expansions, splitting and file names. */
export async function expandFields(expansion: Expansion, word: Word): Promise<string[]> {
  const { state } = expansion
  const fields = splitFields(
    await expandPieces(expansion, withTilde(state, word)),
    getVariable(state, 'IFS') ?? ' \t\n',
  )
  return fields.flatMap(({ text, pattern }) => {
    const names = state.options.noglob ? [] : expandGlob(state.fs, pattern)
    return names.length > 0 ? names : [text]
  })
}

/** Expands a word to one text, without splitting: assignments, redirections, `case`. */
export async function expandText(expansion: Expansion, word: Word): Promise<string> {
  const pieces = await expandPieces(expansion, withTilde(expansion.state, word))
  return pieces
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'break' ? ' ' : ''))
    .join('')
}

/** Expands a word to a pattern in which what was quoted is escaped. */
export async function expandPattern(expansion: Expansion, word: Word): Promise<string> {
  const pieces = await expandPieces(expansion, withTilde(expansion.state, word))
  return pieces
    .map((piece) => {
      if (piece.kind !== 'text') return piece.kind === 'break' ? ' ' : ''
      return piece.quoted ? escapePattern(piece.text) : piece.text
    })
    .join('')
}

/** Expands the parts of a word, without splitting or file names. */
export async function expandPieces(expansion: Expansion, word: Word): Promise<Piece[]> {
  const pieces: Piece[] = []
  for (const part of word) pieces.push(...(await expandPart(expansion, part)))
  return pieces
}

/** Ends the shell with a message, as an expansion that cannot be made does. */
export function failExpansion(state: ShellState, message: string): never {
  complain(state, message)
  throw new ShellInterrupt({ kind: 'exit', status: 2 })
}

async function expandPart(expansion: Expansion, part: WordPart): Promise<Piece[]> {
  const { state } = expansion
  switch (part.kind) {
    case 'text':
      return [{ kind: 'text', text: part.text, quoted: part.quoted, split: false }]
    case 'parameter':
      return expandParameter(part, {
        state,
        fail: (message) => failExpansion(state, message),
        text: (word) => expandText(expansion, word),
        pattern: (word) => expandPattern(expansion, word),
        pieces: (word) => expandPieces(expansion, withTilde(state, word)),
      })
    case 'command': {
      const output = await expansion.substitute(state, part.body)
      return [{ kind: 'text', text: output.replace(/\n+$/, ''), quoted: part.quoted, split: true }]
    }
    case 'arithmetic': {
      const source = unescapePattern(await expandText(expansion, part.expression))
      return [{ kind: 'text', text: evaluate(state, source), quoted: part.quoted, split: true }]
    }
  }
}

function evaluate(state: ShellState, source: string): string {
  const result = evaluateArithmetic(source, {
    get: (name) => getVariable(state, name),
    set: (name, value) => {
      if (!setVariable(state, name, value)) failExpansion(state, `${name}: is read only`)
    },
  })
  return result.ok ? String(result.value) : failExpansion(state, result.message)
}

function withTilde(state: ShellState, word: Word): Word {
  const first = word[0]
  if (first === undefined || first.kind !== 'text' || first.quoted || !first.text.startsWith('~')) return word
  const prefix = /^~[^/]*/.exec(first.text)?.[0] ?? '~'
  if (prefix.length === first.text.length && word.length > 1) return word
  const home = prefix === '~' ? getVariable(state, 'HOME') : userHome(state, prefix.slice(1))
  if (home === undefined) return word
  return [
    { kind: 'text', text: home, quoted: true },
    { kind: 'text', text: first.text.slice(prefix.length), quoted: false },
    ...word.slice(1),
  ]
}

function userHome(state: ShellState, name: string): string | undefined {
  return state.machine.accounts.users.find((user) => user.name === name)?.home
}
