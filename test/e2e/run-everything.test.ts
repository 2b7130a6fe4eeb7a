import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectedLoudOutput, startPractice, TOKEN, type Practice } from './support/practice.ts'

const RUNBOOK = 'test/e2e/fixtures/everything.md'
const HEADLESS = [
  '--inline',
  '--plain',
  '--approve',
  'disruptive',
  '--answer',
  'after.tell-the-desk/1=Ann took the call',
]

describe('a runbook over real hosts', () => {
  let practice: Practice
  beforeAll(async () => {
    practice = await startPractice(3)
  })
  afterAll(() => practice.stop())

  test('it runs to the end, every effect once, and reports', async () => {
    const { code, all } = await practice.run(['run', RUNBOOK, '-i', practice.inventory, ...HEADLESS])
    expect(all).not.toContain(TOKEN)
    expect({ code, all }).toMatchObject({ code: 0 })
    for (const host of practice.hosts) {
      expect(host.lines('guarded')).toEqual(['one'])
      expect(host.lines('loud')).toEqual(['begun', 'ended'])
      expect(host.lines('token')).toEqual(['same'])
      expect(host.lines('settings.ini')).toEqual([
        '; kept as it is',
        '[other]',
        'x = 1',
        '',
        '[main]',
        `number=${host.name.slice(3)}`,
        'greeting=it\'s "here"',
      ])
      expect(host.lines('whole.txt')).toEqual([`first ${host.name}`, 'last'])
      expect(host.lines('undone')).toEqual([])
    }
    const rolling = readFileSync(join(practice.dir, 'rolling.log'), 'utf8').trimEnd().split('\n')
    expect(rolling).toEqual(practice.hosts.flatMap(({ name }) => [`${name} stop`, `${name} start`]))
  })

  test('the history, the state and the output are there', async () => {
    const runs = JSON.parse((await practice.run(['runs', '--json'])).stdout)
    expect(runs).toMatchObject([
      { state: 'finished', title: 'Everything once', inventory: expect.stringContaining('practice') },
    ])
    const show = JSON.parse((await practice.run(['show', runs[0].run, '--json'])).stdout)
    const loud = show.steps.find(({ id }: { id: string }) => id === 'loud')
    expect(loud.hosts).toHaveLength(3)
    expect(loud.hosts[0]).toMatchObject({ host: 'box1', outcome: 'succeeded', attempts: 1, exitCode: 0 })
    const log = await practice.run(['log', runs[0].run, '--step', 'loud', '--host', 'box2'])
    expect(log.stdout).toContain(expectedLoudOutput().split('\n').at(-2))
    const verified = await practice.run(['verify', runs[0].run])
    expect(verified.code).toBe(0)
    const report = await practice.run(['report', runs[0].run, '--format', 'md'])
    expect(report.stdout).toContain('Everything once')
    expect(report.stdout).toContain('Ann took the call')
  })

  test('a second run sends no action of a guarded, edit or file step', async () => {
    const { code } = await practice.run(['run', RUNBOOK, '-i', practice.inventory, ...HEADLESS])
    expect(code).toBe(0)
    const runs = JSON.parse((await practice.run(['runs', '--json'])).stdout)
    const show = JSON.parse((await practice.run(['show', runs[0].run, '--json'])).stdout)
    const outcomes = Object.fromEntries(
      show.steps.map(({ id, hosts }: { id: string; hosts: { outcome: string }[] }) => [
        id,
        hosts.map(({ outcome }) => outcome),
      ]),
    )
    for (const id of ['before.directories-are-there', 'change.write-the-settings', 'change.a-whole-file']) {
      expect({ id, outcomes: outcomes[id] }).toEqual({
        id,
        outcomes: ['satisfied', 'satisfied', 'satisfied'],
      })
    }
    for (const host of practice.hosts) expect(host.lines('guarded')).toEqual(['one'])
  })

  test('the secret is nowhere in the state directory, and temporary files are gone', () => {
    const found = execFileSync(
      'sh',
      ['-c', `grep -rlF -- "$1" "$2" "$3"/base-* || true`, 'sh', TOKEN, practice.stateDir, practice.dir],
      { encoding: 'utf8' },
    )
    expect(found).toBe('')
    const left = execFileSync(
      'sh',
      ['-c', `find "$1" -name 'token.ini*' -not -name 'wanted*'`, 'sh', practice.dir],
      { encoding: 'utf8' },
    )
    expect(left).toBe('')
  })

  test('check answers without changing anything', async () => {
    const before = execFileSync(
      'sh',
      ['-c', `cd "$1" && find box* -type f -exec cksum {} + | sort`, 'sh', practice.dir],
      { encoding: 'utf8' },
    )
    const { code, stdout } = await practice.run(['check', RUNBOOK, '-i', practice.inventory])
    expect(stdout).toContain('satisfied')
    expect([0, 1, 3]).toContain(code)
    const after = execFileSync(
      'sh',
      ['-c', `cd "$1" && find box* -type f -exec cksum {} + | sort`, 'sh', practice.dir],
      { encoding: 'utf8' },
    )
    expect(after).toBe(before)
  })
})
