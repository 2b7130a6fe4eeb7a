import { describe, expect, it } from 'vitest'
import { decideSafeAction, parseJobReport } from '../../../src/engine/remote-job/job-report.ts'
import { parseReplyLine } from '../../../src/engine/remote-job/reply-line.ts'

function check(line: string, report: object, action: string): void {
  const parsed = parseReplyLine(`end ${line}`)
  expect(parsed.report).toEqual(report)
  expect(parsed.report && decideSafeAction(parsed.report)).toBe(action)
}

describe('a verdict', () => {
  it.each([
    ['absent', { kind: 'never-started' }, 'start-same-id'],
    ['lost', { kind: 'storage-lost' }, 'unknown'],
    ['not-started', { kind: 'not-started' }, 'tombstone-then-new-attempt'],
    ['running started=running pid=7', { kind: 'running', isStarted: true, pid: 7 }, 'follow'],
    ['running started=claimed pid=7', { kind: 'running', isStarted: false, pid: 7 }, 'follow'],
    ['rebooted', { kind: 'rebooted' }, 'unknown'],
    ['orphan pid=8', { kind: 'orphan', pid: 8 }, 'follow-then-unknown'],
    ['killed', { kind: 'killed' }, 'unknown'],
    ['exit code=007 sent=1 out=0 err=0', { kind: 'exited', code: 7 }, 'use-result'],
    [
      'cancelled code=143 left=0',
      { kind: 'cancelled', hasRun: true, code: 143, hasSurvivors: false },
      'use-result',
    ],
    [
      'cancelled code=--- left=0',
      { kind: 'cancelled', hasRun: false, code: undefined, hasSurvivors: false },
      'use-result',
    ],
    [
      'cancelled code=ped left=0',
      { kind: 'cancelled', hasRun: true, code: undefined, hasSurvivors: false },
      'use-result',
    ],
    ['timeout code=137 left=1', { kind: 'timed-out', code: 137, hasSurvivors: true }, 'use-result'],
    [
      'refused why=epoch epoch=000000004',
      { kind: 'refused', why: 'epoch', detail: { why: 'epoch', epoch: '000000004' } },
      'show-refusal',
    ],
  ])('%s is read and has one safe action', check)

  it.each([
    ['exit', {}],
    ['running', { pid: 'x' }],
    ['refused', { why: 'mood' }],
    ['fine', {}],
    ['timeout', { code: '-1' }],
  ])('that makes no sense (%s) is none', (verdict, fields) =>
    expect(parseJobReport(verdict, fields as Record<string, string>)).toBeUndefined(),
  )
})
