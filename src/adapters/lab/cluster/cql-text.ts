/** A word, quoted name, string, number or sign of a CQL statement. */
export type CqlToken =
  | { readonly kind: 'word' | 'name' | 'string' | 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number }

const TOKEN =
  /\s+|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([A-Za-z][A-Za-z0-9_]*)|(-?\d+)|(.)/gy

/** The tokens of one statement; a quote that is not closed ends as a sign. */
export function parseCqlTokens(statement: string): CqlToken[] {
  const tokens: CqlToken[] = []
  for (const match of statement.matchAll(TOKEN)) {
    const at = match.index
    const [, name, string, word, number, sign] = match
    if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll('""', '"'), at })
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'"), at })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at })
  }
  return tokens
}

/** The statements of a text with the number of lines read when each ended; a last one without `;` counts where asked. */
export function splitCqlStatements(text: string): { readonly text: string; readonly endLine: number }[] {
  const statements: { text: string; endLine: number }[] = []
  let start = 0
  const ends = [...text.matchAll(/--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|'(?:[^']|'')*'|;/g)]
  for (const end of ends) {
    if (end[0] !== ';') continue
    statements.push({ text: text.slice(start, end.index), endLine: countLines(text, end.index) })
    start = end.index + 1
  }
  statements.push({ text: text.slice(start), endLine: countLines(text, text.trimEnd().length) })
  return statements.filter((statement) => parseCqlTokens(statement.text).length > 0)
}

/** Reads tokens one by one. */
export type CqlReader = {
  readonly next: () => CqlToken | undefined
  readonly peek: () => CqlToken | undefined
  /** Takes these words (or signs) if they come next, whatever their case. */
  readonly take: (...words: string[]) => boolean
  /** A name: unquoted ones in lower case; undefined where none comes. */
  readonly name: () => string | undefined
  readonly isAtEnd: () => boolean
}

/** A reader over the tokens of one statement. */
export function createCqlReader(tokens: readonly CqlToken[]): CqlReader {
  let at = 0
  const isAhead = (words: string[]): boolean =>
    words.every((word, index) => {
      const token = tokens[at + index]
      return (
        token !== undefined &&
        token.kind !== 'string' &&
        token.kind !== 'name' &&
        token.text.toUpperCase() === word
      )
    })
  return {
    peek: () => tokens[at],
    next: () => tokens[at++],
    take: (...words) => {
      if (!isAhead(words)) return false
      at += words.length
      return true
    },
    name: () => {
      const token = tokens[at]
      if (token?.kind !== 'word' && token?.kind !== 'name') return undefined
      at += 1
      return token.kind === 'word' ? token.text.toLowerCase() : token.text
    },
    isAtEnd: () => at >= tokens.length,
  }
}

function countLines(text: string, end: number): number {
  return text.slice(0, end).split('\n').length
}
