import { expect, test } from 'vitest'
import { openOutput } from '../../src/cli/output/output.ts'
import { buildCommandInput } from '../../src/cli/command-input.ts'
import type { CliContext } from '../../src/cli/cli-context.ts'
import { runSet } from '../../src/cli/commands/set.ts'
import { createLibrary } from '../../src/cli/library/create-library.ts'
import { isProblem } from '../../src/tui/problem.ts'
import { COMPILE_CACHE } from '../support/compile-cache.ts'
import { makeFolder } from './cli-harness.ts'

const INVENTORY = 'handrail: 1\nname: desk\nhosts:\n  - { name: a1 }\n  - { name: a2 }\n'
const RUNBOOK = `---
handrail: 1
title: Upgrade
summary: To a newer one
tags: [weekly]
params:
  version: { type: version, help: Which one }
  loud: { type: bool, default: false }
  token: { type: secret }
  tag: { type: string, value: "v{{ version }}" }
---

# Upgrade

## Say
<!-- handrail on=local -->

\`\`\`sh run repeat=safe
echo {{ version }} {{ tag }} {{ token }} {{ loud }}
\`\`\`
`

function openLibrary(files: Readonly<Record<string, string>>) {
  return createLibrary(openContext(files))
}

function openContext(files: Readonly<Record<string, string>>): CliContext {
  const folder = makeFolder(files)
  const stream = { write: () => undefined }
  return {
    world: {
      // Whatever a failed test leaves ends by itself.
      env: {
        ...COMPILE_CACHE,
        HANDRAIL_STATE_DIR: `${folder}/.state`,
        HANDRAIL_RUNNER_IDLE: '20',
        HOME: folder,
        PATH: process.env['PATH'],
      },
      cwd: folder,
      home: folder,
      stdout: stream,
      stderr: stream,
      stdin: process.stdin,
      now: () => new Date('2030-01-02T03:04:05Z'),
      onInterrupt: () => () => undefined,
    },
    output: openOutput({ stdout: stream, stderr: stream, json: false, ascii: false, color: false }),
    input: buildCommandInput([], {}),
    version: '0',
    json: false,
  }
}

/** A runner is loaded from its sources, which takes many seconds on a machine that is busy; polls have their own limit. */
const WITH_RUNNER = { timeout: 90_000 }

const FILES = {
  'runbooks/up.md': RUNBOOK,
  'runbooks/bad.md': RUNBOOK.replace('on=local', 'on=nobody-at-all=').replace('Upgrade', 'Bad'),
  'notes.md': '# Notes\n\nNothing runs.\n',
  'inv.yaml': INVENTORY,
  'other.yaml': 'a: b\n',
}

test('runbooks of the folder come first, with their problems; plain documents are left out', async () => {
  const entries = await openLibrary(FILES).runbooks()
  expect(entries.slice(0, 2)).toMatchObject([
    { path: 'runbooks/bad.md', problem: expect.any(String) },
    { path: 'runbooks/up.md', title: 'Upgrade', summary: 'To a newer one', tags: ['weekly'], steps: 1 },
  ])
  expect(entries[1]).not.toHaveProperty('problem')
  expect(entries.map(({ path }) => path)).not.toContain('notes.md')
})

test('inventories are those that can be read', async () => {
  expect(await openLibrary(FILES).inventories()).toEqual([
    { path: 'inv.yaml', name: 'desk', environment: 'desk', level: 'test', hosts: 2 },
  ])
})

test('labs say whether they are up, and which of the listed runbooks they are made for', async () => {
  const library = openLibrary(FILES)
  const [labs, runbooks] = [await library.labs(), await library.runbooks()]
  expect(labs.length).toBeGreaterThan(0)
  for (const lab of labs) {
    expect(lab).toMatchObject({ isUp: false, hosts: expect.any(Number) })
    expect(runbooks.map(({ path }) => path)).toContain(lab.runbook)
  }
})

test('the form has what a person gives: nothing derived, no secret', async () => {
  const form = await openLibrary(FILES).openForm('runbooks/up.md', 'inv.yaml')
  if (isProblem(form)) throw new Error(form.problem)
  expect(form.fields).toEqual([
    { name: 'version', help: 'Which one', type: 'version', initial: '', isSecret: false, isNew: false },
    {
      name: 'loud',
      type: 'bool',
      choices: ['true', 'false'],
      initial: 'false',
      isSecret: false,
      isNew: false,
    },
  ])
  expect(form.validate({ version: '', loud: 'false' })).toEqual({
    version: expect.stringContaining('no value'),
  })
  expect(form.validate({ version: 'x y', loud: 'maybe' })).toEqual({
    version: expect.any(String),
    loud: expect.any(String),
  })
  expect(form.validate({ version: '1.2', loud: 'true' })).toEqual({})
})

test('what cannot be planned is a problem, not an error', async () => {
  const library = openLibrary(FILES)
  const missing = await library.start({ runbook: 'runbooks/up.md', inventory: 'inv.yaml', values: {} })
  expect(isProblem(missing) && missing.details?.join()).toContain('no value')
  expect(await library.start({ runbook: 'gone.md', inventory: 'inv.yaml', values: {} })).toMatchObject({
    problem: expect.stringContaining('gone.md'),
  })
  expect(await library.openForm('runbooks/up.md', 'lab:nowhere')).toMatchObject({
    problem: expect.stringContaining('nowhere'),
  })
  expect(await library.runs()).toEqual([])
})

test('a run is started, left, found among the unfinished, and opened again', WITH_RUNNER, async () => {
  const library = openLibrary(FILES)
  const request = { runbook: 'runbooks/up.md', inventory: 'inv.yaml', values: { version: '1.2' } }
  const client = await library.start(request)
  if (isProblem(client)) throw new Error([client.problem, ...(client.details ?? [])].join())
  expect(client.isDriver()).toBe(true)
  expect(client.state.outline.title).toBe('Upgrade')
  const text = await client.stepText(client.state.outline.steps[0]!.id, undefined)
  expect(text?.blocks).toMatchObject([
    {
      kind: 'command',
      command: { verb: 'run', text: expect.stringContaining("echo '1.2' 'v1.2' \"«secret token»\"") },
    },
  ])
  client.detach()
  expect(await library.runs()).toMatchObject([
    {
      run: client.run,
      isUnfinished: true,
      inventory: 'desk',
      driver: client.operator,
      progress: { done: 0, total: 1 },
    },
  ])
  const opened = await library.open(client.run)
  if (isProblem(opened)) throw new Error(opened.problem)
  const again = opened.client
  expect(again.isDriver()).toBe(true)
  const [plan] = again.state.questions.values()
  const answer = { type: 'answer', question: plan!.id, choice: 'abort', by: 'ada', how: 'asked' } as const
  expect(await again.submit(answer)).toMatchObject({ ok: true })
  await expect.poll(() => again.state.status, { timeout: 20_000 }).toBe('aborted')
  again.detach()
})

test(
  'a parameter of a planned run is corrected by the runner that has it, and by `set` through that runner',
  WITH_RUNNER,
  async () => {
    const context = openContext(FILES)
    const library = createLibrary(context)
    const request = { runbook: 'runbooks/up.md', inventory: 'inv.yaml', values: { version: '1.2' } }
    const client = await library.start(request)
    if (isProblem(client)) throw new Error(client.problem)
    const corrections = client.corrections!
    const form = await corrections.openForm()
    if (isProblem(form)) throw new Error(form.problem)
    expect(form.fields.map(({ name, initial }) => [name, initial])).toEqual([
      ['version', '1.2'],
      ['loud', 'false'],
    ])
    expect(form.validate({ version: '', loud: 'false' })).toEqual({ version: expect.any(String) })
    expect(await corrections.look({ version: '1.3' })).toMatchObject({
      changes: [{ title: 'Say', kind: 'changed', diff: expect.stringContaining("+    echo '1.3' 'v1.3'") }],
    })
    expect(await corrections.look({ version: 'x y' })).toMatchObject({ problem: expect.any(String) })

    const wish = { type: 'correct-params', by: 'ada', reason: 'a newer one' } as const
    expect(await client.submit({ ...wish, values: { version: 'x y' } })).toMatchObject({ ok: false })
    expect(await client.submit({ ...wish, values: { token: 'hunter2-hunter2' } })).toMatchObject({
      ok: false,
    })
    expect(await client.submit({ ...wish, values: { tag: 'v9' } })).toMatchObject({ ok: false })
    expect(await client.submit({ ...wish, values: { version: '1.3' } })).toMatchObject({ ok: true })
    const param = (name: string) => client.state.created?.params[name]
    await expect.poll(() => [param('version'), param('tag')], { timeout: 20_000 }).toEqual(['1.3', 'v1.3'])
    const text = async () =>
      JSON.stringify(await client.stepText(client.state.outline.steps[0]!.id, undefined))
    await expect.poll(text, { timeout: 20_000 }).toContain("echo '1.3' 'v1.3'")

    const input = buildCommandInput([client.run, 'version=1.4', 'loud=true'], { reason: 'once more' })
    expect(await runSet({ ...context, input })).toEqual({
      exitCode: 0,
      next: `handrail resume ${client.run}`,
    })
    await expect.poll(() => [param('version'), param('loud')], { timeout: 20_000 }).toEqual(['1.4', true])
    // What runs is what was corrected last.
    const [plan] = client.state.questions.values()
    // The wheel went to `set` and comes back when that has left.
    await expect.poll(async () => (await client.takeWheel()).ok, { timeout: 20_000 }).toBe(true)
    const answer = { type: 'answer', question: plan!.id, choice: 'go', by: 'ada', how: 'asked' } as const
    expect(await client.submit(answer)).toMatchObject({ ok: true })
    const kinds = () => [...client.state.questions.values()].map(({ kind }) => kind)
    await expect.poll(kinds, { timeout: 20_000 }).toEqual(['confirm'])
    expect(await client.submit({ ...wish, values: { version: '1.5' } })).toMatchObject({
      ok: false,
      refusal: { message: 'the run is open: parameters are corrected while it is paused' },
    })
    await client.submit({ type: 'abort', by: 'ada', reason: 'enough' })
    await expect.poll(() => client.state.status, { timeout: 20_000 }).toBe('aborted')
    client.detach()
  },
)

const TWO_STEPS = `---
handrail: 1
title: Two
---

# Two

## First
<!-- handrail on=local -->

\`\`\`sh run repeat=safe
echo one
\`\`\`

## Second
<!-- handrail on=local -->

\`\`\`sh run repeat=safe
echo two
\`\`\`
`

test(
  'what happened while one was away is told, though the runner that waited makes way',
  WITH_RUNNER,
  async () => {
    const library = openLibrary({ ...FILES, 'two.md': TWO_STEPS })
    const client = await library.start({ runbook: 'two.md', inventory: 'inv.yaml', values: {} })
    if (isProblem(client)) throw new Error(client.problem)
    const by = client.operator
    const goOn = async (kind: string): Promise<void> => {
      const find = () => [...client.state.questions.values()].find((question) => question.kind === kind)
      await expect.poll(find, { timeout: 20_000 }).toBeDefined()
      await client.submit({ type: 'answer', question: find()!.id, choice: 'go', by, how: 'asked' })
    }
    await goOn('plan')
    await goOn('confirm')
    client.detach()
    const waiting = async () => (await library.runs())[0]?.waiting
    await expect.poll(waiting, { timeout: 20_000 }).toContain('Second')
    const opened = await library.open(client.run)
    if (isProblem(opened)) throw new Error(opened.problem)
    const { sinceYouLeft } = opened.client
    expect(sinceYouLeft?.events.filter(({ type }) => type === 'host-ended')).toMatchObject([
      { step: 'first', outcome: 'succeeded' },
    ])
    await opened.client.submit({ type: 'abort', by, reason: 'enough' })
    await expect.poll(() => opened.client.state.status, { timeout: 20_000 }).toBe('aborted')
    opened.client.detach()
  },
)
