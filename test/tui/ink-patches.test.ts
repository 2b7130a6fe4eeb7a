import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { array, assert, constantFrom, nat, property, tuple, uniqueArray } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INK_PATCHES } from '../../scripts/ink-patches.mjs'
import { screenPlugins } from '../../scripts/screen-plugins.mjs'
import { mountScreen } from './support/mount-screen.tsx'
import { SCENARIOS } from './support/scenarios.ts'

type Write = { readonly x: number; readonly y: number; readonly text: string }
type Drawn = { readonly output: string; readonly height: number }
type OutputOfInk = {
  readonly write: (x: number, y: number, text: string, options: { transformers: Transformer[] }) => void
  readonly clip: (clip: object) => void
  readonly unclip: () => void
  readonly get: () => Drawn
}
type Cell = readonly [value: string, codes: readonly string[]]
type Transformer = (line: string, index: number) => string
type Parts = {
  readonly Output: new (size: { readonly width: number; readonly height: number }) => OutputOfInk
  readonly sanitizeAnsi: (text: string) => string
  /** The cells of a row, each with the codes of its styles. */
  readonly readCells: (row: string) => readonly Cell[]
}

const WIDTH = 24
const HEIGHT = 4
const INK = 'node_modules/ink/build'
const ENTRY = `
  import { styledCharsFromTokens, tokenize } from '@alcalzone/ansi-tokenize'
  export { default as Output } from './output.js'
  export { default as sanitizeAnsi } from './sanitize-ansi.js'
  export const readCells = (row) =>
    styledCharsFromTokens(tokenize(row)).map(({ value, styles }) => [value, styles.map(({ code }) => code).sort()])
`
let folder = ''
let own: Parts
let patched: Parts

/** The parts of Ink that are patched, bundled with and without it. */
async function bundle(name: string, plugins: typeof screenPlugins): Promise<Parts> {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    stdin: {
      contents: ENTRY,
      resolveDir: resolve(INK),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    outfile,
    plugins,
  })
  return (await import(pathToFileURL(outfile).href)) as Parts
}

beforeAll(async () => {
  mkdirSync('build', { recursive: true })
  folder = mkdtempSync(join('build', 'ink-patches-'))
  own = await bundle('own', [])
  patched = await bundle('patched', screenPlugins)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function draw({ Output }: Parts, writes: readonly Write[], prepare?: (output: OutputOfInk) => void): Drawn {
  const output = new Output({ width: WIDTH, height: HEIGHT })
  prepare?.(output)
  for (const { x, y, text } of writes) output.write(x, y, text, { transformers: [(line) => line] })
  return output.get()
}

/** The same characters in the same styles, however they are written; blanks at the end of a row are nothing. */
function canonical({ output, height }: Drawn): unknown {
  const rows = output.split('\n').map((line) => own.readCells(line))
  return [height, rows.map((cells) => cells.slice(0, cells.findLastIndex(isSeen) + 1))]
}

function isSeen([value, codes]: Cell): boolean {
  return value !== ' ' || codes.length > 0
}

const STYLES = [
  ['', ''],
  ['\u001b[1m', '\u001b[22m'],
  ['\u001b[2m', '\u001b[22m'],
  ['\u001b[7m', '\u001b[27m'],
  ['\u001b[36m', '\u001b[39m'],
  ['\u001b[1m\u001b[31m', '\u001b[39m\u001b[22m'],
] as const

/** As the theme paints them. */
const OWN_STYLES = [
  ['\u001b[1;7;31m', '\u001b[0m'],
  ['\u001b[2m', '\u001b[0m'],
] as const

const WORD = constantFrom('', ' ', 'ab', 'x  ', '  y', 'ö─│', '›✓…', '日本', 'e\u0301')
const SPAN = tuple(constantFrom(...STYLES, ...OWN_STYLES), WORD).map(
  ([[on, off], text]) => `${on}${text}${off}`,
)
const ROW = array(SPAN, { maxLength: 14 }).map((spans) => spans.join(''))

test('rows that are written once and whole look as Ink draws them', () => {
  assert(
    property(uniqueArray(nat(HEIGHT - 1)), array(ROW, { minLength: 4, maxLength: 4 }), (at, rows) => {
      const writes = at.map((y, index) => ({ x: 0, y, text: rows[index] ?? '' }))
      expect(canonical(draw(patched, writes))).toEqual(canonical(draw(own, writes)))
    }),
    { numRuns: 300 },
  )
})

test.each<[string, Write[], ((output: OutputOfInk) => void)?]>([
  [
    'a text beside another',
    [
      { x: 0, y: 0, text: 'left' },
      { x: 8, y: 0, text: 'right' },
    ],
  ],
  [
    'a text over another',
    [
      { x: 0, y: 1, text: 'below all' },
      { x: 0, y: 1, text: 'above' },
    ],
  ],
  ['more lines than one', [{ x: 0, y: 0, text: 'one\ntwo' }]],
  [
    'a row above or below',
    [
      { x: 0, y: -1, text: 'above' },
      { x: 0, y: HEIGHT, text: 'below' },
    ],
  ],
  [
    'what is cut',
    [{ x: 0, y: 0, text: 'too wide' }],
    (output) => output.clip({ x1: 0, x2: 3, y1: 0, y2: 4 }),
  ],
  ['what cannot be seen', [{ x: 0, y: 0, text: 'a\u200bb\u3164c' }]],
])('%s is drawn by Ink itself', (_, writes, prepare) => {
  expect(draw(patched, writes, prepare)).toEqual(draw(own, writes, prepare))
})

test('such a row is not taken apart', () => {
  const text = '\u001b[1m\u001b[22ma'
  expect(draw(patched, [{ x: 0, y: 0, text }]).output).toBe(`${text}\n\n\n`)
  expect(draw(own, [{ x: 0, y: 0, text }]).output).toBe('a\n\n\n')
})

test('what is done to a text is done to its row', () => {
  const output = new patched.Output({ width: WIDTH, height: 1 })
  output.write(0, 0, 'a', { transformers: [(line) => `${line}b`, (line) => `<${line}>`] })
  expect(output.get()).toEqual({ output: '<ab>', height: 1 })
})

test('a text is cleaned the same way the first time and again', () => {
  const texts = [
    'plain',
    'a\u0007b',
    '\u001b[1mbold\u001b[22m',
    '\u001b[2Jgone',
    '\u001b[38:5:1mred\u001b[39m',
  ]
  for (let round = 0; round < 2; round += 1)
    for (const text of texts) expect(patched.sanitizeAnsi(text)).toBe(own.sanitizeAnsi(text))
  // More than are kept.
  for (let count = 0; count < 1000; count += 1) patched.sanitizeAnsi(`row ${count}`)
  for (const text of texts) expect(patched.sanitizeAnsi(text)).toBe(own.sanitizeAnsi(text))
})

test('a screen of this program is drawn the short way', async () => {
  const screen = mountScreen({ client: SCENARIOS['running']!().client! })
  await screen.screen()
  // Ink ends each style by its own code.
  expect(screen.terminal.raw).toContain('\u001b[0m')
  screen.close()
})

test('canary: an Ink that is not the known one is refused', () => {
  expect(INK_PATCHES).toHaveLength(2)
  for (const { file, apply } of INK_PATCHES) {
    const path = ['output.js', 'sanitize-ansi.js']
      .map((name) => `${INK}/${name}`)
      .find((each) => file.test(each))
    const text = readFileSync(path ?? '', 'utf8')
    expect(apply(text, 'x.js')).not.toBe(text)
    expect(() => apply('other', 'x.js')).toThrow('x.js is not the file that is known')
    expect(() => apply(text + text, 'x.js')).toThrow('x.js is not the file that is known')
  }
})
