import { expect, test } from 'vitest'
import { FakeClient } from './support/fake-client.ts'
import { FakeLibrary } from './support/fake-library.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { aRun } from './support/run-builder.ts'
import { describeFieldProblem } from '../../src/tui/view-models/form-view.ts'

test('what is wrong with a field does not name it again, nor its help', () => {
  const field = { name: 'cluster', help: 'The name of the cluster' }
  expect(describeFieldProblem('`cluster` has no value (The name of the cluster).', field)).toBe(
    'has no value',
  )
  expect(describeFieldProblem('`cluster` cannot be `A`: it does not match [a-z]+.', field)).toBe(
    'cannot be `A`: it does not match [a-z]+',
  )
  expect(describeFieldProblem('the two do not match', field)).toBe('the two do not match')
})

test('whoever leaves a run sees it at home, whatever was searched for before', async () => {
  const run = aRun().step('a', { title: 'One' }).confirmed()
  const library = new FakeLibrary(new FakeClient(run))
  const screen = mountScreen({ library })
  await screen.screen()
  await screen.press('/', 'prod', '\r')
  await screen.press('q')
  const shown = await screen.screen()
  screen.close()
  expect(shown).toContain('Library')
  expect(shown).not.toContain('filter:')
})

test('where nothing matches, the keys below do not offer to open it', async () => {
  const library = new FakeLibrary(new FakeClient(aRun().step('a').created()))
  const screen = mountScreen({ library })
  await screen.screen()
  const shown = await screen.press('/', 'nothing like that')
  screen.close()
  expect(shown).toContain('nothing matches')
  expect(shown).not.toContain('Enter open')
})
