import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fence, head, setUp, shown, step } from './desk.ts'

test('an aborted run offers to put edited files back, and one option says so', async () => {
  const edit = step('Edit', '', fence('ini edit path=made', '[a]\nb=2'))
  const { folder, run, start } = setUp(head() + edit + step('Bad', '', fence('sh run repeat=safe', 'exit 3')))
  writeFileSync(join(folder, 'made'), '[a]\nb=1\n')
  await start('--approve', 'change')
  expect(readFileSync(join(folder, 'made'), 'utf8')).toContain('2')
  const offered = await run('resume', '--decide', 'bad=abort')
  expect(offered).toMatchObject({ exitCode: 1, last: expect.stringMatching(/--decide all=undo$/) })
  const undone = await run('resume', '--decide', 'all=undo')
  expect(undone.stdout).toContain(': aborted')
  expect(undone.stdout).toContain('edit on local: running undo 1')
  expect((await run('show')).stdout).toMatch(/^ {4}local undone, \d+\w+$/m)
  expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('[a]\nb=1\n')
})

const TWO_EDITS = [
  fence('ini edit path=made.a', '[a]\nx=2'),
  fence('ini edit path=made.b', '[b]\ny=2'),
] as const
const FAILING = step('Bad', '', fence('sh run repeat=safe', 'exit 3'))

/** Runs two edits in one step and then a step that fails. */
async function editTwice() {
  const set = setUp(head() + step('Edit', '', TWO_EDITS.join('\n')) + FAILING)
  const file = (name: string) => join(set.folder, name)
  writeFileSync(file('made.a'), '[a]\nx=1\n')
  writeFileSync(file('made.b'), '[b]\ny=1\n')
  await set.start('--approve', 'change')
  return { ...set, file, read: (name: string) => readFileSync(file(name), 'utf8') }
}

test('each file gets its own old content back, also when the edits changed places in the runbook', async () => {
  const { folder, run, read } = await editTwice()
  expect([read('made.a'), read('made.b')]).toEqual(['[a]\nx=2\n', '[b]\ny=2\n'])
  const [a, b] = TWO_EDITS.map((text) => text.replaceAll('made', join(folder, 'made')))
  const path = join(folder, 'up.md')
  writeFileSync(path, readFileSync(path, 'utf8').replace([a, b].join('\n'), [b, a].join('\n')))
  await run('resume', '--adopt', 'all', '--decide', 'edit=accept:only moved', '--approve', 'change')
  await run('resume', '--decide', 'bad=abort', '--decide', 'all=undo')
  await run('resume', '--decide', 'all=undo')
  expect([read('made.a'), read('made.b')]).toEqual(['[a]\nx=1\n', '[b]\ny=1\n'])
  expect(shown(await run('show', '--json')).state).toBe('aborted')
})

test('a file that somebody changed after the edit is not put back over their change', async () => {
  const { run, file, read } = await editTwice()
  writeFileSync(file('made.a'), '[a]\nx=by hand\n')
  await run('resume', '--decide', 'bad=abort')
  const undone = await run('resume', '--decide', 'all=undo')
  expect(undone.exitCode).not.toBe(0)
  const why = `${file('made.a')} is not put back: it was changed again after this run had written it`
  expect(undone.stdout).toContain(why)
  expect([read('made.a'), read('made.b')]).toEqual(['[a]\nx=by hand\n', '[b]\ny=1\n'])
  const backup = /from before this run is kept as (\S+);/.exec(undone.stdout)?.[1] ?? ''
  expect(readFileSync(backup, 'utf8')).toBe('[a]\nx=1\n')
  writeFileSync(file('made.a'), '[a]\nx=1\n')
  await run('resume', '--decide', 'edit=retry')
  expect((await run('show')).stdout).toMatch(/^ {4}local undone/m)
})
