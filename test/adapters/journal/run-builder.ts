import { mkdtempSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { PoisonNotice } from '../../../src/adapters/journal/journal-writer.ts'
import { createRun, openRun, type RunStoreOptions } from '../../../src/adapters/journal/run-store.ts'
import { openStateDirectory } from '../../../src/adapters/journal/state-directory.ts'
import type { RunId } from '../../../src/core/base/ids.ts'

/** A new directory that is removed when the test ends. */
export function buildDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'handrail-journal-')))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Options of an opening; poison notices are collected in `notices`. */
export function buildOptions(options: Partial<RunStoreOptions> = {}) {
  const notices: PoisonNotice[] = []
  const holder = { pid: process.pid, host: 'bastion', operator: 'ada', since: '2026-01-02T03:04:05Z' }
  const all: RunStoreOptions = {
    session: 's1',
    actor: 'ada',
    holder,
    onPoisoned: (notice) => notices.push(notice),
    ...options,
  }
  return { options: all, notices }
}

/** A state directory with one run in it, open and with its first event. */
export async function buildRun(options: Partial<RunStoreOptions> = {}, at = buildDirectory()) {
  const state = await openStateDirectory(join(at, 'state'))
  const built = buildOptions(options)
  const created = await createRun(state, built.options, () => [{ type: 'run-created', title: 'Drain' }])
  onTestFinished(() => created.store.close())
  return { state, ...created, notices: built.notices }
}

/** Opens a run again; it must be possible. */
export async function reopen(state: string, run: RunId, options: Partial<RunStoreOptions> = {}) {
  const { options: all, notices } = buildOptions(options)
  const opened = await openRun(state, run, all)
  if (opened.kind === 'corrupt' || opened.kind === 'busy') throw new Error(`unexpectedly ${opened.kind}`)
  onTestFinished(() => opened.store.close())
  return { ...opened, notices }
}
