import { expect, test } from 'vitest'
import type { RunEntry } from '../../src/tui/library.ts'
import { FakeClient } from './support/fake-client.ts'
import { EDIT, FakeDoor } from './support/fake-edit.ts'
import { FakeLibrary } from './support/fake-library.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { aRun } from './support/run-builder.ts'

/** A library whose runs change, and that says so. */
class LiveLibrary extends FakeLibrary {
  reads = 0
  change: (runs: readonly RunEntry[]) => readonly RunEntry[] = (runs) => runs
  tell = (): void => undefined
  readonly watch = (listener: () => void): (() => void) => {
    this.tell = listener
    return () => (this.tell = () => undefined)
  }
}

async function open() {
  const client = new FakeClient(aRun().step('a').confirmed())
  const library = new LiveLibrary(client)
  const first = library.runs
  Object.assign(library, {
    runs: async () => {
      library.reads += 1
      return library.change(await first())
    },
  })
  const screen = mountScreen({ library })
  await screen.screen()
  return { library, screen }
}

/** The line that the cursor stands on. */
function selected(shown: string): string {
  return shown.split('\n').find((line) => line.includes('›')) ?? ''
}

test('a run that begins elsewhere is listed by itself, and the cursor stays on what it stood on', async () => {
  const { library, screen } = await open()
  const before = selected(await screen.press('j', 'j'))
  library.change = ([first, ...others]) => [
    { ...first!, run: '2222-aaaa' as RunEntry['run'], title: 'Something that has just begun' },
    first!,
    ...others,
  ]
  library.tell()
  const after = await screen.pass(500)
  expect(after).toContain('Something that has just begun')
  expect(selected(after)).toBe(before)
  screen.close()
})

test('many changes in a row are one read, and lists that are the same draw nothing', async () => {
  const { library, screen } = await open()
  const nowMs = (): number => screen.session.options.timers.nowMs()
  const [reads, beganMs] = [library.reads, nowMs()]
  for (let count = 0; count < 100; count += 1) {
    library.tell()
    await screen.pass(10)
  }
  expect(nowMs() - beganMs).toBeGreaterThan(1000)
  expect(library.reads - reads).toBeLessThanOrEqual(1 + (nowMs() - beganMs) / 500)
  await screen.pass(1000)
  const before = library.reads
  const { revision } = screen.session.store.getState()
  library.tell()
  await screen.pass(600)
  expect(library.reads).toBe(before + 1)
  // The clock of the header ticks once a second, and nothing else.
  expect(screen.session.store.getState().revision - revision).toBeLessThanOrEqual(1)
  screen.close()
})

test('what is chosen stays chosen when the places come in another order', async () => {
  const { library, screen } = await open()
  // The first runbook, then the second of its places.
  await screen.press('\t', '\r', 'j')
  const before = selected(await screen.screen())
  const known = await library.inventories()
  Object.assign(library, { inventories: async () => known.toReversed() })
  library.tell()
  const after = selected(await screen.pass(600))
  expect([before, after]).toEqual([expect.stringContaining('test'), before])
  screen.close()
})

test('while a run is on the screen nothing is read; after it, home is read anew', async () => {
  const { library, screen } = await open()
  await screen.press('\r')
  const { reads } = library
  library.tell()
  await screen.pass(2000)
  expect(library.reads).toBe(reads)
  await screen.press('q')
  expect(library.reads).toBe(reads + 1)
  screen.close()
  expect(library.tell).not.toThrow()
})

test('a read that fails is not the last one', async () => {
  const { library, screen } = await open()
  const good = library.change
  library.change = () => {
    throw new Error('no file can be opened')
  }
  library.tell()
  await screen.pass(600)
  library.change = (runs) => good(runs).map((run) => ({ ...run, title: 'Read after all' }))
  library.tell()
  expect(await screen.pass(20_000)).toContain('Read after all')
  screen.close()
})

test('a run whose edited files were left undecided is listed as it stands now', async () => {
  const looking = new FakeClient(aRun().step('a').confirmed())
  const door = new FakeDoor(EDIT, { looking, driving: looking })
  const library = Object.assign(new LiveLibrary(looking), { open: door.open })
  const first = library.runs
  Object.assign(library, { runs: async () => library.change(await first()) })
  const screen = mountScreen({ library })
  await screen.screen()
  await screen.press('\r')
  await screen.pass(600)
  library.change = (runs) => runs.map((run) => ({ ...run, title: 'Changed meanwhile' }))
  library.tell()
  expect(await screen.press('\u001b')).toContain('Changed meanwhile')
  screen.close()
})

test('a run that was still being opened when the screen was left is let go', async () => {
  const client = new FakeClient(aRun().step('a').confirmed())
  const opening = Promise.withResolvers<{ client: FakeClient; how: string }>()
  const library = Object.assign(new FakeLibrary(client), { open: () => opening.promise })
  const screen = mountScreen({ library })
  await screen.screen()
  await screen.press('\r')
  screen.session.close()
  opening.resolve({ client, how: 'resumed' })
  await opening.promise
  await Promise.resolve()
  expect(client.isDetached).toBe(true)
  screen.close()
})
