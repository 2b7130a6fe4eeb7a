import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { TEXT_RULES, findNamedPaths, findRefusedText } from './repository-text.ts'

const MAX_ARCHITECTURE_LINES = 200

/** What is committed or about to be, so that the answer does not depend on what else lies about. */
const FILES = runGit('ls-files', '-z', '--cached', '--others', '--exclude-standard')
  .split('\0')
  .filter((file) => file !== '' && existsSync(file))
const DOCUMENTS = FILES.filter((file) => /^(docs\/.*|[A-Z]+)\.md$/.test(file))
const TEXTS = FILES.filter((file) => !/\.(png|gif|svg|cast|snap)$/.test(file))
const read = (file: string): string => readFileSync(file, 'utf8')

/** The checkout may belong to another user than the one that runs the tests. */
function runGit(...args: string[]): string {
  return execFileSync('git', ['-c', 'safe.directory=*', ...args], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  })
}

type Locked = {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Dependencies that a lock file names and does not resolve, as `where: name`. */
function findUnlocked(packages: Readonly<Record<string, Locked>>): string[] {
  return Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `${path}: ${name}`),
  )
}

/** A package's own folder and those around it, innermost first, as npm resolves names. */
function foldersAbove(path: string): string[] {
  const parts = path === '' ? [] : path.split('/node_modules/')
  return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/`), '']
}

function isMissing(document: string, path: string): boolean {
  const target = path.startsWith('link:') ? join(dirname(document), path.slice('link:'.length)) : path
  return !existsSync(normalize(decodeURI(target)))
}

test('no file holds what the repository must not say', () => {
  expect(TEXTS.flatMap((file) => findRefusedText(file, read(file)))).toEqual([])
})

test.each([
  ['an absolute path of one machine', 'docs/x.md', 'see /work/main/src'],
  ['an absolute path of one machine', 'src/x.ts', "'/Users/ada/x'"],
  ['a host of a package registry', 'docs/x.md', 'https://registry.npmjs.org/x'],
  ['where a package was downloaded', 'package-lock.json', '  "resolved": "x"'],
  ['a word on what wrote the text', 'README.md', 'written with AI'],
  ['a word on what wrote the text', 'docs/x.md', 'the assistant decided'],
  ['a word on what wrote the text', 'src/x.ts', '// an LLM'],
  ['a word on what wrote the text', 'src/x.ts', '// the agent wrote this'],
  ['a task left in the source', 'src/x.ts', '// TODO later'],
  ['a task left in the source', 'scripts/x.mjs', '// FIXME'],
  ['a task left in the source', 'src/x.ts', '// XXX'],
  ['a compiler check switched off', 'test/x.ts', '// @ts-ignore'],
  ['a lint rule switched off without a reason', 'src/x.ts', '/* oxlint-disable */'],
  ['a lint rule switched off without a reason', 'src/x.ts', '// oxlint-disable-next-line no-console'],
  ['a test that is left alone', 'test/x.test.ts', "test.only('x')"],
  ['a test that is skipped without words', 'test/x.test.ts', "describe.skipIf(true)('x')"],
  ['a test that is skipped without words', 'test/x.test.ts', "test.todo('x')"],
])('canary: %s in %s is found', (name, file, line) => {
  expect(findRefusedText(file, `fine\n${line}\n`)).toEqual([`${file}:2: ${name}: ${line.trim()}`])
})

test.each([
  ['README.md', 'no agent runs on the host; ssh-agent; nothing is FAILED; said; maintain'],
  ['src/x.ts', '// oxlint-disable-next-line no-console -- the one place that prints'],
  ['test/x.ts', "'/home/ada/.local' at src/work/x.ts and \\uXXXX"],
])('%s may say: %s', (file, line) => {
  expect(findRefusedText(file, line)).toEqual([])
})

test('each rule on texts has a canary', () => {
  const source = read('test/gates/tidy.test.ts')
  for (const { name } of TEXT_RULES) expect(source).toContain(`['${name}',`)
})

test.each(DOCUMENTS)('every path that %s names exists', (document) => {
  expect(findNamedPaths(read(document)).filter((path) => isMissing(document, path))).toEqual([])
})

test('canary: paths that do not exist are found', () => {
  const text =
    'see `src/core/nowhere.ts`, [a](nowhere.md#x), [b](https://example.org/docs/x.md) and docs/journal.md'
  const named = findNamedPaths(text)
  expect(named).toEqual(['link:nowhere.md', 'src/core/nowhere.ts', 'docs/journal.md'])
  expect(named.filter((path) => isMissing('docs/x.md', path))).toEqual([
    'link:nowhere.md',
    'src/core/nowhere.ts',
  ])
})

test('the architecture document is short enough to be read', () => {
  expect(read('docs/ARCHITECTURE.md').trimEnd().split('\n').length).toBeLessThanOrEqual(
    MAX_ARCHITECTURE_LINES,
  )
})

test('decisions are numbered without a number given twice', () => {
  const numbers = FILES.filter((file) => /^docs\/decisions\/\d{4}-[a-z0-9-]+\.md$/.test(file)).map((file) =>
    file.slice('docs/decisions/'.length, 'docs/decisions/'.length + 4),
  )
  expect(numbers.length).toBeGreaterThan(0)
  expect(new Set(numbers).size).toBe(numbers.length)
})

test('the licence is the Apache License 2.0, whole', () => {
  const licence = read('LICENSE')
  expect(licence).toContain('Apache License')
  expect(licence).toContain('Version 2.0, January 2004')
  expect(licence).toContain('9. Accepting Warranty or Additional Liability.')
  expect(licence).toContain('END OF TERMS AND CONDITIONS')
  expect(JSON.parse(read('package.json')).license).toBe('Apache-2.0')
})

test.each(['bin/handrail', '.ci/run'])('%s is committed as executable', (file) => {
  expect(runGit('ls-files', '--stage', file)).toMatch(/^100755 /)
  expect(statSync(file).mode & 0o111).toBe(0o111)
})

test('the lock file has an entry for every package of every platform, so that npm ci accepts it anywhere', () => {
  expect(findUnlocked(JSON.parse(read('package-lock.json')).packages)).toEqual([])
})

test('canary: a platform that is missing in the lock file is found', () => {
  const packages = {
    '': { dependencies: { a: '1' } },
    'node_modules/a': {
      dependencies: { b: '2' },
      optionalDependencies: { '@x/darwin': '1', '@x/linux': '1' },
    },
    'node_modules/a/node_modules/b': {},
    'node_modules/@x/linux': {},
  }
  expect(findUnlocked(packages)).toEqual(['node_modules/a: @x/darwin'])
})

test('what is built is not committed', () => {
  expect(FILES.filter((file) => /^(dist|build|node_modules|coverage)\/|\.tsbuildinfo$/.test(file))).toEqual(
    [],
  )
})
