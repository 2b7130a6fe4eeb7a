import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openRun } from '../../../src/adapters/journal/run-store.ts'
import { openStateDirectory, resolveStateDirectory } from '../../../src/adapters/journal/state-directory.ts'
import { EnvironmentError } from '../../../src/core/base/errors.ts'
import { buildDirectory, buildOptions, buildRun } from './run-builder.ts'
import { testUnless } from '../../support/skip.ts'

test.each([
  [{ flag: '/x/y', env: { HANDRAIL_STATE_DIR: '/z' } }, '/x/y'],
  [{ flag: 'y', env: {} }, '/cwd/y'],
  [{ env: { HANDRAIL_STATE_DIR: 'z', XDG_STATE_HOME: '/xdg' } }, '/cwd/z'],
  [{ env: { HANDRAIL_STATE_DIR: '', XDG_STATE_HOME: '/xdg' } }, '/xdg/handrail'],
  [{ env: { XDG_STATE_HOME: 'relative' } }, '/home/ada/.local/state/handrail'],
  [{ env: {} }, '/home/ada/.local/state/handrail'],
])('%j is %s', (sources, expected) => {
  expect(resolveStateDirectory({ ...sources, home: '/home/ada', cwd: '/cwd' })).toBe(expected)
})

test('all missing directories are made, private', async () => {
  const path = join(buildDirectory(), 'a/b/state')
  expect(await openStateDirectory(path)).toBe(path)
  for (const each of [path, join(path, 'runs'), join(path, '..')]) {
    expect((statSync(each).mode & 0o777).toString(8)).toBe('700')
  }
  await openStateDirectory(path)
})

const CASES: [string, (at: string) => string, RegExp][] = [
  ['a state directory that is a link', (at) => link(join(at, 'real'), join(at, 'state')), /symbolic link/],
  ['a file', (at) => (writeFileSync(join(at, 'state'), ''), join(at, 'state')), /is a file/],
  ['a file on the way', (at) => (writeFileSync(join(at, 'f'), ''), join(at, 'f/state')), /not a directory/],
  ['a directory that others can write', (at) => make(join(at, 'state'), 0o770), /other users can write/],
  [
    'a parent that others can write',
    (at) => join(make(join(at, 'shared'), 0o777), 'state'),
    /other users can write/,
  ],
  [
    'runs that others can read',
    (at) => (make(join(at, 'state'), 0o700), make(join(at, 'state/runs'), 0o750), join(at, 'state')),
    /open to other users/,
  ],
  [
    'runs that are a link',
    (at) => (make(join(at, 'state'), 0o700), link(join(at, 'r'), join(at, 'state/runs')), join(at, 'state')),
    /symbolic link/,
  ],
]

test.each(CASES)('%s is refused with what to do', async (_, build, message) => {
  const refusal = await openStateDirectory(build(buildDirectory())).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(EnvironmentError)
  expect(refusal).toMatchObject({ message: expect.stringMatching(message), exitCode: 6 })
  expect((refusal as EnvironmentError).nextSteps.length).toBeGreaterThan(0)
})

test('a link above the state directory is followed, and what it leads to is checked', async () => {
  const at = buildDirectory()
  link(make(join(at, 'real'), 0o700), join(at, 'alias'))
  await openStateDirectory(join(at, 'alias/state'))
  chmodSync(join(at, 'real'), 0o777)
  await expect(openStateDirectory(join(at, 'alias/state'))).rejects.toThrow('other users can write')
})

testUnless(process.getuid?.() === 0 ? undefined : 'only root can give a directory to another user')(
  'what belongs to another user is refused',
  async () => {
    const at = buildDirectory()
    chownSync(make(join(at, 'state'), 0o700), 12_345, 12_345)
    await expect(openStateDirectory(join(at, 'state'))).rejects.toThrow('belongs to another user (uid 12345)')
    chownSync(make(join(at, 'parent'), 0o700), 12_345, 12_345)
    await expect(openStateDirectory(join(at, 'parent/state'))).rejects.toThrow('belongs to another user')
  },
)

test('a read-only file system is refused in words', async (context) => {
  const at = buildDirectory()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k,mode=0700', 'tmpfs', at], { stdio: 'ignore' })
  } catch {
    context.skip('no tmpfs can be mounted here (needs root and CAP_SYS_ADMIN)')
    return
  }
  onTestFinished(() => void execFileSync('umount', ['-l', at]))
  await expect(openStateDirectory(join(at, 'state'))).rejects.toThrow('read-only')
})

test.each(['journal.jsonl', 'lock.db', 'values', 'out'])(
  'a run whose %s was made a link is refused',
  async (name) => {
    const { state, store } = await buildRun()
    await store.close()
    const path = join(store.directory, name)
    const elsewhere = join(buildDirectory(), 'elsewhere')
    execFileSync('mv', [path, elsewhere])
    symlinkSync(elsewhere, path)
    await expect(openRun(state, store.run, buildOptions().options)).rejects.toThrow(
      /symbolic link|not a regular file/,
    )
  },
)

test('a link planted where a new file belongs is not written through', async () => {
  const { state, store } = await buildRun()
  await store.close()
  const victim = join(buildDirectory(), 'victim')
  execFileSync('rm', [join(store.directory, 'ballast')])
  symlinkSync(victim, join(store.directory, 'ballast'))
  const opened = await openRun(state, store.run, buildOptions().options)
  if (opened.kind === 'ok') await opened.store.close()
  expect(existsSync(victim)).toBe(false)
})

function make(path: string, mode: number): string {
  mkdirSync(path)
  chmodSync(path, mode)
  return path
}

function link(target: string, path: string): string {
  if (!existsSync(target)) make(target, 0o700)
  symlinkSync(target, path)
  return path
}
