import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { selectLabDirectory, writeLabFiles } from '../../src/adapters/lab/process/lab-directory.ts'
import { loadScenario } from '../../src/adapters/lab/scenario/load-scenario.ts'
import { startLab } from '../../src/adapters/lab/scenario/start-lab.ts'
import { runTool } from '../../src/cli/practice-test/run-tool.ts'
import { formatAnswerOptions } from '../../src/cli/practice-test/format-answer-options.ts'
import { RUNBOOKS, TOOL } from './practice.ts'

type Shown = {
  readonly steps: readonly {
    readonly id: string
    readonly hosts: readonly {
      readonly host: string
      readonly outcome: string | null
      readonly attempts: number
    }[]
  }[]
}

describe('from six empty hosts to a verified cluster', () => {
  test.concurrent.each([
    ['2.2.8', 'empty-2.2', 'system-auth'],
    ['5.0.2', 'empty-5.0', 'system-auth-5.0'],
  ])('00, 01, 02 and 02 again with %s', async (version, name, goalsOf) => {
    const folders = [join(RUNBOOKS, 'lab')]
    const scenario = await loadScenario(name, folders)
    const { goals } = (await loadScenario(goalsOf, folders)).data
    const folder = mkdtempSync(join(tmpdir(), 'handrail-chain-'))
    const lab = await startLab({ scenario, haste: 4 })
    try {
      const directory = selectLabDirectory(join(folder, 'hosts'), name)
      await writeLabFiles(lab, directory, true)
      const tool = (...args: string[]) =>
        runTool({ command: [TOOL, ...args, '--state-dir', join(folder, 'state')], env: process.env }).done
      const walk = async (runbook: string) => {
        const path = join(RUNBOOKS, runbook)
        const answers = formatAnswerOptions(scenario.data.answers)
        const { exitCode, output } = await tool(
          'run',
          path,
          '-i',
          directory.inventory,
          '--inline',
          '--plain',
          ...answers,
        )
        expect({ runbook, exitCode, output }).toMatchObject({ exitCode: 0 })
        return output
      }
      await walk('00-preflight.md')
      await walk('01-install-cassandra.md')
      await walk('02-configure-system-auth.md')
      expect(lab.checkGoals(goals).filter(({ met }) => !met)).toEqual([])
      expect(new Set(Object.values(lab.cluster.describe().nodes).map((node) => node.version))).toEqual(
        new Set([version]),
      )
      const again = await walk('02-configure-system-auth.md')
      expect(again).toContain('already done')
      const shown = JSON.parse((await tool('show', '--json')).stdout) as Shown
      const acted = shown.steps
        .filter(({ hosts }) => hosts.some(({ attempts }) => attempts > 0))
        .map(({ id }) => id)
      // The one step that says that running it twice does no harm.
      expect(acted).toEqual(['replicate.repair'])
      expect(lab.checkGoals(goals).filter(({ met }) => !met)).toEqual([])
    } finally {
      await lab.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
