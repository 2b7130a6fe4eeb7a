import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runShell } from './practice-host.ts'
import { languageRows } from './script-rows.ts'
import { programRows } from './program-rows.ts'
import { describeUnless } from '../../../support/skip.ts'

const dash = spawnSync('dash', ['-c', ':'])
const noDash = dash.error && 'dash is not installed: the practice shell was not compared with it'

describeUnless(noDash)('a practice host does what dash and the usual programs do', () => {
  it.each([...languageRows, ...programRows])('%s', async (script) => {
    const simulated = await runShell(script)
    expect({ stdout: simulated.stdout, status: simulated.status }).toEqual(runReally(script))
  })
})

function runReally(script: string): { readonly stdout: string; readonly status: number | null } {
  const home = mkdtempSync(join(tmpdir(), 'lab-dash-'))
  try {
    const result = spawnSync('dash', ['-c', script], {
      cwd: home,
      argv0: 'sh',
      encoding: 'utf8',
      input: '',
      timeout: 60_000,
      env: { PATH: '/usr/bin:/bin', HOME: home, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    })
    return { stdout: result.stdout, status: result.status }
  } finally {
    rmSync(home, { recursive: true })
  }
}
