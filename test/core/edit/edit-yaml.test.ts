import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { applyEdit } from '../../../src/core/edit/apply-edit.ts'
import { codesOf, diffLines, edit, readFixture } from './edit-fixture.ts'

const editLines = (fixture: string, wanted: string): string[] => {
  const before = readFixture(fixture)
  return diffLines(before, edit('yaml', before, wanted))
}

const check = (current: string | undefined, wanted: string, expected: string): void =>
  expect(edit('yaml', current, wanted)).toBe(expected)
const checkCodes = (current: string | undefined, wanted: string, codes: string[]): void =>
  expect(codesOf('yaml', current, wanted)).toEqual(codes)
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

describe('a real cassandra.yaml', () => {
  test('of 2.2: the lines of the wanted keys change and no others', () => {
    const wanted = `cluster_name: 'Gateway'
num_tokens: 256
authenticator: org.apache.cassandra.auth.PasswordAuthenticator
listen_address: 10.0.0.1
broadcast_address: 203.0.113.5
key_cache_size_in_mb: 64
max_hint_window_in_ms: 3600000
data_file_directories:
  - /data/a
  - /data/b
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "10.0.0.1,10.1.0.1"
endpoint_snitch: GossipingPropertyFileSnitch
server_encryption_options:
  internode_encryption: all
  require_client_auth: true
client_encryption_options:
  enabled: true
  truststore: /etc/cassandra/client-truststore.jks
start_rpc: !delete
a_key_of_our_own: {a: 1}
`
    expect(editLines('cassandra-2.2.yaml', wanted)).toEqual([
      "-cluster_name: 'Test Cluster'",
      "+cluster_name: 'Gateway'",
      '-max_hint_window_in_ms: 10800000 # 3 hours',
      '+max_hint_window_in_ms: 3600000 # 3 hours',
      '-authenticator: AllowAllAuthenticator',
      '+authenticator: org.apache.cassandra.auth.PasswordAuthenticator',
      '-    - /var/lib/cassandra/data',
      '+    - /data/a',
      '+    - /data/b',
      '-key_cache_size_in_mb:',
      '+key_cache_size_in_mb: 64',
      '-          - seeds: "127.0.0.1"',
      '+          - seeds: "10.0.0.1,10.1.0.1"',
      '-listen_address: localhost',
      '+listen_address: 10.0.0.1',
      '+broadcast_address: 203.0.113.5',
      '-start_rpc: false',
      '-endpoint_snitch: SimpleSnitch',
      '+endpoint_snitch: GossipingPropertyFileSnitch',
      '-    internode_encryption: none',
      '+    internode_encryption: all',
      '+    require_client_auth: true',
      '-    enabled: false',
      '+    enabled: true',
      '+    truststore: /etc/cassandra/client-truststore.jks',
      '+a_key_of_our_own: {a: 1}',
    ])
  })

  test('of 2.2: a new key stands behind its commented-out form', () => {
    const text = edit(
      'yaml',
      readFixture('cassandra-2.2.yaml'),
      'broadcast_address: 203.0.113.5\nclient_encryption_options: {truststore: x}\n',
    )
    expect(text).toContain('# broadcast_address: 1.2.3.4\nbroadcast_address: 203.0.113.5\n\n')
    expect(text).toContain('    # truststore: conf/.truststore\n    truststore: x\n    # truststore_password')
  })

  test('of 5.0: maps within maps, keys with a blank before the colon, units', () => {
    const wanted = `authenticator:
  class_name: PasswordAuthenticator
memtable:
  configurations:
    default:
      inherits: trie
    heap:
      class_name: SkipListMemtable
      parameters:
        shards: 4
seed_provider:
- class_name: org.apache.cassandra.locator.SimpleSeedProvider
  parameters:
  - seeds: "10.0.0.1:7000"
sstable:
  selected_format: bti
storage_compatibility_mode: NONE
audit_logging_options: !delete
`
    expect(editLines('cassandra-5.0.yaml', wanted)).toEqual([
      '-  class_name : AllowAllAuthenticator',
      '+  class_name : PasswordAuthenticator',
      '-      inherits: skiplist',
      '+      inherits: trie',
      '+    heap:',
      '+      class_name: SkipListMemtable',
      '+      parameters:',
      '+        shards: 4',
      '-      - seeds: "127.0.0.1:7000"',
      '+      - seeds: "10.0.0.1:7000"',
      '-  selected_format: big',
      '+  selected_format: bti',
      '-audit_logging_options:',
      '-  enabled: false',
      '-  logger:',
      '-    - class_name: BinAuditLogger',
      '-storage_compatibility_mode: CASSANDRA_4',
      '+storage_compatibility_mode: NONE',
    ])
  })

  test.each(['cassandra-2.2.yaml', 'cassandra-5.0.yaml'])('%s as it is already changes nothing', (name) => {
    const text = readFixture(name)
    expect(edit('yaml', text, text)).toBe(text)
    const windows = text.replaceAll('\n', '\r\n')
    expect(edit('yaml', windows, 'num_tokens: 8\nnew_key:\n  a: 1\n')).toBe(
      edit('yaml', text, 'num_tokens: 8\nnew_key:\n  a: 1\n').replaceAll('\n', '\r\n'),
    )
  })
})

describe('shapes of YAML', () => {
  test.each<[string, string | undefined, string, string]>([
    [
      'no file',
      undefined,
      '# ours\na: 1\nb: !delete\nc:\n  d: !delete\n  e: 2\n',
      '# ours\na: 1\nc:\n  e: 2\n',
    ],
    ['an empty file', '', 'a: 1\n', 'a: 1\n'],
    ['nothing but comments', '# hello\n', 'a: 1\n', '# hello\na: 1\n'],
    ['a document start', '---\na: 1\n', 'a: 2', '---\na: 2\n'],
    ['no final newline', 'a: 1', 'b: 2\n', 'a: 1\nb: 2'],
    ['a byte order mark', '\ufeffa: 1\n', 'a: 2\n', '\ufeffa: 2\n'],
    ['trailing blanks', 'a: 1  \nb: 2\t\n', 'a: 3\n', 'a: 3  \nb: 2\t\n'],
    ['quotes that mean the same', `a: 'x'\nb: "u"\nc: z\n`, 'a: x\nb: u\nc: "z"\n', `a: 'x'\nb: "u"\nc: z\n`],
    ['a text that looks like a number', 'a: 9042\n', 'a: "9042"\n', 'a: "9042"\n'],
    ['yes is not true for every reader', 'a: yes\n', 'a: true\n', 'a: true\n'],
    ['an octal number is not a decimal one', 'a: 0644\n', 'a: 644\n', 'a: 644\n'],
    ['a key in quotes', '"a b": 1\n', 'a b: 2\n', '"a b": 2\n'],
    ['a value becomes a map', 'a: 1 # why\nb: 2\n', 'a:\n  c: 3\n', 'a: # why\n  c: 3\nb: 2\n'],
    ['a map becomes a value', 'a: # why\n  c: 3\nb: 2\n', 'a: 1\n', 'a: 1 # why\nb: 2\n'],
    ["a list in the key's column", 'a:\n- 1\n- 2\nb: 2\n', 'a:\n  - 3\n', 'a:\n- 3\nb: 2\n'],
    ['a flow list', 'a: [1, 2] # why\n', 'a: [1, 3]\n', 'a: [1, 3] # why\n'],
    ['an equal list in another style', 'a: [1, 2]\n', 'a:\n  - 1\n  - 2\n', 'a: [1, 2]\n'],
    ['a flow map', 'a: {b: 1, c: 2}\n', 'a:\n  c: 3\n  d: [4]\n', 'a: {b: 1, c: 3, d: [4]}\n'],
    [
      'a key of a flow map is removed',
      'a: {b: 1, c: 2, d: 3}\n',
      'a: {b: !delete, d: !delete}\n',
      'a: {c: 2}\n',
    ],
    ['an empty flow map', 'a: {}\n', 'a: {b: 1}\n', 'a: {b: 1}\n'],
    ['a block text', 'a: |\n  one\n  two\nb: 1\n', 'a: |\n    three\n', 'a: |\n    three\nb: 1\n'],
    ['a value becomes a block text', 'a: 1 # why\nb: 2\n', 'a: |\n  x\n', 'a: | # why\n  x\nb: 2\n'],
    ['the last key of a map is removed', 'a:\n  b: 1\nc: 2\n', 'a: {b: !delete}\n', 'a: {}\nc: 2\n'],
    ['the first key of the file is removed', 'a: 1\nb: 2\n', 'a: !delete\n', 'b: 2\n'],
    ['what is not there is not removed', 'a: 1\n', 'b: !delete\nc: {d: !delete}\n', 'a: 1\n'],
    ['a removed key and a new one', 'a: 1\nb: 2\n', 'b: !delete\nc: 3\n', 'a: 1\nc: 3\n'],
    [
      'new keys behind a nested map',
      'a:\n    b: 1\n\n# end\n',
      'a: {c: 2}\nd: 3\n',
      'a:\n    b: 1\n    c: 2\nd: 3\n\n# end\n',
    ],
    [
      'a comment that looks like the key, in a nested map',
      'a:\n  b: 1\n# x: 1\n  c: 2\n',
      'x: 3\n',
      'a:\n  b: 1\n# x: 1\n  c: 2\nx: 3\n',
    ],
    ['the order of the keys', 'z: 1\na: 2\n', 'a: 3\nz: 4\n', 'z: 4\na: 3\n'],
    ['a comment at the end of the value', 'a: "x#y" # c\n', 'a: z\n', 'a: z # c\n'],
    ['an empty value with a comment', 'a: # none\nb: 1\n', 'a: 1\n', 'a: 1 # none\nb: 1\n'],
    ['tabs between words', 'a:\t1\n', 'a: 2\n', 'a:\t2\n'],
  ])('%s', (_name, current, wanted, expected) => check(current, wanted, expected))

  test.each<[string, string | undefined, string, string[]]>([
    ['wanted YAML that cannot be read', 'a: 1\n', 'a: [', ['HR3101']],
    ['a wanted list', 'a: 1\n', '- a', ['HR3102']],
    ['nothing wanted', 'a: 1\n', '# nothing', ['HR3102']],
    ['a key wanted twice', 'a: 1\n', 'a: 1\na: 2', ['HR3103']],
    ['an alias', 'a: 1\n', 'a: &x 1\nb: *x', ['HR3104', 'HR3104']],
    ['a tag', 'a: 1\n', 'a: !env X', ['HR3104']],
    ['a deletion within a list', 'a: 1\n', 'a: [!delete x]', ['HR3104']],
    ['a file that cannot be read', 'a: [\n', 'a: 1', ['HR3201']],
    ['several documents', 'a: 1\n---\nb: 1\n', 'a: 1', ['HR3201']],
    ['a file with a list', '- a\n', 'a: 1', ['HR3202']],
    ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 'a: 1', ['HR3203']],
    ['a duplicate of another key', 'a: 1\nb: 2\na: 3\n', 'b: 2', []],
    ['an alias in the file', 'a: &x {k: 1}\nb: *x\n', 'b: {k: 2}', ['HR3204']],
    ['an anchor in the file', 'a: &x {k: 1}\nb: *x\n', 'a: {k: 2}', ['HR3204']],
    ['a complex key', '? [a]\n: 1\n', 'a: 1', ['HR3201']],
  ])('refuses: %s', (_name, current, wanted, codes) => checkCodes(current, wanted, codes))

  test('tells what it manages', () => {
    const { value } = applyEdit({
      language: 'yaml',
      path: 'f',
      current: 'a: 1\nb: {c: 2}\n',
      wanted: 'a: !delete\nb: {c: 2, d: 3}\n',
    })
    expect(value.managed).toEqual([
      { key: 'a', before: '1' },
      { key: 'b.c', before: '2', after: '2' },
      { key: 'b.d', after: '3' },
    ])
  })
})

describe('any YAML', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd')
  const scalar = fc.constantFrom(
    '1',
    'x y',
    '"q # q"',
    "'it''s'",
    'true',
    '',
    '0644',
    '[1, 2]',
    '{a: 1, c: 2}',
    '{}',
  )
  type Tree = { readonly [key: string]: Tree | string | readonly string[] }
  const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.dictionary(
      key,
      fc.oneof(
        { maxDepth: 3 },
        scalar,
        fc.array(fc.constantFrom('1', 'z'), { minLength: 1, maxLength: 3 }),
        tie('tree'),
      ),
      { minKeys: 1, maxKeys: 4 },
    ),
  })).tree
  const write = (node: Tree, options: { indent: number; at: number; comments: boolean }): string[] => {
    const blanks = ' '.repeat(options.at)
    return Object.entries(node).flatMap(([name, value]) => {
      const comment = options.comments ? [`${blanks}# about ${name}`, ''] : []
      if (typeof value === 'string')
        return [...comment, `${blanks}${name}: ${value}`.trimEnd() + (options.comments ? ' # end' : '')]
      if (Array.isArray(value))
        return [...comment, `${blanks}${name}:`, ...value.map((item) => `${blanks}  - ${item}`)]
      return [
        ...comment,
        `${blanks}${name}:`,
        ...write(value as Tree, { ...options, at: options.at + options.indent }),
      ]
    })
  }
  const merge = (current: unknown, wanted: unknown): unknown => {
    if (!isMap(current) || !isMap(wanted)) return wanted
    return Object.fromEntries([
      ...Object.entries(current),
      ...Object.entries(wanted).map(([name, value]) => [name, merge(current[name], value)]),
    ])
  }
  test('holds what is wanted afterwards, and every line that had nothing to do with it', () => {
    fc.assert(
      fc.property(
        tree,
        tree,
        fc.constantFrom(2, 4),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (current, wanted, indent, eol, hasFinal) => {
          const lines = write(current, { indent, at: 0, comments: true })
          const text = lines.join(eol) + (hasFinal ? eol : '')
          const wantedText = `${write(wanted, { indent: 2, at: 0, comments: false }).join('\n')}\n`
          const after = edit('yaml', text, wantedText)
          expect(parse(after)).toEqual(merge(parse(text), parse(wantedText)))
          const untouched = Object.keys(current).filter((name) => !(name in wanted))
          for (const name of untouched) expect(after).toContain(`# about ${name}${eol}${eol}`)
          if (hasFinal) expect(after.endsWith(eol)).toBe(true)
          expect(after.replaceAll(eol, '')).not.toMatch(/[\r\n]/)
        },
      ),
      { numRuns: 400 },
    )
  })
})
