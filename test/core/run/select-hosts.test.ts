import { describe, expect, test } from 'vitest'
import { selectHostsToStart } from '../../../src/core/run/select-hosts.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import type { StepSpec } from '../../engine/support/plan-builder.ts'
import { began, ended, failed, openRun } from './support.ts'

function check(spec: Partial<StepSpec>, events: readonly RunEvent[], expected: string): void {
  const run = openRun([{ id: 'a', hosts: ['h1', 'h2', 'h3', 'h4'], run: ['x'], ...spec }]).tell(...events)
  const step = run.state.steps.values().next().value!
  expect(
    selectHostsToStart(step)
      .map(({ host }) => host)
      .join(' '),
  ).toBe(expected)
}

describe('the hosts that may start now', () => {
  test.each<[string, Partial<StepSpec>, RunEvent[], string]>([
    ['all at once in parallel', {}, [], 'h1 h2 h3 h4'],
    ['one in serial order', { order: 'serial' }, [], 'h1'],
    ['none while the serial one is at work', { order: 'serial' }, [began('a', 'h1')], ''],
    ['the next after the serial one ended', { order: 'serial' }, [ended('a', 'h1')], 'h2'],
    ['none while the serial one waits for a person', { order: 'serial' }, failed('a', 'h1'), ''],
    ['so many as the batch allows', { batch: 2 }, [], 'h1 h2'],
    ['the rest of the batch', { batch: 2 }, [began('a', 'h1')], 'h2'],
    ['serial batches', { order: 'serial', batch: 2 }, [began('a', 'h1')], 'h2'],
    ['the first alone', { order: 'first-then-parallel' }, [], 'h1'],
    ['none behind a first that is at work', { order: 'first-then-parallel' }, [began('a', 'h1')], ''],
    ['none behind a first that failed', { order: 'first-then-parallel' }, failed('a', 'h1'), ''],
    ['the rest after the first', { order: 'first-then-parallel' }, [ended('a', 'h1')], 'h2 h3 h4'],
    [
      'the next alone after a first that was undone',
      { order: 'first-then-parallel' },
      [ended('a', 'h1', 'undone', 'ann')],
      'h2',
    ],
    [
      'the next alone after a first that was skipped',
      { order: 'first-then-parallel' },
      [ended('a', 'h1', 'skipped', 'ann')],
      'h2',
    ],
    [
      'none behind a second that failed after a first that was undone',
      { order: 'first-then-parallel' },
      [ended('a', 'h1', 'undone', 'ann'), ...failed('a', 'h2')],
      '',
    ],
    [
      'the rest after a first that was accepted',
      { order: 'first-then-parallel' },
      [...failed('a', 'h1'), ended('a', 'h1', 'accepted', 'ann')],
      'h2 h3 h4',
    ],
    ['only the first group', { groups: [0, 2] }, [], 'h1 h2'],
    [
      'the second group once the first has ended',
      { groups: [0, 2] },
      [ended('a', 'h1'), ended('a', 'h2')],
      'h3 h4',
    ],
    ['none of the second group before', { groups: [0, 2] }, [ended('a', 'h1'), began('a', 'h2')], ''],
    ['none after so many failures', { maxFailures: 1 }, failed('a', 'h1'), ''],
    ['more below the threshold', { maxFailures: 2 }, failed('a', 'h1'), 'h2 h3 h4'],
    [
      'more after the failure was accepted',
      { maxFailures: 1 },
      [...failed('a', 'h1'), ended('a', 'h1', 'accepted', 'ann')],
      'h2 h3 h4',
    ],
    [
      'more after a person let an unknown one be',
      { maxFailures: 1 },
      [ended('a', 'h1', 'unknown', 'ann')],
      'h2 h3 h4',
    ],
    [
      'none after an unknown one that nobody has judged',
      { maxFailures: 1 },
      [ended('a', 'h1', 'unknown')],
      '',
    ],
    ['none before one was picked', { pickAny: true }, [], ''],
    [
      'the one that was picked',
      { pickAny: true },
      [{ type: 'host-picked', step: 'a', host: 'h3' } as RunEvent],
      'h3',
    ],
  ])('are %s', (_, spec, events, expected) => check(spec, events, expected))
})
