import { expect, test } from 'vitest'
import type { RunId } from '../../../src/core/base/ids.ts'
import {
  formatRunId,
  isRunId,
  resolveRunPrefix,
  RUN_ID_ALPHABET,
} from '../../../src/core/journal/run-prefix.ts'

const RUNS = ['7k2q-9fpm', '7k3a-2222', 'abcd-efgh'] as RunId[]

test.each([
  ['a', { kind: 'unique', run: 'abcd-efgh' }],
  ['7k2', { kind: 'unique', run: '7k2q-9fpm' }],
  ['7K2Q9F', { kind: 'unique', run: '7k2q-9fpm' }],
  ['7k2q-9fpm', { kind: 'unique', run: '7k2q-9fpm' }],
  ['7k', { kind: 'ambiguous', runs: ['7k2q-9fpm', '7k3a-2222'] }],
  ['z', { kind: 'none' }],
  ['', { kind: 'none' }],
  ['-', { kind: 'none' }],
])('the prefix %j finds %j', (prefix, expected) => {
  expect(resolveRunPrefix(RUNS, prefix)).toEqual(expected)
})

test('ids are two groups of four characters of the alphabet', () => {
  let next = 0
  const id = formatRunId((below) => next++ % below)
  expect(id).toBe('2345-6789')
  expect(isRunId(id)).toBe(true)
  expect(RUN_ID_ALPHABET).not.toMatch(/[01ilou]/)
  expect(['..', '2345-678', '2345-6780', '2345-6789x', '../2345-6789'].filter(isRunId)).toEqual([])
})
