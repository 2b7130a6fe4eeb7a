import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder, runIn } from './cli-harness.ts'

const AWAY = '{ name: a1, address: { private: 127.0.0.1 }, ssh: { port: 9, user: nobody }, roles: {} }'

function setUp(hosts = '') {
  const folder = makeFolder({ 'inv.yaml': `handrail: 1\nname: desk\nhosts: [${hosts}]\n` })
  const state = join(folder, '.state')
  const env = { PATH: process.env['PATH'], HOME: folder, USER: 'ada', HANDRAIL_STATE_DIR: state }
  return { folder, state, run: (...args: string[]) => runIn(folder, args, { env }) }
}

test('this machine alone', async () => {
  const ran = await setUp().run('doctor')
  expect(ran.exitCode).toBe(0)
  expect(ran.stdout).toContain(`Node ${process.versions.node}`)
  expect(ran.stdout).toContain('private and writable')
})

test('a state directory that others may write to ends with 6 and how to mend it', async () => {
  const { state, run } = setUp()
  mkdirSync(state)
  chmodSync(state, 0o777)
  const ran = await run('doctor')
  expect(ran.exitCode).toBe(6)
  expect(ran.stdout).toContain(`chmod 700 ${state}`)
  expect(ran.last).toMatch(/^Next: /)
})

test('the local host is explained', async () => {
  const ran = await setUp().run('doctor', 'local', '-i', 'inv.yaml')
  expect(ran.stdout).toMatch(/jobs live in .*\/\.cache\/handrail/)
  expect(ran.stdout).toMatch(/its clock differs from ours by [01] s/)
  expect(ran.exitCode).toBe(0)
})

test.each([
  [
    'a host that cannot be reached',
    ['doctor', '-i', 'inv.yaml'],
    5,
    'cannot connect (connect)',
    /doctor a1 -i inv\.yaml$/,
  ],
  ['an unknown host', ['doctor', 'a2', '-i', 'inv.yaml'], 2, 'no host a2', /did you mean a1/],
  ['no inventory', ['doctor', 'a1'], 2, 'which hosts', /-i INVENTORY/],
  ['unlock without a reason', ['unlock', 'a1', '-i', 'inv.yaml'], 2, 'needs a reason', /--reason WHY/],
  [
    'unlock of an unreachable host',
    ['unlock', 'a1', '-i', 'inv.yaml', '--reason', 'x'],
    5,
    'a1: ',
    /doctor a1/,
  ],
])('%s', async (_, args, exitCode, why, last) => {
  const ran = await setUp(AWAY).run(...args)
  expect(ran.exitCode).toBe(exitCode)
  expect(ran.stdout + ran.stderr).toContain(why)
  expect(ran.last).toMatch(last)
})

test('a stale lock is shown, noted with the reason, and taken away', async () => {
  const { folder, state, run } = setUp()
  expect((await run('unlock', 'local', '-i', 'inv.yaml', '--reason', 'none')).stdout).toContain(
    'is not locked',
  )
  const base = join(folder, '.cache', 'handrail')
  const place = join(base, readdirSync(base).includes('local') ? 'local' : '.')
  const lock = join(place, 'lock')
  writeFileSync(lock, 'mode=lock run=7k2q-9fpm holder=bob since=2030-01-01T00%3A00%3A00Z\n')
  const ran = await run('unlock', 'local', '-i', 'inv.yaml', '--reason', 'his laptop died')
  expect(ran).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('run 7k2q-9fpm (bob, since 2030-01-01T00:00:00Z) is gone'),
  })
  expect(readdirSync(place)).not.toContain('lock')
  expect(JSON.parse(readFileSync(join(state, 'unlocks.jsonl'), 'utf8'))).toMatchObject({
    by: 'ada',
    reason: 'his laptop died',
  })
})
