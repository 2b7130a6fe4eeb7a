import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFolder, runIn } from './cli-harness.ts'

const HOSTS = [
  '--datacenters',
  'DC1,DC2',
  '--racks',
  'R1,R2',
  '--hosts',
  'DC1:a,b=192.0.2.2',
  '--hosts',
  'DC2:c,d',
]

describe('init', () => {
  test('writes an inventory that is valid, with every host in its place', async () => {
    const folder = makeFolder()
    const ran = await runIn(folder, ['init', '--skip-doctor', '--name', 'web 1', '--roles', 'web', ...HOSTS])
    expect(ran).toMatchObject({ exitCode: 0 })
    const { exitCode, stdout } = await runIn(folder, ['inventory', 'inventory.yaml', '--json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'web 1',
      hosts: [
        { name: 'a', dc: 'DC1', rack: 'R1', address: 'a', roles: ['web'] },
        { name: 'b', dc: 'DC1', rack: 'R2', address: '192.0.2.2' },
        { name: 'c', dc: 'DC2', rack: 'R1' },
        { name: 'd', dc: 'DC2', rack: 'R2' },
      ],
    })
  })

  test('never replaces a file', async () => {
    const folder = makeFolder({ 'inventory.yaml': 'mine' })
    const ran = await runIn(folder, ['init', '--skip-doctor', ...HOSTS])
    expect(ran).toMatchObject({ exitCode: 2 })
    expect(readFileSync(join(folder, 'inventory.yaml'), 'utf8')).toBe('mine')
  })

  test('says what is missing where there is nobody to ask', async () => {
    const ran = await runIn(makeFolder(), ['init'])
    expect(ran.exitCode).toBe(2)
    expect(ran.stderr).toContain('--hosts')
  })

  test('shows what is wrong with a name, and writes nothing', async () => {
    const folder = makeFolder()
    const ran = await runIn(folder, ['init', '--skip-doctor', '--hosts', 'DC1:a b'])
    expect(ran.exitCode).toBe(4)
    expect(() => readFileSync(join(folder, 'inventory.yaml'))).toThrow('ENOENT')
  })
})

describe('new', () => {
  test('writes a runbook without findings, once', async () => {
    const folder = makeFolder()
    expect(await runIn(folder, ['new', 'first.md', '--title', 'Say "hello": a test'])).toMatchObject({
      exitCode: 0,
    })
    const lint = await runIn(folder, ['lint', 'first.md'])
    expect(lint.stdout).toContain('0 errors, 0 warnings')
    expect((await runIn(folder, ['new', 'first.md'])).exitCode).toBe(2)
  })
})
