import { expect, test } from 'vitest'
import { makeFolder, runIn } from './cli-harness.ts'

const GOOD = `---
handrail: 1
title: Good
---

# Good

## Look
<!-- handrail on=local -->

\`\`\`sh check
true
\`\`\`
`
const INVENTORY = `handrail: 1
name: small
hosts:
  - { name: a1, address: { private: 192.0.2.1 }, roles: { app: {} } }
`

test('a good runbook ends with 0', async () => {
  const ran = await runIn(makeFolder({ 'good.md': GOOD }), ['lint', 'good.md'])
  expect(ran).toMatchObject({ exitCode: 0, stdout: '1 file: 0 errors, 0 warnings\n', stderr: '' })
})

test.each([
  ['an unknown verb', GOOD.replace('sh check', 'sh chek'), /bad\.md:11:\d+: error HR\d+: .*chek/],
  ['an empty file', '', /bad\.md:1:1: error HR5\d+/],
  ['a binary file', '\u0000\u0001', /bad\.md:1:1: error HR9013: it is not text/],
  [
    'a large file',
    'x'.repeat(5 * 1024 * 1024 + 1),
    /bad\.md:1:1: error HR9012: it has 6 MB; 5 MB is the limit/,
  ],
  [
    'a reference out of the folder',
    GOOD.replace(
      '## Look\n<!-- handrail on=local -->',
      '## Look\n<!-- handrail runbook=../secret.md -->',
    ).replace(/```[\s\S]*/, ''),
    /bad\.md:\d+:\d+: error HR9014: .*leads out/,
  ],
  [
    'a reference to a missing file',
    GOOD.replace(
      '## Look\n<!-- handrail on=local -->',
      '## Look\n<!-- handrail runbook=other.md -->',
    ).replace(/```[\s\S]*/, ''),
    /bad\.md:\d+:\d+: error HR9011: cannot read `other\.md`: there is no such file/,
  ],
])('%s ends with 4 and its place', async (_, text, line) => {
  const ran = await runIn(makeFolder({ 'bad.md': text }), ['lint', 'bad.md'])
  expect(ran.exitCode).toBe(4)
  expect(ran.stdout).toMatch(line)
  expect(ran.last).toMatch(/^Next: correct the errors above; handrail explain HR\d{4} tells more$/)
})

test('an unknown target is an error with an inventory', async () => {
  const folder = makeFolder({ 'a.md': GOOD.replace('on=local', 'on=appp'), 'inv.yaml': INVENTORY })
  const alone = await runIn(folder, ['lint', 'a.md'])
  const together = await runIn(folder, ['lint', 'a.md', '-i', 'inv.yaml', '--json'])
  expect(alone.exitCode).toBe(0)
  expect(together.exitCode).toBe(4)
  expect(JSON.parse(together.stdout)).toEqual([
    {
      file: 'a.md',
      line: expect.any(Number),
      column: expect.any(Number),
      severity: 'error',
      code: 'HR2002',
      message: expect.stringContaining('appp'),
      hint: expect.stringContaining('app'),
    },
  ])
})

test('rule files and inventories are told apart by what they hold', async () => {
  const folder = makeFolder({
    'inv.yaml': INVENTORY.replace('name: small', 'nam: small'),
    'rules.yaml': '# rules\n- id: X01\n',
  })
  const ran = await runIn(folder, ['lint', 'inv.yaml', 'rules.yaml'])
  expect(ran.exitCode).toBe(4)
  expect(ran.stdout).toMatch(/inv\.yaml:2:\d+: error .*nam/)
  expect(ran.stdout).toMatch(/rules\.yaml:2:\d+: error .*X01 needs/)
})

test('control characters of a file never reach the terminal', async () => {
  const folder = makeFolder({ 'a.md': GOOD.replace('sh check', 'sh ch\u001B]0;owned\u0007eck') })
  const ran = await runIn(folder, ['lint', 'a.md'])
  expect(ran.stdout + ran.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
})
