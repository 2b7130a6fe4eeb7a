import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorkspace } from './workspace.ts'
import type { Workspace } from './workspace.ts'

type Layer = 'core' | 'engine' | 'adapters' | 'tui' | 'cli'
type Canary = {
  readonly layer: Layer
  readonly file: string
  readonly what: string
  readonly text: string
  readonly target?: string
}

/** Everything that a layer may import; what is not named here must not compile. */
const ALLOWED: Readonly<Record<Layer, readonly Layer[]>> = {
  core: [],
  engine: ['core'],
  adapters: ['core', 'engine'],
  tui: ['core', 'engine'],
  cli: ['core', 'engine', 'adapters', 'tui'],
}
const LAYERS = Object.keys(ALLOWED) as Layer[]
/** No global of Node, of a browser or of a timer is known to core and engine; nor is a module of Node. */
const GLOBALS: readonly (readonly [string, string])[] = [
  ['process', 'export const found = process.pid\n'],
  ['Buffer', 'export const found = Buffer.alloc(1)\n'],
  ['require', "export const found = require('x')\n"],
  ['setTimeout', 'setTimeout(() => {}, 1)\nexport {}\n'],
  ['setInterval', 'setInterval(() => {}, 1)\nexport {}\n'],
  ['queueMicrotask', 'queueMicrotask(() => {})\nexport {}\n'],
  ['fetch', "export const found = fetch('x')\n"],
  ['console', "console.log('x')\nexport {}\n"],
  ['crypto', 'export const found = crypto.randomUUID()\n'],
  ['performance', 'export const found = performance.now()\n'],
  ['document', 'export const found = document.title\n'],
  ['window', 'export const found = window.name\n'],
  ['localStorage', "export const found = localStorage.getItem('x')\n"],
  ['node:fs', "export { readFileSync } from 'node:fs'\n"],
  ['fs/promises', "export { readFile } from 'fs/promises'\n"],
]

/** Each canary imports a file of its own: the compiler names a file that is out of bounds only once. */
function upward(layer: Layer): Canary[] {
  return LAYERS.filter((other) => other !== layer && !ALLOWED[layer].includes(other)).flatMap((other) => {
    const build = (how: string, write: (target: string) => string): Canary => {
      const target = `${other}/canary-${how}-for-${layer}.ts`
      return {
        layer,
        file: `src/${layer}/canary-${how}-${other}.ts`,
        what: `a ${how} import of ${other} in ${layer}`,
        text: write(`'../${target}'`),
        target: `src/${target}`,
      }
    }
    return [
      build('value', (target) => `export { target } from ${target}\n`),
      build('type', (target) => `export type { Target } from ${target}\n`),
      build('dynamic', (target) => `export const found = await import(${target})\n`),
    ]
  })
}

const CANARIES: readonly Canary[] = [
  ...LAYERS.flatMap(upward),
  ...(['core', 'engine'] as const).flatMap((layer) =>
    GLOBALS.map(([name, text]) => ({
      layer,
      file: `src/${layer}/canary-global-${name.replaceAll(/\W/g, '-').toLowerCase()}.ts`,
      what: `${name} in ${layer}`,
      text,
    })),
  ),
]

let workspace: Workspace
const errors = new Map<Layer, string>()

function readReferences(layer: Layer): unknown {
  return (JSON.parse(readFileSync(`src/${layer}/tsconfig.json`, 'utf8')) as { references: unknown })
    .references
}

/** Some real module of a layer, relative to src. */
function someModule(layer: Layer): string {
  const found = readdirSync(`src/${layer}`, { recursive: true, encoding: 'utf8' })
  return `${layer}/${found.filter((name) => /(?<!\.d)\.ts$/.test(name)).toSorted()[0]}`
}

beforeAll(() => {
  workspace = createWorkspace(['src', 'build'])
  // Declarations of the layers below are read from there; a fresh clone has none yet.
  if (!existsSync('build/cli')) workspace.run('tsc', ['-b', 'src/cli'])
  for (const { file, text, target } of CANARIES) {
    workspace.plant(file, text)
    if (target) workspace.plant(target, 'export const target = 1\nexport type Target = { readonly a: 1 }\n')
  }
  for (const layer of LAYERS) {
    const allowed = ALLOWED[layer].map((other) => `export type * from '../${someModule(other)}'\n`)
    workspace.plant(`src/${layer}/canary-allowed.ts`, `${allowed.join('')}export {}\n`)
    // The layer's own settings; of its files only those that are planted, since the others are checked by the gate.
    workspace.plant(
      `src/${layer}/tsconfig.canary.json`,
      // What it refers to is not inherited.
      JSON.stringify({
        extends: './tsconfig.json',
        include: ['canary-*.ts'],
        references: readReferences(layer),
      }),
    )
    const project = `src/${layer}/tsconfig.canary.json`
    errors.set(layer, workspace.run('tsc', ['-p', project, '--noEmit', '--pretty', 'false']).output)
  }
}, 300_000)
afterAll(() => workspace[Symbol.dispose]())

test.each(CANARIES.map((canary) => [canary.what, canary] as const))('%s does not compile', (_, canary) => {
  expect(errors.get(canary.layer)).toContain(`${canary.file}(`)
})

test.each(LAYERS)('what %s may import compiles', (layer) => {
  expect(errors.get(layer)).not.toContain(`src/${layer}/canary-allowed.ts(`)
})

test('every folder of src is a layer with a project of its own', () => {
  expect(readdirSync('src').toSorted()).toEqual(LAYERS.toSorted())
  for (const layer of LAYERS) expect(readdirSync(`src/${layer}`)).toContain('tsconfig.json')
})
