import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorkspace } from './workspace.ts'
import type { Workspace } from './workspace.ts'

type Canary = {
  readonly what: string
  readonly file: string
  readonly text: string
  readonly rule: string
  /** Files that the canary needs beside it; nothing is expected of them. */
  readonly beside?: Readonly<Record<string, string>>
}
type Found = { readonly filename: string; readonly code?: string }

/** The order of core, bottom to top: a folder imports only from lines above its own. */
const CORE_RANKS = [
  ['base'],
  ['check', 'edit', 'expr', 'journal'],
  ['inventory'],
  ['runbook'],
  ['plan'],
  ['run'],
  ['report'],
] as const
const CORE: readonly string[] = CORE_RANKS.flat()
const ADAPTERS = ['files', 'journal', 'lab', 'runner', 'secrets', 'transport'] as const
const PLACES: Readonly<Record<string, string>> = {
  core: 'core/base',
  engine: 'engine/job',
  adapters: 'adapters/journal',
  tui: 'tui',
  cli: 'cli',
}
const RESTRICTED = 'eslint(no-restricted-imports)'
const longFunction = (lines: number): string => `{\n${'  list.push(1)\n'.repeat(lines)}}\n`

/** What no layer may hold; each is planted in every layer, since a later override replaces an earlier one. */
const EVERYWHERE: readonly (Omit<Canary, 'file'> & { readonly name: string })[] = [
  {
    name: 'any.ts',
    what: 'any',
    text: 'export const a: any = 1\n',
    rule: 'typescript(no-explicit-any)',
  },
  {
    name: 'as-any.ts',
    what: 'a cast to any',
    text: 'export const a = 1 as any\n',
    rule: 'typescript(no-explicit-any)',
  },
  {
    name: 'default.ts',
    what: 'a default export',
    text: 'export default 1\n',
    rule: 'import(no-default-export)',
  },
  {
    name: 'camelCase.ts',
    what: 'a file name in camel case',
    text: 'export const a = 1\n',
    rule: 'unicorn(filename-case)',
  },
  {
    name: 'lines.ts',
    what: 'a file of 301 lines',
    text: `${'//\n'.repeat(300)}export const a = 1\n`,
    rule: 'eslint(max-lines)',
  },
  {
    name: 'params.ts',
    what: 'a function with four parameters',
    text: 'export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d\n',
    rule: 'eslint(max-params)',
  },
  { name: 'console.ts', what: 'console', text: "console.log('x')\nexport {}\n", rule: 'eslint(no-console)' },
  {
    name: 'import-type.ts',
    what: 'a type imported as a value',
    text: "import { A } from './canary-type-beside.ts'\nexport const a: A = 1\n",
    rule: 'typescript(consistent-type-imports)',
    beside: { 'type-beside.ts': 'export type A = number\n' },
  },
  {
    name: 'cycle.ts',
    what: 'an import cycle',
    text: "import { b } from './canary-cycle-beside.ts'\nexport const a = (): number => b()\n",
    rule: 'import(no-cycle)',
    beside: {
      'cycle-beside.ts': "import { a } from './canary-cycle.ts'\nexport const b = (): number => a()\n",
    },
  },
  {
    name: 'type-cycle.ts',
    what: 'an import cycle of types only',
    text: "import type { B } from './canary-type-cycle-beside.ts'\nexport type A = { readonly b?: B }\n",
    rule: 'import(no-cycle)',
    beside: {
      'type-cycle-beside.ts':
        "import type { A } from './canary-type-cycle.ts'\nexport type B = { readonly a?: A }\n",
    },
  },
  {
    name: 'long-function.ts',
    what: 'a function of more than 50 lines (100 in tui)',
    text: `export function fill(list: number[]): void ${longFunction(100)}`,
    rule: 'eslint(max-lines-per-function)',
  },
  {
    name: 'long-arrow.ts',
    what: 'an arrow function of more than 50 lines (100 in tui)',
    text: `export const fill = (list: number[]): void => ${longFunction(100)}`,
    rule: 'eslint(max-lines-per-function)',
  },
]

const TIME: readonly (readonly [string, string, string])[] = [
  ['Date.now', 'export const a = Date.now()\n', 'eslint(no-restricted-globals)'],
  ['new Date', 'export const a = new Date()\n', 'eslint(no-restricted-globals)'],
  ['performance', 'export const a = performance.now()\n', 'eslint(no-restricted-globals)'],
  ['process', 'export const a = process.pid\n', 'eslint(no-restricted-globals)'],
  ['globalThis', 'export const a = globalThis.Date\n', 'eslint(no-restricted-globals)'],
  ['Math.random', 'export const a = Math.random()\n', 'eslint(no-restricted-properties)'],
]

/** Packages that only one layer may load. */
const PACKAGES: readonly (readonly [string, readonly string[]])[] = [
  ['react', ['tui']],
  ['react/jsx-runtime', ['tui']],
  ['ink', ['tui']],
  ['zustand', ['tui']],
  ['zustand/vanilla', ['tui']],
  ['ssh2', ['adapters']],
  ['execa', ['adapters']],
]

const importing = (from: string): string => `export * from '${from}'\n`
const typeImporting = (from: string): string => `import type { A } from '${from}'\nexport type B = A\n`
const dynamicImporting = (from: string): string => `export const found = await import('${from}')\n`
const slug = (text: string): string => text.toLowerCase().replaceAll(/\W+/g, '-')
const rankOf = (folder: string): number =>
  CORE_RANKS.findIndex((rank) => (rank as readonly string[]).includes(folder))
const mayImport = (from: string, to: string): boolean => from === to || rankOf(to) < rankOf(from)

function everywhere(): Canary[] {
  return Object.entries(PLACES).flatMap(([layer, place]) =>
    EVERYWHERE.map(({ name, what, beside = {}, ...canary }) => ({
      ...canary,
      what: `${what} in ${layer}`,
      file: `src/${place}/canary-${name}`,
      beside: Object.fromEntries(
        Object.entries(beside).map(([file, text]) => [`src/${place}/canary-${file}`, text]),
      ),
    })),
  )
}

function timeless(): Canary[] {
  return [...CORE.map((folder) => `core/${folder}`), 'engine', 'engine/job'].flatMap((place) =>
    TIME.map(([what, text, rule]) => ({
      what: `${what} in ${place}`,
      file: `src/${place}/canary-${slug(what)}.ts`,
      text,
      rule,
    })),
  )
}

const packageCanary = (place: string, name: string): Canary => ({
  what: `the package ${name} in ${place}`,
  file: `src/${place}/canary-package-${slug(name)}.ts`,
  text: importing(name),
  rule: RESTRICTED,
})

function packages(): Canary[] {
  const places = [
    ...CORE.map((folder) => `core/${folder}`),
    'engine',
    ...ADAPTERS.map((name) => `adapters/${name}`),
    'tui',
    'cli',
  ]
  return [
    ...PACKAGES.flatMap(([name, layers]) =>
      places
        .filter((place) => !layers.includes(place.split('/')[0]!))
        .map((place) => packageCanary(place, name)),
    ),
    ...places
      .filter((place) => /^(core|engine)/.test(place))
      .flatMap((place) => [packageCanary(place, 'node:fs'), packageCanary(place, 'leftpad')]),
  ]
}

function direction(): Canary[] {
  const inCore = CORE.flatMap((from) =>
    CORE.filter((to) => !mayImport(from, to)).flatMap((to) =>
      ['', 'deeper/'].map((deeper) => ({
        what: `core/${to} in core/${from}${deeper && ', one folder deeper'}`,
        file: `src/core/${from}/${deeper}canary-up-${to}.ts`,
        text: (deeper ? typeImporting : importing)(`../${deeper && '../'}${to}/canary-target.ts`),
        rule: RESTRICTED,
      })),
    ),
  )
  const siblings = ADAPTERS.flatMap((from) =>
    ADAPTERS.filter((to) => to !== from).flatMap((to) =>
      ['', 'deeper/'].map((deeper) => ({
        what: `adapters/${to} in adapters/${from}${deeper && ', one folder deeper'}`,
        file: `src/adapters/${from}/${deeper}canary-sibling-${to}.ts`,
        text: (deeper ? dynamicImporting : importing)(`../${deeper && '../'}${to}/canary-target.ts`),
        rule: RESTRICTED,
      })),
    ),
  )
  return [...inCore, ...siblings]
}

const CANARIES: readonly Canary[] = [...everywhere(), ...timeless(), ...packages(), ...direction()]
/** Allowed imports and functions at the limit: a gate that refuses everything would pass every canary. */
const HARMLESS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    CORE.map((from) => [
      `src/core/${from}/harmless.ts`,
      CORE.filter((to) => to !== from && mayImport(from, to))
        .map((to) => importing(`../${to}/canary-target.ts`))
        .concat('export const allowed = 1\n')
        .join(''),
    ]),
  ),
  ...Object.fromEntries(
    ADAPTERS.map((from) => [
      `src/adapters/${from}/harmless.ts`,
      ['../../core/journal/canary-target.ts', '../../engine/job/canary-target.ts', 'node:fs', 'ssh2', 'execa']
        .map(importing)
        .join(''),
    ]),
  ),
  'src/engine/job/harmless.ts': importing('../../core/run/canary-target.ts'),
  'src/tui/harmless.ts': `${['react', 'ink', 'zustand', '../core/run/canary-target.ts', '../engine/job/canary-target.ts'].map(importing).join('')}${`export function fill(list: number[]): void ${longFunction(90)}`}`,
  'src/cli/harmless.ts': `${['../adapters/journal/canary-target.ts', '../tui/canary-target.ts', '../engine/job/canary-target.ts'].map(importing).join('')}${`export function fill(list: number[]): void ${longFunction(48)}`}`,
}

let workspace: Workspace
let found: readonly Found[] = []

beforeAll(() => {
  workspace = createWorkspace()
  for (const place of [
    ...CORE.map((name) => `core/${name}`),
    ...ADAPTERS.map((name) => `adapters/${name}`),
    'tui',
    'engine/job',
  ])
    workspace.plant(`src/${place}/canary-target.ts`, `export const ${slug(place).replaceAll('-', '')} = 1\n`)
  for (const { file, text, beside = {} } of CANARIES)
    for (const [path, content] of Object.entries({ ...beside, [file]: text })) workspace.plant(path, content)
  for (const [file, text] of Object.entries(HARMLESS)) workspace.plant(file, text)
  const { output } = workspace.run('oxlint', ['--deny-warnings', '--format', 'json', 'src'])
  found = (JSON.parse(output) as { diagnostics: Found[] }).diagnostics
}, 300_000)
afterAll(() => workspace[Symbol.dispose]())

const rulesOf = (file: string): (string | undefined)[] =>
  found.filter(({ filename }) => filename === file).map(({ code }) => code)

test.each(CANARIES.map((canary) => [canary.what, canary] as const))('%s is refused', (_, { file, rule }) => {
  expect(rulesOf(file)).toContain(rule)
})

test.each(Object.keys(HARMLESS))('%s holds what is allowed and is not refused', (file) => {
  expect(rulesOf(file)).toEqual([])
})

test.each([
  ['core', CORE],
  ['adapters', ADAPTERS],
])('every folder of %s has its rule and its canaries', (layer, known) => {
  const folders = readdirSync(`src/${layer}`, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(
    folders.map(({ name }) => name).filter((name) => !(known as readonly string[]).includes(name)),
  ).toEqual([])
})

test.each(['core', 'adapters'])(
  '%s has no module outside of its folders, where no rule would hold',
  (layer) => {
    expect(readdirSync(`src/${layer}`).filter((name) => /\.tsx?$/.test(name))).toEqual([])
  },
)
