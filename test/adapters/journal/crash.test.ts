import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { openRun } from '../../../src/adapters/journal/run-store.ts'
import { buildOptions, buildRun, reopen } from './run-builder.ts'

type Child = {
  readonly process: ChildProcessByStdio<null, Readable, null>
  /** Each whole line that was printed; the last one is cut off by the kill at most. */
  readonly lines: string[]
  readonly until: (count: number) => Promise<void>
  readonly ended: Promise<unknown>
}

function startWriter(state: string, run?: string): Child {
  const script = join(import.meta.dirname, 'writer-child.ts')
  const process_ = spawn(process.execPath, [script, state, ...(run === undefined ? [] : [run])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const reader = createInterface({ input: process_.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    for (const check of waiting) check()
  })
  const ended = once(reader, 'close')
  onTestFinished(async () => {
    process_.kill('SIGKILL')
    await ended
  })
  const until = (count: number) =>
    new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (lines.length < count) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      process_.on('exit', () => reject(new Error(`ended after ${lines.length} lines`)))
      check()
    })
  return { process: process_, lines, until, ended }
}

test('a writer killed at any moment loses nothing that it acknowledged, and its lock is free at once', async () => {
  const { state, store } = await buildRun()
  await store.close()
  for (let round = 0; round < 12; round += 1) {
    const child = startWriter(state, store.run)
    await child.until(2 + ((round * 37) % 101))
    child.process.kill('SIGKILL')
    await child.ended
    const again = await reopen(state, store.run)
    const [held, ...acknowledged] = child.lines.filter((line) => /^held|^\d+ [0-9a-f]{64}$/.test(line))
    expect(held).toBe(`held ${store.run}`)
    expect(acknowledged.length).toBeGreaterThan(0)
    const found = again.records.map((record) => `${record.seq} ${record.h}`)
    expect(acknowledged.filter((line) => !found.includes(line))).toEqual([])
    await again.store.close()
  }
})

test('of eight that want the run, exactly one gets it, and the others learn who', async () => {
  const { state, store } = await buildRun()
  await store.close()
  const children = Array.from({ length: 8 }, () => startWriter(state, store.run))
  await Promise.all(children.map((child) => child.until(1).catch(() => undefined)))
  const winners = children.filter((child) => child.lines[0]?.startsWith('held'))
  expect(winners.length).toBe(1)
  const others = children.filter((child) => child !== winners[0]).map((child) => child.lines[0])
  for (const line of others) expect(['busy ', `busy ${winners[0].process.pid}`]).toContain(line)
})

test('a suspended holder keeps the run; once killed it is free', async () => {
  const { state, store } = await buildRun()
  await store.close()
  const child = startWriter(state, store.run)
  await child.until(3)
  child.process.kill('SIGSTOP')
  const opened = await openRun(state, store.run, buildOptions().options)
  expect(opened).toMatchObject({ kind: 'busy', holder: { pid: child.process.pid, operator: 'ada' } })
  child.process.kill('SIGKILL')
  await child.ended
  expect((await reopen(state, store.run)).kind).toMatch(/ok|torn/)
})

test('the process that holds a run cannot open it a second time', async () => {
  const { state, store } = await buildRun()
  const opened = await openRun(state, store.run, buildOptions().options)
  expect(opened).toMatchObject({ kind: 'busy', holder: { pid: process.pid } })
  // The refused attempt must not have dropped the lock of the first (closing a file drops POSIX locks on it).
  const child = startWriter(state, store.run)
  await child.until(1)
  expect(child.lines[0]).toBe(`busy ${process.pid}`)
})
