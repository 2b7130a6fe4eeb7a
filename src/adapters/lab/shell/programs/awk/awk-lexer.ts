import { AwkProblem } from './awk-syntax.ts'

export type AwkToken = {
  readonly kind: 'number' | 'string' | 'regex' | 'name' | 'call' | 'operator' | 'newline' | 'end'
  readonly text: string
}

/** Cuts an awk program into tokens. */
export function cutAwkTokens(source: string): readonly AwkToken[] {
  const tokens: AwkToken[] = []
  let at = 0
  while (at < source.length) {
    const rest = source.slice(at)
    const blank = /^(?:[ \t\r]+|\\\r?\n|#[^\n]*)/.exec(rest)
    if (blank !== null) {
      at += blank[0].length
      continue
    }
    if (rest.startsWith('/') && canBeginRegex(tokens.at(-1))) {
      const end = regexEnd(rest)
      tokens.push({ kind: 'regex', text: rest.slice(1, end).replaceAll('\\/', '/') })
      at += end + 1
      continue
    }
    const token = readToken(rest)
    tokens.push(token.token)
    at += token.length
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

const operators =
  '&& || == != <= >= ++ -- += -= *= /= %= ^= ** >> !~ { } ( ) [ ] ; , + - * / % ^ ! > < | ? : ~ $ ='.split(
    ' ',
  )

function readToken(rest: string): { readonly token: AwkToken; readonly length: number } {
  if (rest.startsWith('\n')) return { token: { kind: 'newline', text: '\n' }, length: 1 }
  const number = /^(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)/.exec(rest)
  if (number !== null) return { token: { kind: 'number', text: number[0] }, length: number[0].length }
  const name = /^[A-Za-z_]\w*/.exec(rest)
  if (name !== null) {
    const isCall = rest[name[0].length] === '('
    return { token: { kind: isCall ? 'call' : 'name', text: name[0] }, length: name[0].length }
  }
  if (rest.startsWith('"')) return readString(rest)
  const operator = operators.find((text) => rest.startsWith(text))
  if (operator === undefined)
    throw new AwkProblem(`syntax error at source line 1: unexpected character '${rest[0]}'`)
  return { token: { kind: 'operator', text: operator }, length: operator.length }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
}

function readString(rest: string): { readonly token: AwkToken; readonly length: number } {
  const match = /^"((?:[^"\\\n]|\\[\s\S])*)"/.exec(rest)
  if (match === null) throw new AwkProblem('runaway string constant')
  return { token: { kind: 'string', text: unescapeAwk(match[1] ?? '') }, length: match[0].length }
}

/** Reads the escapes of a string constant (and of a `-v` value). */
export function unescapeAwk(text: string): string {
  return text.replace(/\\(?:([0-7]{1,3})|([\s\S]))/g, (_whole, octal: string | undefined, char: string) =>
    octal === undefined ? (escapes[char] ?? `\\${char}`) : String.fromCharCode(Number.parseInt(octal, 8)),
  )
}

function canBeginRegex(before: AwkToken | undefined): boolean {
  if (before === undefined || before.kind === 'newline') return true
  if (before.kind === 'operator') return ![')', ']', '$', '++', '--'].includes(before.text)
  return before.kind === 'name' && ['print', 'printf', 'return', 'in'].includes(before.text)
}

function regexEnd(rest: string): number {
  let inSet = false
  for (let at = 1; at < rest.length; at += 1) {
    const char = rest[at]
    if (char === '\n') break
    if (char === '\\') at += 1
    else if (char === '[') inSet = true
    else if (char === ']') inSet = false
    else if (char === '/' && !inSet) return at
  }
  throw new AwkProblem('regular expression compile failed (missing /)')
}
