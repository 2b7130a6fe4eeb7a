/** Why an expression may not stand at an offset of a text in some language; `undefined` when it may. */
export type PlaceProblem = string | undefined

const IN_QUOTES = 'it stands inside quotes, and would be quoted twice; leave the quotes out'
const WHOLE_VALUE =
  'here an expression is a whole value; put the text around it into the expression: {{ "http://" + host.name }}'

/** CQL: strings, quoted names, `$$` bodies and comments. */
export function cqlPlaceProblem(text: string, offset: number): PlaceProblem {
  const token =
    /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$\$[\s\S]*?(?:\$\$|$)|(?:--|\/\/)[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
  for (const match of text.matchAll(token)) {
    if (match.index >= offset) return undefined
    if (offset < match.index + match[0].length)
      return /^(?:--|\/[/*])/.test(match[0]) ? 'it stands in a comment' : IN_QUOTES
  }
  return undefined
}

/** JSON, and languages whose literals look alike: an expression stands outside of quotes. */
export function jsonPlaceProblem(text: string, offset: number): PlaceProblem {
  for (const match of text.matchAll(/(["'`])(?:(?!\1)[^\\]|\\[\s\S])*(?:\1|$)/g))
    if (match.index < offset && offset < match.index + match[0].length) return IN_QUOTES
  return undefined
}

/** YAML: an expression is a value, an item or a key; looked at line by line. */
export function yamlPlaceProblem(text: string, offset: number): PlaceProblem {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  const lineEnd = text.indexOf('\n', offset)
  const after = text.slice(offset + 1, lineEnd < 0 ? undefined : lineEnd)
  if (/(?:^|\s)#/.test(before.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, ''))) return undefined
  if (opensQuote(before)) return IN_QUOTES
  const begins = /(?:^|[:?-][ \t]+|[[,{]|[!&][^\s]*[ \t]+)[ \t]*$/.test(before)
  return begins && /^[ \t]*(?:$|[,\]}]|:(?:\s|$)|[ \t]#)/.test(after) ? undefined : WHOLE_VALUE
}

/** Whether a quote that begins a token is still open at the end of a line's beginning. */
function opensQuote(line: string): boolean {
  const rest = line.replace(/(?<=^|[\s[,{:-])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/g, '')
  return /(?:^|[\s[,{:-])["']/.test(rest)
}
