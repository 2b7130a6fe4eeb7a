import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openSocketClient } from '../../../src/cli/client/open-socket-client.ts'
import { brandAs, type RunId } from '../../../src/core/base/ids.ts'
import { createRunState } from '../../../src/core/run/state.ts'

test('a client that finds no runner leaves nothing behind that would remember the run as seen', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hr-dial-'))
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => {
    vi.useRealTimers()
    rmSync(directory, { recursive: true, force: true })
  })
  // A runner that was killed leaves this behind.
  writeFileSync(
    join(directory, 'runner.json'),
    JSON.stringify({ pid: 1, socket: join(directory, 'gone.sock'), since: '', operator: 'ann' }),
  )
  const client = await openSocketClient({
    history: {
      run: brandAs<RunId>('r'),
      directory,
      state: createRunState(),
      records: [],
      lastSeq: () => 0,
      apply: () => Promise.resolve([]),
      readValue: () => Promise.resolve(undefined),
    },
    operator: 'ann',
    drives: false,
    lastSeen: undefined,
    stepText: () => Promise.resolve(undefined),
    corrections: {} as never,
  })
  expect(client).toBe(undefined)
  expect(vi.getTimerCount()).toBe(0)
})
