import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { startOfFile } from '../../../src/core/base/place.ts'
import { parseTemplate } from '../../../src/core/expr/parse-template.ts'
import { renderTemplate } from '../../../src/core/expr/render-template.ts'
import type { LiteralStyle, Template, Value } from '../../../src/core/expr/value.ts'

const COUNT = 10_000
/** Texts that lean towards what languages treat specially. */
const special = fc.constantFrom(
  ...'\'"\\$`;&|<>(){}[]#%!~*?=:, \t\n\r-',
  "''",
  "'; id; '",
  '$(id)',
  '\\n',
  'é',
  '—',
  '😀',
  '\u2028',
  '\u0085',
  '\u007f',
)
const texts = fc
  .array(fc.oneof(special, fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 8 })
  .map((pieces) => pieces.join('').replaceAll('\0', ''))

function samples(): string[] {
  return fc.sample(texts, { numRuns: COUNT, seed: 20_240_601 })
}

/** One document has one template, whatever the value is. */
const templates = new Map<string, Template>()
function template(text: string): Template {
  const parsed = templates.get(text) ?? parseTemplate(text, startOfFile('t.md')).value
  templates.set(text, parsed)
  return parsed
}

function render(text: string, style: LiteralStyle, x: Value): string {
  const result = renderTemplate(template(text), { scope: { x }, style, file: 't.md' })
  if (!result.ok) throw new Error(result.diagnostics[0]?.message)
  return result.rendered.join('')
}

test('ten thousand texts reach a program in sh unchanged', () => {
  const values = samples()
  const body = template("printf '%s\\0' {{ x }}\n")
  const script = values.map((x) => {
    const result = renderTemplate(body, { scope: { x }, style: 'sh', file: 't.md' })
    return result.ok ? result.rendered.join('') : 'exit 9\n'
  })
  const output = execFileSync('sh', ['-s'], { input: script.join(''), maxBuffer: 64 * 1024 * 1024 })
  expect(output.toString('utf8').split('\0').slice(0, -1)).toEqual(values)
})

test('texts of one line pass through open and quoted here-documents unchanged', () => {
  const values = samples()
    .filter((text) => !/[\n\r]/.test(text))
    .slice(0, 400)
  for (const delimiter of ['E_O_F', "'E_O_F'"]) {
    const script = values.map((x) => render(`cat <<${delimiter}\n<{{ x }}>\nE_O_F\n`, 'sh', x))
    const output = execFileSync('sh', ['-s'], { input: script.join(''), maxBuffer: 64 * 1024 * 1024 })
    expect(output.toString('utf8').split('\n').slice(0, -1)).toEqual(values.map((text) => `<${text}>`))
  }
})

test('ten thousand texts come back from CQL, YAML, JSON and properties', () => {
  for (const x of samples()) {
    expect(readCql(render('{{ x }}', 'cql', x))).toBe(x)
    expect(parseYaml(render('a: {{ x }}\n', 'yaml', x))).toEqual({ a: x })
    expect(JSON.parse(render('{"a": {{ x }}}', 'json', x))).toEqual({ a: x })
    expect(readProperty(render('a={{ x }}', 'properties', x))).toEqual(['a', x])
    expect(readProperty(render('{{ x }}=a', 'properties', x))).toEqual([x, 'a'])
  }
})

test('lists and maps come back from YAML', () => {
  const data = fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes('\\u0000'))
  fc.assert(
    fc.property(data, (value) => {
      const x = value as Value
      expect(parseYaml(render('a: {{ x }}\n', 'yaml', x))).toEqual({ a: JSON.parse(JSON.stringify(value)) })
    }),
    { numRuns: 1000, seed: 7 },
  )
})

/** Reads one string literal of CQL; fails when anything stands after it. */
function readCql(text: string): string {
  const match = /^'((?:[^']|'')*)'$/.exec(text)
  if (match === null) throw new Error(`not one literal: ${text}`)
  return match[1]!.replaceAll("''", "'")
}

/** Reads a line as java.util.Properties does. */
function readProperty(line: string): [string, string] {
  if (/[\n\r]/.test(line)) throw new Error('more than one line')
  const match = /^[ \t\f]*((?:[^\\=: \t\f]|\\.)*)[ \t\f]*[=:]?[ \t\f]*(.*)$/s.exec(line)!
  return [unescapeProperty(match[1]!), unescapeProperty(match[2]!)]
}

function unescapeProperty(text: string): string {
  const plain: { [char: string]: string } = { n: '\n', r: '\r', t: '\t', f: '\f' }
  return text.replace(/\\(?:u([0-9a-f]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (plain[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
