import { expect, test } from 'vitest'
import { createWorkspace } from './workspace.ts'

test('an unformatted file is refused, in every folder that is checked', () => {
  using workspace = createWorkspace([])
  const files = [
    'src/core/base/canary.ts',
    'src/tui/canary.tsx',
    'test/core/canary.ts',
    'scripts/canary.mjs',
    'bench/canary.ts',
  ]
  for (const file of files) workspace.plant(file, 'export const a = "b" ;\n')
  const { status, output } = workspace.run('oxfmt', ['--check', 'src', 'test', 'scripts', 'bench'])
  expect(status).not.toBe(0)
  for (const file of files) expect(output).toContain(file)
})

test('a formatted file is not', () => {
  using workspace = createWorkspace([])
  workspace.plant('src/core/base/canary.ts', "export const a = 'b'\n")
  expect(workspace.run('oxfmt', ['--check', 'src'])).toMatchObject({ status: 0 })
})
