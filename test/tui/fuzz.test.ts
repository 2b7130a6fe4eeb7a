import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { measureWidth } from '../../src/tui/term/width.ts'
import { KEYMAP } from '../../src/tui/term/keymap.ts'
import { FakeClient } from './support/fake-client.ts'
import { mountScreen, type Screen } from './support/mount-screen.tsx'
import { SCENARIOS } from './support/scenarios.ts'

const NAMED: { readonly [key: string]: string } = {
  enter: '\r',
  tab: '\t',
  esc: '\u001b',
  space: ' ',
  up: '\u001b[A',
  down: '\u001b[B',
  left: '\u001b[D',
  right: '\u001b[C',
  pageup: '\u001b[5~',
  pagedown: '\u001b[6~',
}
const KEYS = [...new Set(KEYMAP.flatMap(({ keys }) => keys))]
  .map((key) => NAMED[key] ?? key)
  .filter((key) => key.length === 1 || key.startsWith('\u001b'))

type Move =
  | { readonly kind: 'key'; readonly bytes: string }
  | { readonly kind: 'resize'; readonly cols: number; readonly rows: number }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'pass'; readonly ms: number }

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KEYS).map((bytes): Move => ({ kind: 'key', bytes })) },
  {
    weight: 1,
    arbitrary: fc.string({ maxLength: 12, unit: 'binary' }).map((bytes): Move => ({ kind: 'key', bytes })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ cols: fc.integer({ min: 20, max: 160 }), rows: fc.integer({ min: 4, max: 60 }) })
      .map((size): Move => ({ kind: 'resize', ...size })),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ maxLength: 200, unit: 'binary' })
      .map((text): Move => ({ kind: 'print', text: `${text}\n` })),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 500 }).map((ms): Move => ({ kind: 'pass', ms })) },
)

async function apply(screen: Screen, client: unknown, each: Move): Promise<void> {
  if (each.kind === 'key') screen.type(each.bytes)
  else if (each.kind === 'resize') screen.terminal.resize(each.cols, each.rows)
  else if (each.kind === 'pass') await screen.pass(each.ms)
  else if (client instanceof FakeClient) client.print(each.text)
}

function check(screen: Screen): void {
  const { cols, rows } = screen.session.store.getState().size
  const view = screen.session.view()
  const all = [...view.header, ...view.body, ...view.sheet, ...view.footer]
  expect(all.length).toBe(rows)
  for (const row of all) expect(measureWidth(row.map(({ text }) => text).join(''))).toBe(cols)
  if (view.header.length > 0) expect([2, 3, 4]).toContain(view.footer.length)
  if (view.cursor !== undefined) {
    expect(view.cursor.x).toBeLessThan(cols)
    expect(view.cursor.y).toBeLessThan(rows)
  }
}

test('random keys, sizes and output: every row as wide as the screen, one footer, no error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(SCENARIOS)),
      fc.array(move, { minLength: 5, maxLength: 25 }),
      async (name, moves) => {
        const { keys: _, ...ports } = SCENARIOS[name]!()
        const screen = mountScreen(ports)
        try {
          for (const each of moves) {
            await apply(screen, ports.client, each)
            check(screen)
          }
          const shown = await screen.screen()
          expect(shown).not.toContain('ERROR')
        } finally {
          screen.close()
        }
      },
    ),
    { numRuns: 40 },
  )
}, 300_000)
