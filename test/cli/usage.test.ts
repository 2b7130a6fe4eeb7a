import { expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { makeFolder, runIn } from './cli-harness.ts'

test.each([
  [['--nope'], 2, "unknown option '--nope'", 'Next: handrail --help'],
  [['lnit'], 2, 'there is no command lnit', 'Next: handrail lint --help'],
  [['zzzzzz'], 2, 'there is no command zzzzzz', 'Next: handrail --help'],
  [['lint'], 2, "missing required argument 'file'", 'Next: handrail lint --help'],
  [['lint', '--jsn', 'x.md'], 2, 'did you mean --json', 'Next: handrail lint --help'],
  [['lint', 'nope.md'], 2, 'cannot read nope.md: there is no such file', 'Next: handrail lint FILE'],
  [['lint', '.'], 2, 'it is a folder', 'Next: handrail lint FILE'],
  [['lint', '/dev/zero'], 2, 'it is no regular file', 'Next: handrail lint FILE'],
  [['explain', 'HR2222'], 2, 'there is no code HR2222', 'Next: handrail explain HR2002'],
  [['explain', 'what'], 2, 'there is no code WHAT', 'handrail lint FILE prints them'],
])('%j ends with %i and says why and what next', async (args, exitCode, why, last) => {
  const ran = await runIn(makeFolder(), args)
  expect(ran.exitCode).toBe(exitCode)
  expect(ran.stderr).toContain(why)
  expect(ran.last).toContain(last)
})

test.each(COMMANDS.map((spec) => [spec.name, spec] as const))(
  '%s --help shows an example',
  async (name, spec) => {
    const ran = await runIn(makeFolder(), [name, '--help'])
    expect(ran.exitCode).toBe(0)
    expect(ran.stdout).toContain(`$ handrail ${spec.examples[0]}`)
    expect(ran.stderr).toBe('')
  },
)

test('the help lists every command and every exit code', async () => {
  const { stdout } = await runIn(makeFolder(), ['--help'])
  for (const { name } of COMMANDS.filter(({ isHidden }) => isHidden !== true))
    expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
  for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 130]) expect(stdout).toMatch(new RegExp(`\\b${code} [a-z]`))
})

test('an option before the command counts as one after it', async () => {
  const before = await runIn(makeFolder(), ['--json', 'explain', 'HR2002'])
  const after = await runIn(makeFolder(), ['explain', 'HR2002', '--json'])
  expect(JSON.parse(before.stdout)).toEqual(JSON.parse(after.stdout))
})
