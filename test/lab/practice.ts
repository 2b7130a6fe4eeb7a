import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runTool } from '../../src/cli/practice-test/run-tool.ts'
import type { ToolRun } from '../../src/cli/practice-test/run-tool.ts'

export const TOOL = resolve('bin/handrail')
export const RUNBOOKS = resolve('runbooks')

/** A runbook's whole test file is one command: twelve cases of ten seconds, on a machine that is busy. */
const LIMIT_MS = 360_000

/** A state directory of its own, with the tool on it; its labs are stopped and everything is removed at the end. */
export function openPractice(): {
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly run: (...args: string[]) => Promise<ToolRun>
  readonly start: (...args: string[]) => ReturnType<typeof runTool>
  readonly close: (...labs: string[]) => Promise<void>
} {
  const folder = mkdtempSync(join(tmpdir(), 'handrail-lab-'))
  const env = { ...process.env, HANDRAIL_STATE_DIR: join(folder, 'state'), NO_COLOR: '1' }
  const start = (...args: string[]) => runTool({ command: [TOOL, ...args], env, limitMs: LIMIT_MS })
  return {
    folder,
    env,
    start,
    run: (...args) => start(...args).done,
    close: async (...labs) => {
      for (const pid of listRunners(join(folder, 'state/runs'))) process.kill(pid, 'SIGKILL')
      for (const lab of labs) await start('lab', 'down', lab).done
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The processes that still drive a run here: they would wait ten minutes for somebody to come back. */
function listRunners(runs: string): readonly number[] {
  if (!existsSync(runs)) return []
  return readdirSync(runs).flatMap((run) => {
    const holder = join(runs, run, 'lock.json')
    const { pid } = existsSync(holder)
      ? (JSON.parse(readFileSync(holder, 'utf8')) as { pid: number })
      : { pid: 0 }
    return pid > 0 &&
      existsSync(`/proc/${pid}/cmdline`) &&
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(run)
      ? [pid]
      : []
  })
}
