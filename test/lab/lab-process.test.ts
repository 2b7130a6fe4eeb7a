import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openPractice, RUNBOOKS } from './practice.ts'

const LAB = 'system-auth'
const RUNBOOK = join(RUNBOOKS, '02-configure-system-auth.md')
const ANSWERS = [
  '--approve=disruptive',
  '--confirm=replicate.alter=system_auth',
  '--confirm=retire.default-user=cassandra',
  '--inline',
  '--plain',
]

let practice: ReturnType<typeof openPractice>
beforeEach(() => {
  practice = openPractice()
})
afterEach(() => practice.close(LAB))

async function labPid(): Promise<number> {
  const { stdout } = await practice.run('lab', 'up', LAB, '--json')
  return (JSON.parse(stdout) as { pid: number }).pid
}

async function goals(): Promise<readonly string[]> {
  const { stdout } = await practice.run('lab', 'goals', LAB, '--json')
  const { goals: all } = JSON.parse(stdout) as { goals: { says: string; met: boolean }[] }
  return all.flatMap(({ says, met }) => (met ? [] : [says]))
}

describe('the process of a lab', () => {
  test('several commands see the same hosts, and it comes back as it was left', async () => {
    const pid = await labPid()
    expect(await labPid()).toBe(pid)
    expect((await practice.run('inventory', `lab:${LAB}`)).exitCode).toBe(0)
    expect((await practice.run('lab', 'list')).stdout).toMatch(/lab:system-auth +yes/)
    const inventory = readFileSync(join(practice.folder, 'state/labs', LAB, 'inventory.yaml'), 'utf8')
    await practice.run('run', RUNBOOK, '-i', `lab:${LAB}`, '--only', 'keep', ...ANSWERS)
    await practice.run('lab', 'down', LAB)
    expect((await practice.run('lab', 'list')).stdout).toMatch(/lab:system-auth +-/)
    const again = await practice.run('run', RUNBOOK, '-i', `lab:${LAB}`, '--only', 'keep', ...ANSWERS)
    expect(again.output).toContain('keep on dc1-cass1: already done')
    expect(readFileSync(join(practice.folder, 'state/labs', LAB, 'inventory.yaml'), 'utf8')).toBe(inventory)
    await practice.run('lab', 'reset', LAB)
    const fresh = await practice.run('run', RUNBOOK, '-i', `lab:${LAB}`, '--only', 'keep', ...ANSWERS)
    expect(fresh.output).toContain('keep on dc1-cass1: done')
  })

  test('a lab that was killed starts again from what it saved', async () => {
    process.kill(await labPid(), 'SIGKILL')
    expect(await labPid()).toBeGreaterThan(0)
    expect((await practice.run('check', RUNBOOK, '-i', `lab:${LAB}`)).exitCode).toBeLessThan(4)
  })

  test('a tool that was killed finds its repair again, and finishes', async () => {
    await labPid()
    const tool = practice.start('run', RUNBOOK, '-i', `lab:${LAB}`, ...ANSWERS)
    await vi.waitFor(
      async () => {
        const { stdout } = await practice.run('lab', 'goals', LAB, '--json')
        expect(JSON.parse(stdout).cluster.repairs.length).toBeGreaterThan(1)
      },
      { timeout: 60_000, interval: 50 },
    )
    tool.kill()
    expect((await tool.done).exitCode).toBeUndefined()
    const { exitCode, output } = await practice.run('resume', ...ANSWERS)
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
    expect(await goals()).toEqual([])
    const { stdout } = await practice.run('lab', 'goals', LAB, '--json')
    expect(JSON.parse(stdout).cluster.repairs.length).toBe(6)
  })

  test('the hosts are not made anew under a run that is under way, and it finishes', async () => {
    const pid = await labPid()
    const tool = practice.start('run', RUNBOOK, '-i', `lab:${LAB}`, ...ANSWERS)
    await vi.waitFor(
      async () => {
        const { stdout } = await practice.run('lab', 'goals', LAB, '--json')
        expect(JSON.parse(stdout).cluster.repairs.length).toBeGreaterThan(0)
      },
      { timeout: 60_000, interval: 50 },
    )
    const refused = await practice.run('lab', 'reset', LAB)
    expect(refused.exitCode).toBe(2)
    expect(refused.output).toMatch(/run \w{4}-\w{4} is under way on lab:system-auth/)
    expect(refused.output).toMatch(/Next: handrail open \w{4}-\w{4}, then X to abort it/)
    expect(await labPid()).toBe(pid)
    const { exitCode, output } = await tool.done
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
    // Once it is over they are.
    expect((await practice.run('lab', 'reset', LAB)).exitCode).toBe(0)
    expect((await goals()).length).toBeGreaterThan(0)
  })

  test('a runbook that handrail new wrote runs on it', async () => {
    const file = join(practice.folder, 'first.md')
    expect((await practice.run('new', file, '--title', 'A first one')).exitCode).toBe(0)
    const answers = ['--approve', 'change', '--answer', 'after.look/1=told', '--inline', '--plain']
    const { exitCode, output } = await practice.run('run', file, '-i', `lab:${LAB}`, ...answers)
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
  })

  test('npm start without a terminal walks to the end', async () => {
    const { exitCode, output } = await practice.run('start')
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
    expect(await goals()).toEqual([])
  })
})
