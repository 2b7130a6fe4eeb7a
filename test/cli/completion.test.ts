import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { makeFolder, runIn } from './cli-harness.ts'

function complete(script: string, words: readonly string[]): readonly string[] {
  const ask = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _handrail; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', ask], { encoding: 'utf8' }).trim().split('\n')
}

test('bash completes commands and their options', async () => {
  const { stdout } = await runIn(makeFolder(), ['completion', 'bash'])
  expect(complete(stdout, ['handrail', 're'])).toEqual(['resume', 'reset-term', 'report'])
  expect(complete(stdout, ['handrail', 'report', '--fo'])).toEqual(['--format'])
  expect(complete(stdout, ['handrail', 'run', '-'])).toContain('-i')
})

test('fish and zsh name every command; another shell is a usage error', async () => {
  for (const shell of ['fish', 'zsh'])
    expect((await runIn(makeFolder(), ['completion', shell])).stdout).toContain('verify')
  expect(await runIn(makeFolder(), ['completion', 'tcsh'])).toMatchObject({ exitCode: 2 })
})
