import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COMMON_OPTIONS } from '../../src/cli/command-spec.ts'
import { COMMANDS } from '../../src/cli/commands.ts'
import { ALL_CODES } from '../../src/cli/commands/explain.ts'
import { makeFolder, runIn } from './cli-harness.ts'

/** Processes of our own stand in docs/ARCHITECTURE.md. */
const SHOWN = COMMANDS.filter(({ isHidden }) => isHidden !== true)

const [intro = '', ...parts] = readFileSync('docs/cli.md', 'utf8').split(/^## /m)
const sections = new Map(parts.map((part) => [part.split('\n', 1)[0] ?? '', part]))

function listOptions(text: string): readonly string[] {
  return [...text.matchAll(/^\| `(-[^`]+)` \|/gm)].map((match) => match[1]?.replaceAll('\\|', '|') ?? '')
}

test('docs/cli.md has a section for every command and no other', () => {
  expect([...sections.keys()]).toEqual([...SHOWN.map(({ name }) => name), 'JSON'])
  expect(listOptions(intro)).toEqual(COMMON_OPTIONS.map(({ flags }) => flags))
})

test.each(SHOWN.map((spec) => [spec.name, spec] as const))(
  'docs/cli.md lists the options of %s as its help does',
  async (name, spec) => {
    const section = sections.get(name) ?? ''
    expect(listOptions(section)).toEqual(spec.options.map(({ flags }) => flags))
    expect(section).toContain(`handrail ${`${name} ${spec.arguments}`.trim()}`)
    const { stdout } = await runIn(makeFolder(), [name, '--help'])
    const shown = [...stdout.matchAll(/^ {2}(-.*?)(?: {2,}|$)/gm)].map((match) => match[1])
    expect(shown).toEqual([...spec.options, ...COMMON_OPTIONS].map(({ flags }) => flags).concat('-h, --help'))
  },
)

test('every code has one page, and codes are unique', () => {
  expect(new Set(ALL_CODES.map(({ code }) => code)).size).toBe(ALL_CODES.length)
  for (const { title, explanation, hint, example } of ALL_CODES)
    for (const text of [title, explanation, hint, example]) expect(text).not.toBe('')
})
