import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codesOf, diffLines, edit, readFixture } from './edit-fixture.ts'

const checkCodes = (current: string | undefined, wanted: string, codes: string[]): void =>
  expect(codesOf('xml', current, wanted)).toEqual(codes)
const check = (current: string | undefined, wanted: string, expected: string): void =>
  expect(edit('json', current, wanted)).toBe(expected)
const isMap = (item: unknown): item is Record<string, unknown> =>
  typeof item === 'object' && item !== null && !Array.isArray(item)

describe('xml', () => {
  const store = readFixture('store.xml')
  const checkDiff = (wanted: string, expected: string[]): void =>
    expect(diffLines(store, edit('xml', store, wanted))).toEqual(expected)
  test.each<[string, string, string[]]>([
    [
      'a predicate on an attribute',
      "//fval[@name='maxTransTimeout']/value = 600000",
      [
        '-    <fval name="maxTransTimeout"><value>240000</value></fval>',
        '+    <fval name="maxTransTimeout"><value>600000</value></fval>',
      ],
    ],
    ['the same value', '//fval[@name="maxTransTimeout"]/value = 240000', []],
    [
      'blanks around the text stay',
      '//fval[@name="maxInputLen"]/value = 20971520',
      ['-      10485760', '+      20971520'],
    ],
    ['the same text within blanks', '//fval[@name="maxInputLen"]/value/text() = 10485760', []],
    [
      'a whole path with predicates on two levels',
      "/entityStore/entity[@type='Host'][2]/fval[@name='port']/value = 9142",
      [
        '-    <fval name="port"><value>9042</value></fval>',
        '+    <fval name="port"><value>9142</value></fval>',
      ],
    ],
    [
      'a predicate on the text of a child',
      "//entity[@pk='2']/fval[value='9042']/@name = nativePort",
      [
        '-    <fval name="port"><value>9042</value></fval>',
        '+    <fval name="nativePort"><value>9042</value></fval>',
      ],
    ],
    [
      'an attribute in single quotes',
      "/entityStore/entity[1]/@cardinality = it's",
      [
        `-  <entity type="SystemSettings" pk="1" cardinality='1'>`,
        `+  <entity type="SystemSettings" pk="1" cardinality='it&apos;s'>`,
      ],
    ],
    [
      'an escaped text',
      "//entity[@pk='2']/fval[@name='name']/value = a &lt; b",
      [
        '-    <fval name="name"><value>cass1 &amp; co</value></fval>',
        '+    <fval name="name"><value>a &lt; b</value></fval>',
      ],
    ],
    ['an equal text in other escapes', "//fval[@name='banner']/value = a &lt; b &amp; c", []],
    [
      'a CDATA section',
      "//fval[@name='banner']/value = hello",
      [
        '-    <fval name="banner"><value><![CDATA[a < b & c]]></value></fval>',
        '+    <fval name="banner"><value>hello</value></fval>',
      ],
    ],
    [
      'an element without content',
      "//fval[@name='proxy']/value = http://proxy",
      [
        '-    <fval name="proxy"><value/></fval>',
        '+    <fval name="proxy"><value>http://proxy</value></fval>',
      ],
    ],
    [
      'a star',
      '/*/entity[3]/*[1]/value = cass3',
      [
        '-    <fval name="name"><value>cass2</value></fval>',
        '+    <fval name="name"><value>cass3</value></fval>',
      ],
    ],
  ])('%s', (_name, wanted, expected) => checkDiff(wanted, expected))

  test.each<[string, string | undefined, string, string[]]>([
    ['a path that matches nothing', store, "//fval[@name='nope']/value = 1", ['HR3206']],
    ['what stands in a comment', '<a><!-- <b>1</b> --></a>', '//b = 1', ['HR3206']],
    ['a path that matches twice', store, "//fval[@name='port']/value = 1", ['HR3207']],
    ['an element with elements', store, "//entity[@pk='1'] = 1", ['HR3205']],
    ['a path of another kind', store, '//value[position()<2] = 1', ['HR3107']],
    ['no equals sign', store, '//value', ['HR3105']],
    ['a tag in the value', store, "//fval[@name='proxy']/value = <b/>", ['HR3101']],
    ['a bare ampersand', store, "//fval[@name='proxy']/value = a & b", ['HR3101']],
    ['the same path twice', store, '/a/b = 1\n/a/b = 2', ['HR3103']],
    ['a path by the value that it changes', store, "//entity[@pk='3']/@pk = 4", ['HR3205']],
    ['no file', undefined, '/a/b = 1', ['HR3210']],
    ['tags that cross', '<a><b></a></b>', '/a = 1', ['HR3201']],
    ['an unclosed element', '<a><b></b>', '/a = 1', ['HR3201']],
    ['a lone bracket', '<a>1 < 2</a>', '/a = 1', ['HR3201']],
  ])('refuses: %s', (_name, current, wanted, codes) => checkCodes(current, wanted, codes))

  test('keeps line ends, and several paths change at once', () => {
    const windows = store.replaceAll('\n', '\r\n')
    const wanted = "//fval[@name='maxTransTimeout']/value = 1\n//entity[@pk='3']/@type = Server\n"
    expect(edit('xml', windows, wanted)).toBe(edit('xml', store, wanted).replaceAll('\n', '\r\n'))
  })
})

describe('json', () => {
  test.each<[string, string | undefined, string, string]>([
    ['no file', undefined, '{\n  "a": 1,\n  "b": "!delete"\n}\n', '{\n  "a": 1\n}\n'],
    ['a value', '{\n\t"a": 1,\n\t"b": 2\n}', '{"b": 3}', '{\n\t"a": 1,\n\t"b": 3\n}'],
    ['a new key, one line each', '{\n  "a": 1\n}\n', '{"b": [1, 2]}', '{\n  "a": 1,\n  "b": [1, 2]\n}\n'],
    [
      'a new key, all on one line',
      '{"a": 1}',
      '{"b": 2, "c": {"d": null}}',
      '{"a": 1, "b": 2, "c": {"d": null}}',
    ],
    ['an empty object', '{}', '{"a": 1, "b": 2}', '{"a": 1, "b": 2}'],
    ['a nested object', '{"a": {"b": 1, "c": 2}}', '{"a": {"c": 3}}', '{"a": {"b": 1, "c": 3}}'],
    ['a list is replaced', '{"a": [1, {"x": [[]]}]}', '{"a": [2]}', '{"a": [2]}'],
    ['the first key is removed', '{\n  "a": 1,\n  "b": 2\n}', '{"a": "!delete"}', '{\n  "b": 2\n}'],
    ['the last key is removed', '{\n  "a": 1,\n  "b": 2\n}', '{"b": "!delete"}', '{\n  "a": 1\n}'],
    ['all keys are removed', '{"a": 1, "b": 2}', '{"a": "!delete", "b": "!delete"}', '{}'],
    ['one removed, one added', '{"a": 1, "b": 2}', '{"b": "!delete", "c": 3}', '{"a": 1, "c": 3}'],
    ['the only one removed, one added', '{"a": 1}', '{"a": "!delete", "c": 3}', '{"c": 3}'],
    [
      'escapes that mean the same',
      String.raw`{"a": "\u0041\/b"}`,
      '{"a": "A/b"}',
      String.raw`{"a": "\u0041\/b"}`,
    ],
    ['numbers that are the same', '{"a": 1.0}', '{"a": 1}', '{"a": 1.0}'],
    [
      'large numbers that a double would confuse',
      '{"a": 9007199254740992}',
      '{"a": 9007199254740993}',
      '{"a": 9007199254740993}',
    ],
    ['line ends of Windows', '{\r\n  "a": 1\r\n}\r\n', '{"b": 2}', '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'],
    ['signs within texts', '{"a": "}, {\\" [", "b": 1}', '{"b": 2}', '{"a": "}, {\\" [", "b": 2}'],
  ])('%s', (_name, current, wanted, expected) => check(current, wanted, expected))

  test('finds what is wrong', () => {
    expect(codesOf('json', '{}', '{"a": 1')).toEqual(['HR3101'])
    expect(codesOf('json', '{}', '[1]')).toEqual(['HR3102'])
    expect(codesOf('json', '{}', '{"a": 1, "a": 2}')).toEqual(['HR3103'])
    expect(codesOf('json', '{}', '{"a": ["!delete"]}')).toEqual(['HR3104'])
    expect(codesOf('json', '{', '{"a": 1}')).toEqual(['HR3201'])
    expect(codesOf('json', '[]', '{"a": 1}')).toEqual(['HR3202'])
    expect(codesOf('json', '{"a": 1, "a": 2}', '{"a": 1}')).toEqual(['HR3203'])
  })

  test('holds what is wanted afterwards and what it held before, whatever the layout', () => {
    const key = fc.constantFrom('a', 'b', 'c')
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.string(),
        fc.constant(null),
        fc.array(fc.integer(), { maxLength: 3 }),
        tie('map'),
      ),
      map: fc.dictionary(key, tie('any'), { noNullPrototype: true }),
    }))
    const merge = (current: unknown, wanted: unknown): unknown => {
      if (!isMap(current) || !isMap(wanted)) return wanted
      return {
        ...current,
        ...Object.fromEntries(
          Object.entries(wanted).map(([name, item]) => [name, merge(current[name], item)]),
        ),
      }
    }
    fc.assert(
      fc.property(value.map, value.map, fc.constantFrom(0, 2, '\t'), (current, wanted, indent) => {
        const after = edit('json', JSON.stringify(current, null, indent), JSON.stringify(wanted))
        expect(JSON.parse(after)).toEqual(merge(current, wanted))
      }),
      { numRuns: 300 },
    )
  })
})
