import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { JOB_SCRIPT } from '../../../src/engine/remote-job/job-script.ts'
import { testUnless } from '../../support/skip.ts'
import { SHELLS, WANTED_SHELLS, hasProgram } from './shells.ts'

const SOURCES = ['job.sh', 'supervisor.sh', 'process.sh'].map((name) => `src/engine/remote-job/${name}`)
const MAX_SIZE_BYTES = 12 * 1024

describe('the remote job program', () => {
  it('is what its sources say', async () => {
    const { buildJobScript } = (await import('../../../scripts/embed-job-script.mjs' as string)) as {
      buildJobScript: () => string
    }
    expect(JOB_SCRIPT, 'run node scripts/embed-job-script.mjs').toBe(buildJobScript())
  })

  it('is at most 12 KB and ASCII', () => {
    expect(Buffer.byteLength(JOB_SCRIPT)).toBeLessThanOrEqual(MAX_SIZE_BYTES)
    expect(JOB_SCRIPT).toMatch(/^[\n -~]*$/)
  })

  it('has nothing that shellcheck finds', ({ skip }) => {
    if (spawnSync('shellcheck', ['--version']).status !== 0) {
      skip('shellcheck is not installed, so the remote job program was not checked by it')
    }
    const { stdout, status } = spawnSync('shellcheck', ['-s', 'sh', ...SOURCES], { encoding: 'utf8' })
    expect(`${stdout}${status}`).toBe('0')
  })

  it.each(SHELLS)('parses under %s', (_, [program = '', ...rest]) => {
    expect(spawnSync(program, [...rest, '-n'], { input: JOB_SCRIPT, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
  })

  for (const [name, command] of Object.entries(WANTED_SHELLS))
    testUnless(
      hasProgram(command) ? undefined : `${name} is not installed, so the remote job was not tried under it`,
    )(`was tried under ${name}`, () => {
      expect(SHELLS.map(([shell]) => shell)).toContain(name)
    })
})
