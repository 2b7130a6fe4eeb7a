import { expect, test } from 'vitest'
import type { HostName, StepId } from '../../../src/core/base/ids.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import { buildSinceRows } from '../../../src/tui/view-models/since-rows.ts'
import { FakeClient } from '../support/fake-client.ts'
import { aRun, NOW_MS } from '../support/run-builder.ts'

function tell(...events: readonly RunEvent[]): string[] {
  const run = aRun()
    .step('repair', { title: 'Repair', hosts: ['db1'] })
    .confirmed()
  const client = new FakeClient(run, { since: { leftAtMs: NOW_MS - 60_000, events } })
  return buildSinceRows({ wallMs: NOW_MS }, client, 70).map((row) => row.map(({ text }) => text).join(''))
}

function ended(outcome: 'succeeded' | 'satisfied' | 'accepted'): RunEvent {
  return {
    type: 'host-ended',
    step: 'repair' as StepId,
    host: 'db1' as HostName,
    outcome,
    durationMs: 1,
  }
}

test('what happened is told in the words of the screen', () => {
  const answer: RunEvent = {
    type: 'question-answered',
    question: 'unknown/repair@db1#1',
    choice: 'accept',
    by: 'bob',
    how: 'asked',
    reason: 'seen it',
  }
  const rows = tell(ended('succeeded'), ended('satisfied'), ended('accepted'), answer)
  expect(rows).toEqual([
    'You last looked 1m ago.',
    '',
    '- Repair on db1: done',
    '- Repair on db1: already done',
    '- Repair on db1: accepted',
    '- bob answered "It ran: accept": seen it',
  ])
})

test('of much that happened the newest is told, and how much there is before it', () => {
  const rows = tell(...Array.from({ length: 250 }, () => ended('succeeded')))
  const told = rows.filter((row) => row.startsWith('- Repair')).length
  expect(rows).toContain(`${250 - told} earlier events are in the report`)
})
