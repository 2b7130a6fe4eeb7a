import { describe, expect, test } from 'vitest'
import { evaluateProbe } from '../../../src/core/check/evaluate-probe.ts'
import type { ProbeEnd, ProbeFacts, WantedOutput } from '../../../src/core/check/evaluate-probe.ts'

type Given = Partial<Omit<ProbeFacts, 'stdout' | 'stderr' | 'expectations'>> & {
  readonly stdout?: string | Uint8Array
  readonly stderr?: string
  readonly expectations?: readonly Partial<WantedOutput>[]
}

const exited = (code: number): ProbeEnd => ({ kind: 'exited', code })
const buildFacts = (given: Given): ProbeFacts => ({
  end: given.end ?? exited(0),
  stdout: typeof given.stdout === 'object' ? given.stdout : Buffer.from(given.stdout ?? ''),
  stderr: Buffer.from(given.stderr ?? ''),
  fail: given.fail ?? [1],
  expectations: (given.expectations ?? []).map((each) => ({
    match: 'text',
    stream: 'stdout',
    wanted: '',
    ...each,
  })),
})
const evaluate = (given: Given) => evaluateProbe(buildFacts(given))
const checkVerdict = (given: Given, expected: string): void => expect(evaluate(given).verdict).toBe(expected)

const checkText = (wanted: string, stdout: string, reason: string | undefined): void => {
  const result = evaluate({ stdout, expectations: [{ wanted }] })
  expect([result.verdict, result.verdict === 'pass' ? undefined : result.reason]).toEqual([
    reason === undefined ? 'pass' : 'fail',
    reason,
  ])
}
const checkExact = (wanted: string, stdout: string | Uint8Array, verdict: string): void =>
  checkVerdict({ stdout, expectations: [{ wanted, match: 'exact' }] }, verdict)
const checkRegex = (wanted: string, stdout: string, verdict: string): void =>
  checkVerdict({ stdout, expectations: [{ wanted, match: 'regex' }] }, verdict)
const checkJson = (wanted: string, stdout: string, reason: string | undefined): void => {
  const result = evaluate({ stdout, expectations: [{ wanted, match: 'json' }] })
  expect([result.verdict, result.verdict === 'pass' ? undefined : result.reason]).toEqual([
    reason === undefined ? 'pass' : 'fail',
    reason,
  ])
}
const checkYaml = (wanted: string, stdout: string, verdict: string): void =>
  checkVerdict({ stdout, expectations: [{ wanted, match: 'yaml' }] }, verdict)

describe('the verdict by how the command ended', () => {
  const wanted = [{ wanted: 'active' }]
  test.each<[string, Given, string]>([
    ['0', { end: exited(0) }, 'pass'],
    ['1', { end: exited(1) }, 'fail'],
    ['2', { end: exited(2) }, 'inconclusive'],
    ['127, no such command', { end: exited(127) }, 'inconclusive'],
    ['3 where 3 means no', { end: exited(3), fail: [1, 3] }, 'fail'],
    ['1 where only 3 means no', { end: exited(1), fail: [3] }, 'inconclusive'],
    ['a signal', { end: { kind: 'signalled', signal: 'KILL' } }, 'inconclusive'],
    ['a timeout', { end: { kind: 'timed-out', afterMs: 5000 } }, 'inconclusive'],
    ['a lost connection', { end: { kind: 'lost', reason: 'reset' } }, 'inconclusive'],
    ['a refused channel', { end: { kind: 'failed', reason: 'refused' } }, 'inconclusive'],
    ['a refused sudo', { end: { kind: 'elevation-failed', reason: 'wrong password' } }, 'inconclusive'],
    ['0 and the wanted output', { stdout: 'active\n', expectations: wanted }, 'pass'],
    ['0 and other output', { stdout: 'inactive\n', expectations: wanted }, 'fail'],
    ['1 and the wanted output', { end: exited(1), stdout: 'active\n', expectations: wanted }, 'fail'],
    ['4 and the wanted output', { end: exited(4), stdout: 'active\n', expectations: wanted }, 'inconclusive'],
    [
      'a signal and the wanted output',
      { end: { kind: 'signalled', signal: 'TERM' }, stdout: 'active\n', expectations: wanted },
      'inconclusive',
    ],
    [
      'one of two expectations missed',
      { stdout: 'active\n', expectations: [...wanted, { wanted: 'x' }] },
      'fail',
    ],
  ])('%s', (_name, given, expected) => checkVerdict(given, expected))

  test('says what happened', () => {
    expect(evaluate({ end: exited(1), stderr: 'no such unit\nmore' })).toEqual({
      verdict: 'fail',
      expected: 'exit code 0',
      actual: 'exit code 1',
      reason: 'exit code 1: no such unit',
    })
    expect(evaluate({ end: { kind: 'timed-out', afterMs: 65_000 } }).reason).toContain('1m5s')
  })
})

describe('text', () => {
  test.each<[string, string, string, string | undefined]>([
    ['same', 'a\nb\n', 'a\nb\n', undefined],
    ['no final newline', 'a\n', 'a', undefined],
    ['trailing blanks and lines', 'a\n', 'a \t\r\n\n\n', undefined],
    ['leading blanks count', 'a', ' a', 'line 1: wanted "a", found " a"'],
    ['the second line differs', 'a\nb', 'a\nc', 'line 2: wanted "b", found "c"'],
    ['one line too many', 'a', 'a\nb', 'line 2 is one too many: "b"'],
    ['one line too few', 'a\nb', 'a\n', 'wanted "b", but the output ended'],
    ['nothing printed', 'a', '', 'wanted "a", but nothing was printed'],
    ['nothing wanted', '', '', undefined],
    ['nothing wanted, something printed', '', 'x', 'line 1 is one too many: "x"'],
    ['skip at both ends', '...\nb\n...', 'a\nb\nc', undefined],
    ['skip of nothing', '...\na\n...', 'a', undefined],
    ['skip at the end', 'a\n...', 'a\nb\nc', undefined],
    ['skip and a last line', '...\nc', 'a\nc\nb\nc', undefined],
    ['nothing after a skip fits', '...\nz', 'a\nb', 'no line is "z" where one was wanted'],
    ['a block after a skip', '...\nb\nc', 'b\nx\nb\nc', undefined],
    ['a block after a skip that breaks', '...\nb\nc\n...', 'a\nb\nx', 'line 3: wanted "c", found "x"'],
    ['skipped characters', 'up [..] days, load [..]', 'up 12 days, load 0.1', undefined],
    ['skipped characters at the ends', '[..]mid[..]', 'a mid b', undefined],
    ['skipped characters do not overlap', 'ab[..]bc', 'abc', 'line 1: wanted "ab[..]bc", found "abc"'],
    ['skipped characters in the middle', 'a[..]b[..]c', 'a1c2b3c', undefined],
    ['regex signs are plain', 'a.c (x)*', 'abc (x)*', 'line 1: wanted "a.c (x)*", found "abc (x)*"'],
    ['three dots within a line are plain', 'wait...', 'wait', 'line 1: wanted "wait...", found "wait"'],
  ])('%s', (_name, wanted, stdout, reason) => checkText(wanted, stdout, reason))

  test('many wildcards over long output end soon', () => {
    const wanted = Array.from({ length: 40 }, () => '...\na').join('\n') + '\nz'
    expect(evaluate({ stdout: 'a\n'.repeat(20_000), expectations: [{ wanted }] }).verdict).toBe('fail')
    const line = '[..]a'.repeat(40) + 'z'
    expect(evaluate({ stdout: 'a'.repeat(100_000), expectations: [{ wanted: line }] }).verdict).toBe('fail')
  })

  test('looks at the stream it names', () => {
    const given = { stdout: 'out\n', stderr: 'err\n' }
    expect(evaluate({ ...given, expectations: [{ wanted: 'err', stream: 'stderr' }] }).verdict).toBe('pass')
    expect(evaluate({ ...given, expectations: [{ wanted: 'out\nerr', stream: 'both' }] }).verdict).toBe(
      'pass',
    )
  })

  test('says when the output is no text', () => {
    const result = evaluate({ stdout: new Uint8Array([0xff, 0xfe]), expectations: [{ wanted: 'a' }] })
    expect(result.reason).toContain('not valid UTF-8')
  })
})

describe('exact', () => {
  test.each<[string, string, string | Uint8Array, string]>([
    ['same', 'a\nb\n', 'a\nb\n', 'pass'],
    ['one final newline aside', 'a\n', 'a', 'pass'],
    ['two final newlines', 'a\n', 'a\n\n', 'fail'],
    ['a trailing blank', 'a', 'a ', 'fail'],
    ['line ends of Windows', 'a\nb', 'a\r\nb', 'fail'],
    ['nothing printed', 'a', '', 'fail'],
    ['a skip is plain', '...', 'x', 'fail'],
    ['bytes that decode alike', '\ufffd', new Uint8Array([0xff]), 'fail'],
  ])('%s', (_name, wanted, stdout, verdict) => checkExact(wanted, stdout, verdict))

  test('names the line', () => {
    expect(evaluate({ stdout: 'a\nc', expectations: [{ wanted: 'a\nb', match: 'exact' }] })).toMatchObject({
      expected: 'b',
      actual: 'c',
      reason: 'line 2: wanted exactly "b", found "c"',
    })
  })
})

describe('regex', () => {
  test.each([
    ['searched', 'b+', 'abbc', 'pass'],
    ['anchors match at every line', '^<status>ok</status>$\n', '<?xml?>\n<status>ok</status>\n<x/>', 'pass'],
    ['anchors match at line ends of Windows', '^ok$', 'x\r\nok\r\n', 'pass'],
    ['anchored and not there', '^ok$', 'not ok', 'fail'],
    ['nothing printed', 'a', '', 'fail'],
    ['not a regular expression', '(', 'a', 'inconclusive'],
    ['a look-behind is not in RE2', '(?<=a)b', 'ab', 'inconclusive'],
  ])('%s', (_name, wanted, stdout, verdict) => checkRegex(wanted, stdout, verdict))

  test('takes linear time where backtracking would never end', () => {
    checkRegex('^(a+)+$', `${'a'.repeat(20_000)}!`, 'fail')
  })

  test('captures the first group, else standard output trimmed', () => {
    const capture = (wanted: string): string | undefined =>
      evaluate({ stdout: ' version: 4.1.3 \n', expectations: [{ wanted, match: 'regex' }] }).captured
    expect(capture(String.raw`version: ([\d.]+)`)).toBe('4.1.3')
    expect(capture('version')).toBe('version')
    expect(evaluate({ stdout: ' 4.1.3 \n' }).captured).toBe('4.1.3')
    expect(evaluate({ end: exited(1), stdout: 'x' }).captured).toBeUndefined()
  })
})

describe('json and yaml', () => {
  test.each<[string, string, string, string | undefined]>([
    ['a subset of keys', '{"a": 1}', '{"a": 1, "b": 2}', undefined],
    ['1 and 1.0', '{"a": 1}', '{"a": 1.0}', undefined],
    ['a number and a text', '{"a": 1}', '{"a": "1"}', 'a: wanted 1, found "1"'],
    ['a nested value', '{"a": {"b": true}}', '{"a": {"b": false}}', 'a.b: wanted true, found false'],
    ['an absent key', '{"a": {"b": null}}', '{"a": {}}', 'a.b: wanted null, found (absent)'],
    ['an inherited name', '{"toString": 1}', '{}', 'toString: wanted 1, found (absent)'],
    ['items in order, others between', '[1, 3]', '[1, 2, 3]', undefined],
    [
      'an item in the middle',
      '{"n": [{"id": "b"}]}',
      '{"n": [{"id": "a"}, {"id": "b", "up": true}]}',
      undefined,
    ],
    [
      'the one item differs',
      '{"n": [{"id": "b"}]}',
      '{"n": [{"id": "a"}]}',
      'n[0].id: wanted "b", found "a"',
    ],
    ['items in another order', '[1, 2]', '[2, 1]', '[1]: wanted 2, found 1'],
    ['no errors wanted, one found', '{"errors": []}', '{"errors": ["x"]}', 'errors: wanted [], found ["x"]'],
    ['an empty map wanted', '{"e": {}}', '{"e": {"x": 1}}', 'e: wanted {}, found {"x":1}'],
    [
      'large integers',
      '{"a": 9007199254740993}',
      '{"a": 9007199254740992}',
      'a: wanted 9007199254740993, found 9007199254740992',
    ],
    ['not JSON', '{}', 'oops', undefined],
    ['nothing printed', '{}', '', 'nothing was printed'],
  ])('%s', (name, wanted, stdout, reason) => {
    if (name !== 'not JSON') return checkJson(wanted, stdout, reason)
    expect(evaluate({ stdout, expectations: [{ wanted, match: 'json' }] })).toMatchObject({
      verdict: 'fail',
      actual: 'oops',
    })
  })

  test.each([
    ['a subset', 'a: {b: 1}', 'x: 0\na:\n  b: 1\n  c: 2\n', 'pass'],
    ['a quoted number is a text', 'a: 1', 'a: "1"\n', 'fail'],
    ['not YAML', 'a: 1', 'a: [', 'fail'],
    ['the expectation is not YAML', 'a: [', 'a: 1', 'inconclusive'],
    [
      'a bomb of aliases',
      'a: 1',
      `a: &a [x]\n${'bcdefghij'
        .split('')
        .map((k, i) => `${k}: &${k} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[i]}`).join(', ')}]`)
        .join('\n')}\n`,
      'fail',
    ],
  ])('%s', (_name, wanted, stdout, verdict) => checkYaml(wanted, stdout, verdict))
})
