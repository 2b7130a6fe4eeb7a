import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createWorkspace } from './workspace.ts'

type Issues = { readonly file: string } & Readonly<Record<string, unknown>>

test('an unused file, export, type and dependency, and one that is not listed, are found', () => {
  using workspace = createWorkspace(['src', 'test', 'scripts', 'bench', 'bin'])
  workspace.plant('src/core/base/canary-file.ts', 'export const a = 1\n')
  workspace.plant(
    'src/core/base/canary-export.ts',
    'export const used = 1\nexport const unused = 2\nexport type Unused = 3\n',
  )
  workspace.plant(
    'scripts/canary.mjs',
    "import { used } from '../src/core/base/canary-export.ts'\nimport 'leftpad'\nused.toFixed()\n",
  )
  const manifest = JSON.parse(readFileSync(join(workspace.path, 'package.json'), 'utf8'))
  manifest.dependencies['canary-package'] = '1'
  workspace.plant('package.json', JSON.stringify(manifest))
  const { output } = workspace.run('knip', ['--reporter', 'json', '--no-progress'])
  const issues = (JSON.parse(output.slice(output.indexOf('{'))) as { issues: Issues[] }).issues
  const of = (file: string): string => JSON.stringify(issues.find((issue) => issue.file === file))
  expect(of('src/core/base/canary-file.ts')).toContain('"files":[{')
  expect(of('src/core/base/canary-export.ts')).toContain('"unused"')
  expect(of('src/core/base/canary-export.ts')).toContain('"Unused"')
  expect(of('src/core/base/canary-export.ts')).not.toContain('"used"')
  expect(of('package.json')).toContain('canary-package')
  expect(of('scripts/canary.mjs')).toContain('leftpad')
}, 300_000)
