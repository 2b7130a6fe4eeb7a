import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildOutlineStep, writeRun } from './run-fixture.ts'
import { makeFolder, runIn } from './cli-harness.ts'

const INVENTORY = `handrail: 1
name: small
hosts:
  - { name: a1, address: { private: 192.0.2.1 }, roles: { app: {} } }
  - { name: a2, address: { private: 192.0.2.2 }, roles: { app: {} } }
secrets: { db: { env: DB_PASSWORD } }
`
const RUNBOOK = `---
handrail: 1
title: Upgrade
params:
  size: { type: int, default: 3 }
  db: { type: secret }
---

# Upgrade

## Prepare

### Write
<!-- handrail on=app -->

\`\`\`sh run as=root
echo {{ host.name }} {{ size }}
\`\`\`
\`\`\`sh verify for=10s
rm\u00a0-rf ok
\`\`\`

### Wipe
<!-- handrail on=a1 danger=irreversible confirm=wipe-it undo=none reason="gone is gone" -->

\`\`\`sh run repeat=safe
printf '%s' {{ db }}
\`\`\`
- [ ] Tell the desk
`

const FILES = { 'up.md': RUNBOOK.replace('\u00a0', ' '), 'inv.yaml': INVENTORY }

test('the plan shows danger, order, hosts and the exact bytes on each', async () => {
  const { stdout, exitCode, last } = await runIn(makeFolder(FILES), [
    'plan',
    'up.md',
    '-i',
    'inv.yaml',
    '-p',
    'size=7',
  ])
  expect(exitCode).toBe(0)
  expect(stdout).toContain('change · 2 hosts · first then parallel')
  expect(stdout).toContain("on a1:\n     run sh, as root\n         echo 'a1' '7'")
  expect(stdout).toContain('irreversible · 1 host · asks for the word wipe-it · no way back: gone is gone')
  expect(stdout).toContain('«secret db»')
  expect(stdout).toContain('by hand 1: Tell the desk')
  expect(last).toBe('Next: handrail run up.md -i inv.yaml -p size=7')
})

test('the JSON has the shape of the contract', async () => {
  const folder = makeFolder(FILES)
  const { stdout } = await runIn(folder, ['plan', 'up.md', '-i', 'inv.yaml', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    runbook: { path: 'up.md', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), title: 'Upgrade' },
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    steps: [
      {
        id: 'prepare.write',
        phase: 'Prepare',
        danger: 'change',
        hosts: ['a1', 'a2'],
        actions: [
          { kind: 'run', verb: 'run', language: 'sh', host: 'a1', command: expect.stringContaining('a1') },
          { host: 'a2' },
        ],
        checks: [{ verb: 'verify' }, { verb: 'verify' }],
        manual: [],
      },
      { id: 'prepare.wipe', danger: 'irreversible', manual: [{ item: 1 }] },
    ],
    diagnostics: expect.any(Array),
  })
  const again = await runIn(folder, ['plan', 'up.md', '-i', 'inv.yaml', '--json'])
  expect(again.stdout).toBe(stdout)
  expect(readFileSync(`${folder}/up.md`, 'utf8')).toBe(FILES['up.md'])
})

test.each([
  ['no inventory', ['up.md'], 2, 'which hosts', /-i INVENTORY/],
  ['a missing runbook', ['no.md', '-i', 'inv.yaml'], 2, 'cannot read no.md', /handrail lint/],
  ['a missing inventory', ['up.md', '-i', 'no.yaml'], 2, 'cannot read the inventory', /handrail inventory/],
  ['a bad -p', ['up.md', '-i', 'inv.yaml', '-p', 'size'], 2, 'NAME=VALUE', /-p version/],
  ['an unknown parameter', ['up.md', '-i', 'inv.yaml', '-p', 'sise=1'], 4, 'HR4101', /explain HR4101/],
  ['a value of the wrong type', ['up.md', '-i', 'inv.yaml', '-p', 'size=x'], 4, 'HR4103', /explain HR4103/],
  ['an unknown step', ['up.md', '-i', 'inv.yaml', '--only', 'writ'], 4, 'HR4007', /explain HR4007/],
  ['an unknown limit', ['up.md', '-i', 'inv.yaml', '--limit', 'a3'], 4, 'HR2002', /explain HR2002/],
  ['a hidden character', ['hidden.md', '-i', 'inv.yaml'], 4, 'error HR', /explain HR/],
  ['a plain document', ['plain.md', '-i', 'inv.yaml'], 4, 'HR4202', /explain HR4202/],
])('%s', async (_, args, exitCode, why, last) => {
  const folder = makeFolder({ ...FILES, 'hidden.md': RUNBOOK, 'plain.md': '# Plain\n\nText.\n' })
  const ran = await runIn(folder, ['plan', ...args])
  expect(ran.exitCode).toBe(exitCode)
  expect(ran.stdout + ran.stderr).toContain(why)
  expect(ran.last).toMatch(last)
})

test('a value given for a secret is neither taken nor shown', async () => {
  const ran = await runIn(makeFolder(FILES), ['plan', 'up.md', '-i', 'inv.yaml', '-p', 'db=hunter2-canary'])
  expect(ran.exitCode).toBe(4)
  expect(ran.stdout + ran.stderr).not.toContain('hunter2-canary')
})

test('missing values and unmet needs are warnings, and a finished run meets a need', async () => {
  const needing = RUNBOOK.replace('\u00a0', ' ')
    .replace('title: Upgrade', 'title: Upgrade\nneeds: [up.md]')
    .replace(', default: 3', '')
  const folder = makeFolder({ ...FILES, 'two.md': needing })
  const args = ['plan', 'two.md', '-i', 'inv.yaml']
  const before = await runIn(folder, args)
  expect(before.exitCode).toBe(0)
  expect(before.stdout).toContain('warning HR4201: needs `up.md`')
  expect(before.stdout).toContain('warning HR4104: `size` has no value')
  expect(before.stdout).toContain('{{ size }}')
  await writeRun(
    folder,
    [buildOutlineStep('a', ['a1'])],
    [{ type: 'run-finished', deviations: 0, failed: false }],
  )
  expect((await runIn(folder, args)).stdout).not.toContain('HR4201')
})

test('what was finished before the practice hosts were reset does not meet a need', async () => {
  const lab = FILES['inv.yaml'].replace(
    'name: small',
    'name: small\nenvironment: { name: small, level: lab }',
  )
  const two = RUNBOOK.replace('title: Upgrade', 'title: Upgrade\nneeds: [up.md]')
  const folder = makeFolder({ ...FILES, 'inv.yaml': lab, 'two.md': two })
  const begin = (generation: string) =>
    writeFileSync(join(folder, 'lab.json'), JSON.stringify({ scenario: 'x', completed: [], generation }))
  const finished = [{ type: 'run-finished', deviations: 0, failed: false }] as const
  await writeRun(folder, [buildOutlineStep('a', ['a1'])], finished, {}, 'first')
  const plan = async () => (await runIn(folder, ['plan', 'two.md', '-i', 'inv.yaml'])).stdout
  begin('first')
  expect(await plan()).not.toContain('HR4201')
  begin('second')
  expect(await plan()).toContain(
    'needs `up.md`, of which no run has finished on the inventory small since its practice hosts began anew',
  )
})

test('parameters come from a file, and the command line wins', async () => {
  const folder = makeFolder({ ...FILES, 'p.yaml': 'size: 11\n' })
  const args = ['plan', 'up.md', '-i', 'inv.yaml', '--param-file', 'p.yaml']
  expect((await runIn(folder, args)).stdout).toContain("'11'")
  expect((await runIn(folder, [...args, '-p', 'size=12'])).stdout).toContain("'12'")
})

test('the run that is named next is the one that was planned, limits included', async () => {
  const folder = makeFolder(FILES)
  const limits = ['-p', 'size=4', '--only', 'prepare.write', '--limit', 'app and not a2']
  const { last } = await runIn(folder, ['plan', 'up.md', '-i', 'inv.yaml', ...limits])
  expect(last).toBe(
    "Next: handrail run up.md -i inv.yaml -p size=4 --only prepare.write --limit 'app and not a2'",
  )
})
