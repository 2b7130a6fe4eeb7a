import { expect, test } from 'vitest'
import { createWorkPool } from '../../src/engine/work-pool.ts'

test('what a task waits for may come before it is parked: it begins again', async () => {
  const pool = createWorkPool()
  const { promise, resolve } = Promise.withResolvers<'parked'>()
  let begun = 0
  const begin = (task: () => Promise<'done' | 'parked'>): void =>
    pool.begin('run-host a h1', () => {
      begun += 1
      return task()
    })
  begin(() => promise)
  pool.unpark()
  resolve('parked')
  await pool.changed()
  begin(async () => 'done')
  expect(begun).toBe(2)
})

test('a parked task stays parked until something happens', async () => {
  const pool = createWorkPool()
  let begun = 0
  const task = async (): Promise<'parked'> => {
    begun += 1
    return 'parked'
  }
  pool.begin('key', task)
  await pool.changed()
  pool.begin('key', task)
  expect(begun).toBe(1)
  pool.unpark()
  pool.begin('key', task)
  expect(begun).toBe(2)
})
