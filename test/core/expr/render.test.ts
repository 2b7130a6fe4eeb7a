import { describe, expect, test } from 'vitest'
import { startOfFile } from '../../../src/core/base/place.ts'
import { parseTemplate } from '../../../src/core/expr/parse-template.ts'
import { renderTemplate } from '../../../src/core/expr/render-template.ts'
import { displayRendered, fillRendered, secretNames } from '../../../src/core/expr/rendered-text.ts'
import type { LiteralStyle, Scope } from '../../../src/core/expr/value.ts'
import { SecretRef } from '../../../src/core/expr/value.ts'

const scope: Scope = {
  s: "it's",
  n: 5n,
  b: true,
  none: null,
  l: ['a b', "c'd"],
  m: { DC1: 3n, "o'x": 'y' },
  nl: 'a\nb',
  pct: '50%',
  edge: ' x ',
  pw: new SecretRef('probe'),
  empty: [],
  eof: 'EOF',
  host: 'db1.example.com',
  path: '/a b/c',
  url: 'https://example.com/x?y=1',
  dollar: '$(id) `id` \\',
}

function render(text: string, style: LiteralStyle) {
  const template = parseTemplate(text, startOfFile('t.md'))
  expect(template.diagnostics).toEqual([])
  return renderTemplate(template.value, { scope, style, file: 't.md', late: new Set(['run']) })
}

describe('literals of a language', () => {
  test.each<[LiteralStyle, string, string]>([
    ['sh', 'echo {{ s }}', `echo 'it'\\''s'`],
    ['sh', 'x {{ n }} {{ b }}', `x '5' 'true'`],
    ['sh', 'x {{ l }};', `x 'a b' 'c'\\''d';`],
    ['sh', 'x {{ empty }} y', 'x  y'],
    ['sh', '--a={{ s }}{{ n }}', `--a='it'\\''s''5'`],
    ['sh', 'x_{{ ident("ab_c") }}', 'x_ab_c'],
    ['sh', 'echo $(( {{ n }} + 1 ))', 'echo $(( 5 + 1 ))'],
    ['sh', 'cat <<E\n{{ dollar }}\nE\n', 'cat <<E\n\\$(id) \\`id\\` \\\\\nE\n'],
    ['sh', "cat <<'E'\n{{ dollar }}\nE\n", "cat <<'E'\n$(id) `id` \\\nE\n"],
    ['sh', '"$(echo {{ s }})"', `"$(echo 'it'\\''s')"`],
    ['cql', 'x = {{ s }} AND y = {{ n }}', `x = 'it''s' AND y = 5`],
    ['cql', '{{ l }} {{ m }}', `['a b', 'c''d'] {'DC1': 3, 'o''x': 'y'}`],
    ['cql', 'KEYSPACE {{ ident("ks_1") }}', 'KEYSPACE ks_1'],
    ['yaml', 'a: {{ s }}\nb: [{{ n }}, {{ b }}]\n', `a: "it's"\nb: [5, true]\n`],
    ['yaml', '- {{ l }}', `- ["a b", "c'd"]`],
    ['yaml', '{{ s }}: {{ none }} # why', `"it's": null # why`],
    ['json', '{"a": {{ nl }}}', '{"a": "a\\nb"}'],
    ['properties', 'a={{ nl }}\n{{ s }}:x=y', "a=a\\nb\nit's:x=y"],
    ['properties', 'a = {{ edge }}', 'a = \\ x '],
    ['xml', '<a b="{{ s }}">{{ nl }}</a>', '<a b="it&apos;s">a&#10;b</a>'],
    ['ini', 'a = {{ s }}', "a = it's"],
    [
      'http',
      'GET http://{{ host }}:{{ n }}{{ path }}?q={{ path }}',
      'GET http://db1.example.com:5/a%20b/c?q=%2Fa%20b%2Fc',
    ],
    ['http', 'GET {{ url }}', 'GET https://example.com/x?y=1'],
    [
      'http',
      'POST http://h/\nContent-Type: application/json\n\n{"a": {{ nl }}}',
      'POST http://h/\nContent-Type: application/json\n\n{"a": "a\\nb"}',
    ],
    ['crontab', '0 1 * * * x {{ pct }} # y', "0 1 * * * x '50\\%' # y"],
    ['regex', '^{{ host }}$', '^db1\\.example\\.com$'],
    ['plain', '{{ s }} {{ l }}', "it's a b, c'd"],
    ['plain', '{{ "{{" }}', '{{'],
  ])('%s: %s', (style, text, expected) => {
    const result = render(text, style)
    expect(result).toMatchObject({ ok: true })
    expect(result.ok && displayRendered(result.rendered)).toBe(expected)
  })

  test.each<[LiteralStyle, string, string, string]>([
    ['sh', 'echo "{{ s }}"', 'HR1101', 'double quotes'],
    ['sh', "echo '{{ s }}'", 'HR1101', 'single quotes'],
    ['sh', 'echo `x {{ s }}`', 'HR1101', '$( … )'],
    ['sh', 'echo ${x:-{{ s }}}', 'HR1101', 'variable'],
    ['sh', 'echo \\{{ s }}', 'HR1101', 'backslash'],
    ['sh', 'echo ${{ s }}', 'HR1101', 'backslash or $'],
    ['sh', 'eval {{ s }}', 'HR1101', 'eval'],
    ['sh', 'x {{ m }}', 'HR1008', 'map'],
    ['sh', 'x {{ none }}', 'HR1008', 'null'],
    ['sh', 'A={{ l }}', 'HR1008', 'alone'],
    ['sh', '# {{ nl }}', 'HR1008', 'one line'],
    ['sh', 'echo $(( {{ s }} ))', 'HR1008', 'int'],
    ['sh', 'cat <<EOF\n{{ eof }}\nEOF\n', 'HR1008', 'ends the here-document'],
    ['sh', 'P={{ pw }}\ncat <<EOF\n{{ eof }}\nEOF\n', 'HR1008', 'ends the here-document'],
    ['sh', 'cat <<E\n{{ nl }}\nE\n', 'HR1008', 'line break'],
    ['sh', 'cat <<E\n${{ s }}\nE\n', 'HR1101', '$'],
    ['sh', 'mysql -p {{ pw }}', 'HR1009', 'process list'],
    ['sh', "cat <<'E'\n{{ pw }}\nE\n", 'HR1009', 'quoted here-document'],
    ['sh', 'x {{ [pw] }}', 'HR1008', 'map'],
    ['sh', 'x {{ s.y }}', 'HR1007', ''],
    ['cql', "x = '{{ s }}'", 'HR1008', 'quotes'],
    ['cql', 'KEYSPACE {{ ident("a-b") }}', 'HR1008', 'identifier'],
    ['yaml', 'a: "{{ s }}"', 'HR1008', 'quotes'],
    ['yaml', 'a: http://{{ s }}/', 'HR1008', 'whole value'],
    ['json', '{"a": "x, {{ s }}, y"}', 'HR1008', 'quotes'],
    ['ini', 'a = {{ nl }}', 'HR1008', 'line break'],
    ['ini', 'a = {{ edge }}', 'HR1008', 'edges'],
    ['http', 'GET http://h/\nX: {{ nl }}', 'HR1008', 'line break'],
    ['http', 'GET http://h/{{ pw }}', 'HR1009', 'logs'],
    ['http', 'GET http://{{ s }}/', 'HR1008', 'host name'],
    ['crontab', '0 1 * * * x {{ nl }}', 'HR1008', 'one line'],
    ['plain', '{{ pw }}', 'HR1009', 'shown'],
  ])('%s: %s is refused', (style, text, code, words) => {
    const result = render(text, style)
    expect(result).toMatchObject({ ok: false })
    expect(!result.ok && result.diagnostics[0]).toMatchObject({
      code,
      message: expect.stringContaining(words),
    })
  })
})

describe('secrets and late expressions', () => {
  test('in sh a secret is a variable, in quotes but in a here-document', () => {
    const result = render('P={{ pw }}\nprintf %s {{ pw }} | x\ncat <<E\np={{ pw }}\nE\n', 'sh')
    if (!result.ok) throw new Error('not rendered')
    expect(displayRendered(result.rendered)).toBe(
      'P="«secret probe»"\nprintf %s "«secret probe»" | x\ncat <<E\np=«secret probe»\nE\n',
    )
    expect(secretNames(result.rendered)).toEqual(['probe'])
    const filled = fillRendered(result.rendered, () => 'a b')
    expect(filled).toEqual({
      ok: true,
      text: 'P="${handrail_secret_1}"\nprintf %s "${handrail_secret_1}" | x\ncat <<E\np=${handrail_secret_1}\nE\n',
      variables: [{ variable: 'handrail_secret_1', value: 'a b' }],
    })
  })

  test.each<[LiteralStyle, string, string]>([
    ['ini', 'password = {{ pw }}', 'password = a"b'],
    ['yaml', 'password: {{ pw }}', 'password: "a\\"b"'],
    ['http', 'GET http://h/\nX: {{ pw }}', 'GET http://h/\nX: a"b'],
    ['cql', 'PASSWORD = {{ pw }}', `PASSWORD = 'a"b'`],
  ])('in %s a secret is filled in as a literal', (style, text, expected) => {
    const result = render(text, style)
    if (!result.ok) throw new Error('not rendered')
    expect(fillRendered(result.rendered, () => 'a"b')).toEqual({ ok: true, text: expected, variables: [] })
    expect(fillRendered(result.rendered, () => undefined)).toMatchObject({ ok: false })
  })

  test('an expression that is known only later stays', () => {
    const result = render('x {{ run.dir + s }} {{ n }}', 'sh')
    if (!result.ok) throw new Error('not rendered')
    expect(displayRendered(result.rendered)).toBe("x {{ run.dir + s }} '5'")
    expect(fillRendered(result.rendered, () => '')).toMatchObject({ ok: false })
  })

  test('a secret that breaks the text around it is refused when it is filled in', () => {
    const result = render('a = {{ pw }}', 'ini')
    if (!result.ok) throw new Error('not rendered')
    expect(fillRendered(result.rendered, () => 'a\nb')).toMatchObject({ ok: false })
  })
})

test.each([
  ['a {{ x }} b', ['a ', 'x', ' b'], []],
  ['{{ {"a": {"b": 1}} }}', ['{"a": {"b": 1}}'], []],
  ['{{{"a": 1}}}', ['{"a": 1}'], []],
  ['{{ "}}" }}x', ['"}}"', 'x'], []],
  ["{{ '''a'}}''' }}", ["'''a'}}'''"], []],
  ['{{ x', ['{{ x'], ['HR1006']],
  ['{{ }}', [], ['HR1003']],
  ['{{ a // b\n + c }}', ['a // b\n + c'], []],
])('template %s', (text, parts, codes) => {
  const parsed = parseTemplate(text, startOfFile('t.md'))
  expect(
    parsed.value.parts.map((part) => (part.kind === 'text' ? part.text : part.expression.source)),
  ).toEqual(parts)
  expect(parsed.diagnostics.map((each) => each.code)).toEqual(codes)
})

test('a literal template has one text', () => {
  expect(parseTemplate('a {{ b', startOfFile('t.md'), { literal: true }).value.parts).toEqual([
    { kind: 'text', text: 'a {{ b' },
  ])
})
