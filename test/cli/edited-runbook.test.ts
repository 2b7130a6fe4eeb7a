import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fence, head, setUp, shown, step } from './desk.ts'

const say = (title: string, words: string): string =>
  step(title, '', fence('sh run repeat=safe', `echo ${words}`))
const ONE = say('One', 'one old')
const TWO = say('Two', 'two old')
const BOOK = head() + step('Stop', '', fence('sh run repeat=safe', 'exit 3')) + ONE + TWO

/** A run that waits at its first step, and its runbook. */
async function waiting(book = BOOK) {
  const desk = setUp(book)
  expect((await desk.start('--approve', 'change')).exitCode).toBe(1)
  const path = join(desk.folder, 'up.md')
  const edit = (change: (text: string) => string): void =>
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  const goOn = (...args: string[]) =>
    desk.run('resume', '--approve', 'change', '--decide', 'stop=skip:x', ...args)
  return { ...desk, edit, goOn }
}

test('one step is adopted and another kept; the journal tells both', async () => {
  const { edit, goOn, folder } = await waiting()
  edit((text) => text.replaceAll('old', 'new'))
  const ended = await goOn('--adopt', 'two', '--keep', 'one')
  expect(ended).toMatchObject({ exitCode: 7 })
  expect(ended.stdout).toContain('local| one old')
  expect(ended.stdout).toContain('local| two new')
  expect(ended.stdout).toContain('Left aside: one')
  const [id] = readdirSync(join(folder, '.state', 'runs')).filter((name) => !name.startsWith('.'))
  const journal = readFileSync(join(folder, '.state', 'runs', id ?? '', 'journal.jsonl'), 'utf8')
  expect(journal).toMatch(/"type":"plan-adopted".*"changes":\["two: changed"\],"kept":\["one"\]/)
})

test('what was left aside is asked about again, and can be adopted later', async () => {
  const { edit, goOn, run } = await waiting()
  edit((text) => text.replaceAll('old', 'new'))
  const first = await run('resume', '--adopt', 'two', '--keep', 'one', '--decide', 'stop=recheck')
  expect(first.stdout).toContain('Left aside: one')
  const asked = await goOn()
  expect(asked).toMatchObject({ exitCode: 3, last: expect.stringContaining('--adopt all') })
  expect(asked.stdout).toContain('one: changed')
  expect(asked.stdout).not.toContain('two: changed')
  expect((await goOn('--adopt', 'one')).stdout).toContain('local| one new')
})

test.each<[string, (text: string) => string, string[], string[]]>([
  [
    'a new step is left out',
    (text) => text + say('Three', 'three'),
    ['--keep', 'three'],
    ['one old', 'two old'],
  ],
  [
    'a new step comes, a change does not',
    (text) => text.replace('one old', 'one new') + say('Three', 'three'),
    ['--adopt', 'three', '--keep', 'one'],
    ['one old', 'two old', 'three'],
  ],
  [
    'a step that is gone stays, a change comes',
    (text) => text.replace(TWO, '').replace('one old', 'one new'),
    ['--keep', 'two', '--adopt', 'one'],
    ['one new', 'two old'],
  ],
  [
    'the order stays, a change comes',
    (text) => text.replace(ONE, '').replace(TWO, `${TWO}${ONE}${say('Three', 'three')}`),
    ['--keep', 'one', '--keep', 'two', '--adopt', 'three'],
    // Behind the step that it follows in the edited text.
    ['one old', 'three', 'two old'],
  ],
  [
    'the order comes, a change does not',
    (text) => text.replace(ONE, '').replace(TWO, `${TWO}${ONE}${say('Three', 'three')}`),
    ['--adopt', 'one', '--adopt', 'two', '--keep', 'three'],
    ['two old', 'one old'],
  ],
  [
    'what only the new front matter declares is there for an adopted step',
    (text) =>
      text
        .replace('title: Desk', 'title: Desk\nparams:\n  word: { type: string, default: declared }')
        .replace('one old', 'one {{ word }}')
        .replace('two old', 'two new'),
    ['--adopt', 'one', '--keep', 'two'],
    ['one declared', 'two old'],
  ],
])('of an edit by which %s, the run goes by what was said', async (_, change, options, said) => {
  const { edit, goOn } = await waiting()
  edit(change)
  const ended = await goOn(...options)
  expect(ended).toMatchObject({ exitCode: 7 })
  expect([...ended.stdout.matchAll(/local\| (.*)/g)].map(([, text]) => text)).toEqual(said)
})

test.each<[string, (text: string) => string, string[], RegExp]>([
  ['something is left open', (text) => text.replaceAll('old', 'new'), ['--adopt', 'one'], /becomes of two/],
  ['there is no such step', (text) => text.replace('one old', 'x'), ['--adopt', 'zz'], /does not change zz/],
  [
    'both are said',
    (text) => text.replace('one old', 'x'),
    ['--adopt', 'one', '--keep', 'one'],
    /both adopted/,
  ],
  [
    'a change stands outside of the step',
    (text) => text.replace('title: Desk', 'title: Desk\ndefaults: { timeout: 3m }').replace('one old', 'x'),
    ['--adopt', 'all', '--keep', 'two'],
    /two cannot be kept by itself: what changes it stands outside of its own section/,
  ],
])('an edit of which %s changes nothing', async (_, change, options, words) => {
  const { edit, goOn, run } = await waiting()
  edit(change)
  const refused = await goOn(...options)
  expect(refused.exitCode).toBe(2)
  expect(refused.stderr).toMatch(words)
  expect(shown(await run('show', '--json')).state).not.toBe('finished')
  expect((await run('log', '--json')).stdout).not.toContain('plan-adopted')
})
