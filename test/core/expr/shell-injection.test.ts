import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { startOfFile } from '../../../src/core/base/place.ts'
import { parseTemplate } from '../../../src/core/expr/parse-template.ts'
import { renderTemplate } from '../../../src/core/expr/render-template.ts'

/** What may stand around an expression. Scripts of it do nothing but print; some are no valid shell. */
const around = fc.constantFrom<[string, string]>(
  ['echo ', ''],
  ['echo a', 'b'],
  ['', ''],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['$(', ')'],
  ['$(echo ', ')'],
  ['`', '`'],
  ['`echo ', '`'],
  ['${A:-', '}'],
  ['${A#', '}'],
  ['$((', '))'],
  ['$((1 + ', '))'],
  ['cat <<E\n', '\nE\n'],
  ["cat <<'E'\n", '\nE\n'],
  ['cat <<-E\n\t', '\n\tE\n'],
  ['cat <<E ', '\n"\nE\n'],
  ['# ', '\n'],
  ["# it's ", '\n'],
  ['A=', ''],
  ['A=', '; echo $A'],
  ['\\', ''],
  ['$', ''],
  ['a', ''],
  ['a#', ''],
  ['case a in ', ') :;; esac'],
  ['case ', ' in a) :;; esac'],
  ['case a in (a) echo ', ';; esac'],
  ['f() { ', '; }; f'],
  ['if ', '; then :; fi'],
  ['( ', ' )'],
  [': | ', ''],
  [': && ', ' || :'],
  ['for i in ', '; do echo $i; done'],
  ['echo ${#A} ', ' $#'],
  ['echo "\\"" ', " '\"'"],
  ["echo '$(' ", ' ")"'],
  ['echo \\\n', '\n'],
  ['x <', ''],
  ['"${A:-', '}"'],
  ['"${A:-\'', '\'}"'],
  ['"`echo ', '`"'],
)
/** Stray characters that may stand before or after. */
const noise = fc.constantFrom(
  '',
  '',
  '',
  '',
  '',
  '"',
  "'",
  '\\',
  '$',
  '`',
  '(',
  ')',
  '}',
  ';',
  '#',
  '\n',
  ';;',
  '<<E\n',
  'esac ',
)
const scripts = fc
  .tuple(noise, fc.array(around, { minLength: 1, maxLength: 4 }), noise)
  .map(([before, layers, after]) => {
    const open = layers.map(([left]) => left).join('')
    const close = layers
      .toReversed()
      .map(([, right]) => right)
      .join('')
    return `${before}${open}{{ x }}${close}${after}\n`
  })
/** Values that print a word once any part of them runs; the word itself never stands in them. */
const PAYLOADS = [
  "'; printf 'HA''CKED\\n'; '",
  '"; printf "HA""CKED\\n"; "',
  "$(printf 'HA''CKED\\n' >&2)",
  "`printf 'HA''CKED\\n' >&2`",
  "\nprintf 'HA''CKED\\n'\n",
  "; printf 'HA''CKED\\n'; ",
  "E\nprintf 'HA''CKED\\n'\n",
  "\\'; printf 'HA''CKED\\n'; \\'",
  "}; printf 'HA''CKED\\n'; {",
  ")); printf 'HA''CKED\\n'; ((",
  "a) printf 'HA''CKED\\n';;",
  'E',
]
const COUNT = 2500

test('no value runs as code, whatever the script around it', () => {
  const samples = fc.sample(scripts, { numRuns: COUNT, seed: Number(process.env.SHELL_SEED ?? 99) })
  let ran = 0
  // Scripts with redirections leave files behind.
  const directory = mkdtempSync(join(tmpdir(), 'handrail-shell-'))
  for (const [index, text] of samples.entries()) {
    const template = parseTemplate(text, startOfFile('t.md')).value
    const x = PAYLOADS[index % PAYLOADS.length]!
    const result = renderTemplate(template, { scope: { x }, style: 'sh', file: 't.md' })
    if (!result.ok) continue
    ran += 1
    const body = result.rendered.join('')
    const { stdout, stderr } = spawnSync('sh', ['-s'], { input: body, timeout: 20_000, cwd: directory })
    if (/HACKED/.test(`${stdout}${stderr}`)) expect({ text, body }).toBe('harmless')
  }
  rmSync(directory, { recursive: true })
  expect(ran).toBeGreaterThan(COUNT / 10)
}, 300_000)
