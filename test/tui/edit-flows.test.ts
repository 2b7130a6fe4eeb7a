import { expect, test } from 'vitest'
import type { StepId } from '../../src/core/base/ids.ts'
import type { EditReview } from '../../src/tui/edit-review.ts'
import { FakeClient } from './support/fake-client.ts'
import { EDIT, FakeDoor, HELD_EDIT, INVENTORY_EDIT, UNPLANNABLE_EDIT } from './support/fake-edit.ts'
import { FakeLibrary } from './support/fake-library.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { aRun } from './support/run-builder.ts'

function paused() {
  return aRun()
    .step('repo', { title: 'Add the package repository' })
    .step('yaml', { title: 'Write cassandra.yaml' })
    .confirmed()
    .add({ type: 'run-paused', reason: 'operator' })
}

const failToOpen = async () => ({ problem: 'the disk is full', details: ['df -h'] })

/** A run whose files were edited, on a screen of its own or opened from home. */
async function open(edit: EditReview, from: 'shell' | 'home' = 'shell') {
  const looking = new FakeClient(paused(), { isUndriven: true })
  const driving = new FakeClient(aRun().step('yaml', { title: 'Write cassandra.yaml' }).confirmed())
  const door = new FakeDoor(edit, { looking, driving })
  const library = Object.assign(new FakeLibrary(looking), { open: door.open })
  const screen = mountScreen(from === 'home' ? { library } : { client: looking, edit, reopen: door.open })
  await screen.screen()
  if (from === 'home') await screen.press('\r')
  await screen.pass(600)
  return { screen, door, looking, driving }
}

test.each(['shell', 'home'] as const)(
  'from %s, one step is adopted and another kept, and the run goes on on the same screen',
  async (from) => {
    const two = { ...EDIT, steps: EDIT.steps.filter(({ step }) => step === 'repo' || step === 'yaml') }
    const { screen, door, looking, driving } = await open(two, from)
    expect(await screen.screen()).toContain('0 of 2 decided')
    door.expect(undefined)
    const shown = await screen.press('o', 'j', 'a', '\r')
    expect(door.answers).toEqual([{ seen: 'first', wish: { adopt: ['yaml'], keep: ['repo'] } }])
    expect(shown).toContain('resumed')
    expect(shown).not.toContain('The runbook was edited')
    expect(screen.session.client).toBe(driving)
    expect(looking.isDetached).toBe(true)
    screen.close()
  },
)

test('what was typed before the sheet could be read decides nothing', async () => {
  const looking = new FakeClient(paused(), { isUndriven: true })
  const door = new FakeDoor(EDIT, { looking, driving: looking })
  const screen = mountScreen({ client: looking, edit: EDIT, reopen: door.open })
  for (const key of ['A', '\r', 'A\r', ' ', '\r']) screen.type(key)
  expect(await screen.screen()).toContain('0 of 6 decided')
  expect(door.answers).toEqual([])
  screen.close()
})

test('what is not decided is said, and nothing is sent', async () => {
  const { screen, door } = await open(EDIT)
  expect(await screen.press('\r')).toContain('nothing is said yet: adopt or keep it')
  const shown = await screen.press('a', '\r')
  expect(shown).toContain('it is not said yet what becomes of firewall, yaml, join, smoke, auth')
  expect(door.answers).toEqual([])
  screen.close()
})

test('steps that moved are decided together', async () => {
  const { screen, door } = await open(EDIT)
  await screen.press('A', 'jjj', 'o', '\r')
  expect(door.answers).toMatchObject([
    { wish: { adopt: ['repo', 'firewall', 'yaml', 'auth'], keep: ['join', 'smoke'] } },
  ])
  screen.close()
})

test('a step that has begun is kept, whatever is pressed', async () => {
  const { screen, door } = await open(HELD_EDIT)
  expect(await screen.press('a')).toContain('install has begun under the old text')
  await screen.press('A', '\r')
  expect(door.answers).toMatchObject([{ wish: { adopt: ['yaml'], keep: ['install'] } }])
  screen.close()
})

test('a decision that cannot be had leaves the sheet and what was chosen, and says why', async () => {
  const { screen, door } = await open(EDIT)
  door.expect({ ...EDIT, problem: 'auth cannot be kept by itself' })
  const refused = await screen.press('A', 'G', 'o', '\r')
  expect(refused).toContain('auth cannot be kept by itself')
  expect(refused).toMatch(/keep {3}Raise the replication/)
  expect(refused).toContain('6 of 6 decided')
  door.expect(undefined)
  expect(await screen.press('a', '\r')).toContain('resumed')
  screen.close()
})

test('an edit that was edited again is shown anew, and nothing of it is decided', async () => {
  const { screen, door } = await open(EDIT)
  door.expect({ ...EDIT, seen: 'second', problem: 'it was edited again' })
  const shown = await screen.press('A', '\r')
  expect(shown).toContain('it was edited again')
  expect(shown).toContain('0 of 6 decided')
  screen.close()
})

test('a problem on the way is said on the sheet', async () => {
  const { looking } = await open(EDIT)
  const screen = mountScreen({ client: looking, edit: INVENTORY_EDIT, reopen: failToOpen })
  await screen.pass(600)
  const shown = await screen.press('a', '\r')
  expect(shown).toContain('the disk is full: df -h')
  expect(shown).toContain('The inventory was edited since')
  screen.close()
})

test('files that cannot be planned are shown, and the run goes on by its own copies', async () => {
  const { screen, door } = await open(UNPLANNABLE_EDIT)
  expect(await screen.press('a')).toContain('runbooks/cassandra.md:88:1')
  await screen.press('\r')
  expect(door.answers).toEqual([{ seen: 'unplannable', wish: { adopt: [], keep: ['all'] } }])
  screen.close()
})

test('Esc leaves everything as it is: to the shell, or to the library', async () => {
  const alone = await open(EDIT)
  await alone.screen.press('A', '\u001b')
  expect(alone.screen.asked).toContain('leave undecided')
  alone.screen.close()
  const { screen, door, looking } = await open(EDIT, 'home')
  const shown = await screen.press('A', '\u001b')
  expect(shown).toContain('nothing was changed: the run stays as it is')
  expect(shown).toContain('Library')
  expect(looking.isDetached).toBe(true)
  expect(door.answers).toEqual([])
  screen.close()
})

test('a long difference is scrolled, and another step is shown from its beginning', async () => {
  const { screen } = await open(EDIT)
  screen.terminal.resize(60, 20)
  await screen.press('j', '\u001b[6~', '\u001b[6~')
  expect(await screen.screen()).toContain('ufw allow from')
  expect(await screen.press('j')).toContain('adopt: runs as it reads now')
  screen.close()
})

test('taking up a run whose own process is gone asks about its edited files on the same screen', async () => {
  const lost = { kind: 'lost', sinceMs: 0, reason: 'it was killed' } as const
  const client = new FakeClient(paused(), { connection: lost, isUndriven: true })
  const driving = new FakeClient(paused())
  const door = new FakeDoor(EDIT, { looking: client, driving })
  const edited = Object.assign(client, {
    takeWheel: async () => ({ ok: false, reason: 'its files were edited since', edit: EDIT }) as const,
  })
  const screen = mountScreen({ client: edited, reopen: door.open })
  expect(await screen.press('D')).toContain('The runbook was edited since')
  const left = await screen.press('\u001b')
  expect(left).toContain('nothing was changed: the run stays as it is')
  expect(left).not.toContain('The runbook was edited since')
  door.expect(undefined)
  await screen.press('D', 'x', 'O', '\r')
  expect(door.answers).toHaveLength(1)
  expect(screen.session.client).toBe(driving)
  screen.close()
})

test('of many steps the list says how many stand above and below', async () => {
  const step = EDIT.steps[2]!
  const steps = Array.from({ length: 50 }, (_, index) => ({ ...step, step: `s${index}` as StepId }))
  const { screen } = await open({ ...EDIT, steps })
  expect(await screen.screen()).toMatch(/ {2}4[0-9] more below/)
  expect(await screen.press('G')).toMatch(/ {2}4[0-9] more above {2}/)
  expect(await screen.press(...Array.from({ length: 20 }, () => 'k'))).toMatch(
    /\d more above, \d+ more below/,
  )
  screen.close()
})

test('nobody drives while the sheet stands, and nobody is said to watch', async () => {
  const { screen } = await open(EDIT)
  const shown = await screen.screen()
  expect(shown).toContain('nobody drives')
  expect(shown).not.toContain('watching')
  screen.close()
})

test('a run that somebody else takes up while the sheet stands is gone to, whatever was chosen', async () => {
  const { screen, door, looking, driving } = await open(EDIT)
  await screen.press('A')
  looking.drivenBy('bob')
  const shown = await screen.screen()
  expect(shown).toContain('watching; bob drives')
  expect(shown).toContain('bob took the run up meanwhile: what is chosen here counts no more')
  expect(shown).toContain('Enter go there')
  expect(shown).not.toContain('a adopt ')
  door.expect(undefined)
  await screen.press('\r')
  // Should that driver be gone by then, nothing is adopted that was said to count no more.
  expect(door.answers).toEqual([{ seen: 'first', wish: { adopt: [], keep: [] } }])
  expect(screen.session.client).toBe(driving)
  screen.close()
})

test('where that driver is gone again, everything is asked anew', async () => {
  const { screen, looking } = await open(EDIT)
  await screen.press('A')
  looking.drivenBy('bob')
  const shown = await screen.press('\r')
  expect(shown).toContain('0 of 6 decided')
  screen.close()
})

test('where nothing of a step counts any more, no host is named', async () => {
  const { screen } = await open(EDIT)
  const shown = await screen.screen()
  expect(shown).toContain('adopt: what it did no longer counts')
  expect(shown).toContain('keep:  stays done, by the old text')
  screen.close()
})
