import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFolder, runIn } from '../cli/cli-harness.ts'

const RUNBOOKS = join(import.meta.dirname, '../../runbooks')
const INVENTORY = join(RUNBOOKS, 'inventory.example.yaml')
const FILES = readdirSync(RUNBOOKS).filter((name) => name.endsWith('.md'))

describe.each(FILES)('%s', (name) => {
  const path = join(RUNBOOKS, name)

  test('has no findings', async () => {
    const { stdout, stderr } = await runIn(makeFolder(), ['lint', path, '-i', INVENTORY])
    expect(stdout + stderr).toContain('0 errors, 0 warnings')
  })

  test('can be planned with the example, and nothing else', async () => {
    const { exitCode, stdout } = await runIn(makeFolder(), ['plan', path, '-i', INVENTORY, '--json'])
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] }
    expect(exitCode).toBe(0)
    // What has to be finished before is for the run to ask.
    expect(diagnostics.filter(({ code }) => code !== 'HR4201')).toEqual([])
  })
})
