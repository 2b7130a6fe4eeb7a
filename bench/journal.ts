import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashText } from '../src/adapters/journal/hash-text.ts'
import { listRuns } from '../src/adapters/journal/list-runs.ts'
import { loadJournal } from '../src/adapters/journal/load-journal.ts'
import { createRunDirectory, selectRunPaths } from '../src/adapters/journal/run-directory.ts'
import { createRun, openRun, type RunStore, type RunStoreOptions } from '../src/adapters/journal/run-store.ts'
import { openStateDirectory } from '../src/adapters/journal/state-directory.ts'
import type { RunId } from '../src/core/base/ids.ts'
import { EMPTY_HEAD } from '../src/core/journal/chain.ts'
import { encodeRecord } from '../src/core/journal/record.ts'
import { quantile } from './figure.ts'

/** Figures of one machine and disk; milliseconds unless named otherwise. */
export type JournalFigures = {
  readonly appendP50Ms: number
  readonly appendP99Ms: number
  /** 2,000 appends made at once, which share their fdatasyncs. */
  readonly groupedAppendsPerSecond: number
  readonly verifyEvents: number
  readonly verifyMs: number
  /** Lock, verification and opening for writing. */
  readonly openMs: number
  readonly listRuns200Ms: number
  readonly outputMibPerSecond: number
  readonly outputWindowP50Ms: number
}

const SAMPLES = 1000
const EVENTS = 99_000
const EVENT = { type: 'x', step: 'drain.node', host: 'cassandra-1', note: 'p'.repeat(180) }

/** Measures the run store on the temporary directory's disk; it asserts nothing about time. */
export async function measureJournal(): Promise<JournalFigures> {
  const at = realpathSync(mkdtempSync(join(tmpdir(), 'handrail-bench-')))
  try {
    const state = await openStateDirectory(join(at, 'state'))
    const { store } = await createRun(state, buildOptions(), () => [{ type: 'run-created' }])
    const figures = { ...(await measureAppends(store)), ...(await measureOutput(store)) }
    await store.close()
    return { ...figures, ...(await measureOpening(state)), listRuns200Ms: await measureListing(state) }
  } finally {
    rmSync(at, { recursive: true })
  }
}

function failLoudly({ error }: { readonly error: Error }): void {
  throw error
}

function buildOptions(): RunStoreOptions {
  const holder = { pid: process.pid, host: 'bench', operator: 'bench', since: '' }
  return { session: 'bench', actor: 'bench', holder, onPoisoned: failLoudly }
}

async function measureAppends(store: RunStore) {
  const times: number[] = []
  for (let n = 0; n < SAMPLES; n += 1) times.push(await measure(() => store.append([EVENT])))
  const grouped = await measure(() => Promise.all(Array.from({ length: 2000 }, () => store.append([EVENT]))))
  return {
    appendP50Ms: quantile(times, 0.5),
    appendP99Ms: quantile(times, 0.99),
    groupedAppendsPerSecond: Math.round(2000 / (grouped / 1000)),
  }
}

async function measureOutput(store: RunStore) {
  const job = 'bench.1' as Parameters<RunStore['openOutput']>[0]
  const writer = await store.openOutput(job, 'stdout')
  const chunk = Buffer.from(`${'x'.repeat(79)}\n`.repeat(819))
  const took = await measure(async () => {
    for (let bytes = 0; bytes < 128 * 1024 * 1024; bytes += chunk.length) await writer.append(chunk)
    await writer.flush()
  })
  const reader = store.readOutput(job, 'stdout')
  const windows: number[] = []
  for (let n = 0; n < 100; n += 1) windows.push(await measure(() => reader.lines(n * 1000, 50)))
  await writer.finish()
  return { outputMibPerSecond: Math.round(128_000 / took), outputWindowP50Ms: quantile(windows, 0.5) }
}

async function measureOpening(state: string) {
  const { run, directory } = await createRunDirectory(state)
  writeFileSync(selectRunPaths(directory).journal, buildJournal(run, EVENTS))
  let verifyEvents = 0
  const verifyMs = await measure(async () => {
    verifyEvents = (await loadJournal(directory)).records.length
  })
  let opened: Awaited<ReturnType<typeof openRun>> | undefined
  const openMs = await measure(async () => {
    opened = await openRun(state, run, buildOptions())
  })
  if (opened?.kind === 'ok') await opened.store.close()
  return { verifyEvents, verifyMs, openMs }
}

async function measureListing(state: string): Promise<number> {
  for (let n = 0; n < 198; n += 1) {
    const { run, directory } = await createRunDirectory(state)
    writeFileSync(selectRunPaths(directory).journal, buildJournal(run, 50))
  }
  return measure(() => listRuns(state))
}

function buildJournal(run: RunId, events: number): string {
  const lines: string[] = []
  let head = EMPTY_HEAD
  for (let seq = 1; seq <= events; seq += 1) {
    const t = new Date(seq).toISOString()
    const fields = { seq, t, mono: seq, run, session: 'bench', fence: 1, actor: 'bench', prev: head.h }
    const { line, record } = encodeRecord(fields, EVENT, hashText)
    lines.push(line)
    head = { seq, h: record.h }
  }
  return `${lines.join('\n')}\n`
}

async function measure(action: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await action()
  return Math.round((performance.now() - began) * 1000) / 1000
}
