import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createSecrets } from '../../../src/adapters/secrets/create-secrets.ts'
import type { SecretSource } from '../../../src/core/inventory/model.ts'
import type { Prompter } from '../../../src/engine/ports/prompter.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handrail-secrets-'))
  folders.push(folder)
  return folder
}

function open(
  source: SecretSource,
  options: {
    folder?: string
    answers?: string[]
    created?: boolean
    env?: Record<string, string>
    platform?: string
  } = {},
) {
  const asked: { rejected: boolean; isNew?: boolean | undefined }[] = []
  const answers = options.answers ?? []
  const prompter: Prompter = {
    askSecret: (question) => {
      asked.push({ rejected: question.rejected, isNew: question.isNew })
      return Promise.resolve(answers.shift())
    },
    confirmHostKey: () => Promise.resolve(undefined),
    askInteractive: () => Promise.resolve(undefined),
  }
  const folder = options.folder ?? makeFolder()
  const secrets = createSecrets({
    sources: new Map([['db', source]]),
    created: new Set(options.created === true ? ['db'] : []),
    env: { PATH: process.env['PATH'], ...options.env },
    home: folder,
    folder,
    platform: options.platform ?? process.platform,
    prompter,
  })
  return { secrets, asked, folder }
}

function makeFile(text: string, mode = 0o600): string {
  const folder = makeFolder()
  writeFileSync(join(folder, 'db'), text)
  chmodSync(join(folder, 'db'), mode)
  return folder
}

test.each<[string, SecretSource, Parameters<typeof open>[1], string]>([
  ['env', { kind: 'env', variable: 'DB' }, { env: { DB: 'hunter2' } }, 'hunter2'],
  ['file', { kind: 'file', path: 'db' }, { folder: makeFile('hunter2\n') }, 'hunter2'],
  ['file in the home folder', { kind: 'file', path: '~/db' }, { folder: makeFile('hunter2\r\n') }, 'hunter2'],
  ['command', { kind: 'command', command: 'printf "%s\\n" "hun"ter2' }, {}, 'hunter2'],
  ['prompt', { kind: 'prompt', prompt: 'Password' }, { answers: ['hunter2'] }, 'hunter2'],
])('%s gives the value without its last line break', async (_, source, options, value) => {
  const { secrets } = open(source, options)
  expect(await secrets.resolve('db')).toEqual({ ok: true, value })
  expect(secrets.known()).toEqual([{ name: 'db', value }])
})

test.each<[string, SecretSource, Parameters<typeof open>[1], string]>([
  ['a variable that is not set', { kind: 'env', variable: 'DB' }, {}, 'the environment has no DB'],
  ['an empty variable', { kind: 'env', variable: 'DB' }, { env: { DB: '' } }, 'DB is empty'],
  ['a file that is not there', { kind: 'file', path: 'no' }, {}, 'there is no file'],
  [
    'a file that others may read',
    { kind: 'file', path: 'db' },
    { folder: makeFile('x', 0o640) },
    'others may read',
  ],
  ['a folder', { kind: 'file', path: '.' }, {}, 'is no regular file'],
  [
    'a command that fails',
    { kind: 'command', command: 'echo hunter2; exit 3' },
    {},
    'ended with exit code 3',
  ],
  ['a command that prints too much', { kind: 'command', command: 'yes' }, {}, 'printed too much'],
  [
    'a keychain without its program',
    { kind: 'keychain', item: 'db' },
    { env: { PATH: '/nowhere' } },
    'could not be run',
  ],
  ['nobody to ask', { kind: 'prompt', prompt: 'Password' }, {}, 'nobody was there'],
])('%s says why, never what was found', async (_, source, options, reason) => {
  const { secrets } = open(source, options)
  const value = await secrets.resolve('db')
  expect(value).toMatchObject({ ok: false, reason: expect.stringContaining(reason) })
  expect(JSON.stringify(value)).not.toContain('hunter2')
})

test('an undeclared secret is no crash', async () => {
  const { secrets } = open({ kind: 'env', variable: 'DB' })
  expect(await secrets.resolve('other')).toMatchObject({
    ok: false,
    reason: 'the inventory does not declare it',
  })
})

test('a person is asked once by all who need it, and again only after it was rejected', async () => {
  const { secrets, asked } = open(
    { kind: 'prompt', prompt: 'P' },
    { answers: ['first-value', 'second-value'] },
  )
  const both = await Promise.all([secrets.resolve('db'), secrets.resolve('db')])
  expect(both.map((each) => each.ok && each.value)).toEqual(['first-value', 'first-value'])
  secrets.reject('db')
  expect(await secrets.resolve('db')).toEqual({ ok: true, value: 'second-value' })
  expect(asked.map(({ rejected }) => rejected)).toEqual([false, true])
  // The refused value stays masked.
  expect(secrets.known().map(({ value }) => value)).toEqual(['first-value', 'second-value'])
})

test('a rejected value is never given again', async () => {
  const { secrets } = open({ kind: 'env', variable: 'DB' }, { env: { DB: 'wrong-one' } })
  await secrets.resolve('db')
  secrets.reject('db')
  expect(await secrets.resolve('db')).toMatchObject({
    ok: false,
    reason: expect.stringContaining('not sent again'),
  })
})

test('what was missing is looked for again', async () => {
  const { secrets, folder } = open({ kind: 'file', path: 'db' })
  expect((await secrets.resolve('db')).ok).toBe(false)
  writeFileSync(join(folder, 'db'), 'hunter2', { mode: 0o600 })
  expect(await secrets.resolve('db')).toEqual({ ok: true, value: 'hunter2' })
})

test('a new secret is generated into a private file once', async () => {
  const { secrets, folder } = open({ kind: 'file', path: 'db' }, { created: true })
  const value = await secrets.resolve('db')
  expect(value.ok && value.value).toMatch(/^[A-Za-z2-9]{24}$/)
  expect(statSync(join(folder, 'db')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, 'db'), 'utf8')).toBe(`${value.ok && value.value}\n`)
  const again = open({ kind: 'file', path: 'db' }, { created: true, folder })
  expect(await again.secrets.resolve('db')).toEqual(value)
})

test('a new secret that is asked for is asked as new', async () => {
  const { secrets, asked } = open({ kind: 'prompt', prompt: 'P' }, { created: true, answers: ['hunter22'] })
  await secrets.resolve('db')
  expect(asked).toEqual([{ rejected: false, isNew: true }])
})

test.each([
  ['linux', 'secret-tool', '[ "$*" = "lookup service db" ] && echo hunter2'],
  ['darwin', 'security', '[ "$*" = "find-generic-password -s db -w" ] && echo hunter2'],
])('on %s the keychain is asked through %s', async (platform, program, script) => {
  const folder = makeFolder()
  writeFileSync(join(folder, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const env = { PATH: `${folder}:${process.env['PATH']}` }
  const { secrets } = open({ kind: 'keychain', item: 'db' }, { platform, env })
  expect(await secrets.resolve('db')).toEqual({ ok: true, value: 'hunter2' })
})
