import { countBytes } from '../bytes.ts'
import { buildPattern, matchesPattern } from './pattern.ts'
import type { Pattern } from './pattern.ts'
import type { Piece } from './split-fields.ts'
import { getVariable, setVariable } from './state.ts'
import type { ShellState } from './state.ts'
import type { ParameterPart, Word } from './syntax.ts'

/** What a parameter's expansion needs of the rest of the expansions. */
export type ParameterContext = {
  readonly state: ShellState
  fail(message: string): never
  text(word: Word): Promise<string>
  pattern(word: Word): Promise<string>
  pieces(word: Word): Promise<Piece[]>
}

/** Expands `$x`, `"$@"`, `${x:-word}` and their kin. */
export async function expandParameter(part: ParameterPart, context: ParameterContext): Promise<Piece[]> {
  const { state } = context
  const operator = part.operator ?? ''
  const value = readParameter(state, part.name)
  if (operator === 'length') return [textPiece(part, String(countBytes(requireSet(part, value, context))))]
  if (/^:?[-=?+]$/.test(operator)) return expandAlternative(part, { ...context, value })
  if ((part.name === '@' || part.name === '*') && operator === '') return expandAll(part, state)
  const text = requireSet(part, value, context)
  if (operator === '') return [textPiece(part, text)]
  const pattern = buildPattern(await context.pattern(part.word ?? []))
  return [textPiece(part, removeMatch(operator, text, pattern))]
}

/** The value of a variable or a special parameter; undefined when it is not set. */
export function readParameter(state: ShellState, name: string): string | undefined {
  if (/^\d+$/.test(name)) return name === '0' ? state.name : state.positional[Number(name) - 1]
  switch (name) {
    case '@':
    case '*':
      return state.positional.length === 0 ? undefined : state.positional.join(joinerOf(state))
    case '#':
      return String(state.positional.length)
    case '?':
      return String(state.status)
    case '$':
      return String(state.shellPid)
    case '!':
      return state.lastBackgroundPid === undefined ? undefined : String(state.lastBackgroundPid)
    case '-':
      return flagsOf(state)
    default:
      return getVariable(state, name)
  }
}

function requireSet(part: ParameterPart, value: string | undefined, context: ParameterContext): string {
  if (value !== undefined) return value
  const isFree = part.name === '@' || part.name === '*'
  if (context.state.options.nounset && !isFree) context.fail(`${part.name}: parameter not set`)
  return ''
}

async function expandAlternative(
  part: ParameterPart,
  context: ParameterContext & { readonly value: string | undefined },
): Promise<Piece[]> {
  const operator = part.operator ?? ''
  const { value, state } = context
  const word = part.word ?? []
  const isMissing = value === undefined || (operator.startsWith(':') && value === '')
  const action = operator.at(-1)
  if (action === '+') return isMissing ? [] : context.pieces(word).then((pieces) => asSplit(part, pieces))
  if (!isMissing) {
    if (part.name === '@' || part.name === '*') return expandAll(part, state)
    return [textPiece(part, value)]
  }
  if (action === '-') return asSplit(part, await context.pieces(word))
  const text = await context.text(word)
  if (action === '?')
    return context.fail(
      `${part.name}: ${text === '' ? 'parameter not set' + (operator.startsWith(':') ? ' or null' : '') : text}`,
    )
  if (!/^[A-Za-z_]/.test(part.name)) return context.fail(`${part.name}: bad variable name`)
  if (!setVariable(state, part.name, text)) return context.fail(`${part.name}: is read only`)
  return [textPiece(part, text)]
}

function asSplit(part: ParameterPart, pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) => {
    if (piece.kind !== 'text') return piece
    return { ...piece, quoted: piece.quoted || part.quoted, split: true }
  })
}

function expandAll(part: ParameterPart, state: ShellState): Piece[] {
  const { positional } = state
  if (part.name === '*' && part.quoted) return [textPiece(part, positional.join(joinerOf(state)))]
  if (positional.length === 0) return [{ kind: 'nothing' }]
  const pieces: Piece[] = []
  for (const [index, text] of positional.entries()) {
    if (index > 0) pieces.push({ kind: 'break' })
    pieces.push(textPiece(part, text))
  }
  return pieces
}

function textPiece(part: ParameterPart, text: string): Piece {
  return { kind: 'text', text, quoted: part.quoted, split: true }
}

function joinerOf(state: ShellState): string {
  return (getVariable(state, 'IFS') ?? ' ').slice(0, 1)
}

function flagsOf(state: ShellState): string {
  const { errexit, nounset, xtrace, noglob, noclobber } = state.options
  return `${errexit ? 'e' : ''}${noglob ? 'f' : ''}${nounset ? 'u' : ''}${xtrace ? 'x' : ''}${noclobber ? 'C' : ''}s`
}

function removeMatch(operator: string, text: string, pattern: Pattern): string {
  const takesLongest = operator.length === 2
  const isPrefix = operator.startsWith('#')
  const shortFirst = Array.from({ length: text.length + 1 }, (_, length) => length)
  for (const length of takesLongest ? shortFirst.toReversed() : shortFirst) {
    const candidate = isPrefix ? text.slice(0, length) : text.slice(text.length - length)
    if (matchesPattern(pattern, candidate))
      return isPrefix ? text.slice(length) : text.slice(0, text.length - length)
  }
  return text
}
