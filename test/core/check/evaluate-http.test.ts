import { expect, test } from 'vitest'
import { evaluateHttp } from '../../../src/core/check/evaluate-http.ts'
import type { HttpReply } from '../../../src/core/check/evaluate-http.ts'

const reply = (status: number, body = ''): HttpReply => ({ kind: 'replied', status, body: Buffer.from(body) })
const wantOk = [{ match: 'regex', stream: 'stdout', wanted: '^<status>(ok)</status>$' }] as const

test('another status fails', () => {
  expect(evaluateHttp({ status: 200, reply: reply(503), expectations: [] })).toEqual({
    verdict: 'fail',
    expected: 'status 200',
    actual: 'status 503',
    reason: 'wanted status 200, the reply has 503',
  })
})

test('the status wanted need not be 200', () => {
  expect(evaluateHttp({ status: 404, reply: reply(404, ' gone '), expectations: [] })).toMatchObject({
    verdict: 'pass',
    captured: 'gone',
  })
})

test('no reply is inconclusive and says what to do', () => {
  const noReply: HttpReply = { kind: 'no-reply', reason: 'forwarding refused', hint: 'allow TCP forwarding' }
  const result = evaluateHttp({ status: 200, reply: noReply, expectations: wantOk })
  expect(result).toEqual({
    verdict: 'inconclusive',
    reason: 'no HTTP reply: forwarding refused (allow TCP forwarding)',
  })
})

test('the body must be as wanted', () => {
  expect(
    evaluateHttp({ status: 200, reply: reply(200, '<a/>\n<status>ok</status>\n'), expectations: wantOk }),
  ).toMatchObject({ verdict: 'pass', captured: 'ok' })
  expect(
    evaluateHttp({ status: 200, reply: reply(200, '<status>down</status>'), expectations: wantOk }).verdict,
  ).toBe('fail')
})
