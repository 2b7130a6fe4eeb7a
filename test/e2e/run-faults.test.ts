import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { expectedLoudOutput, startPractice, type Practice } from './support/practice.ts'

const RUNBOOK = 'test/e2e/fixtures/everything.md'
const HEADLESS = [
  '--inline',
  '--plain',
  '--approve',
  'disruptive',
  '--answer',
  'after.tell-the-desk/1=Ann took the call',
]

let practice: Practice
beforeEach(async () => {
  practice = await startPractice(2)
})
afterEach(() => practice.stop())

function loudBegan(): boolean {
  return practice.hosts.some((host) => host.lines('loud').includes('begun'))
}

/** Resumes until the run is over; each answer is what a person would say who only says yes to what is safe. */
async function resumeToTheEnd(): Promise<{ code: number | undefined; all: string }> {
  const told: string[] = []
  for (let round = 0; round < 5; round += 1) {
    const { code, all } = await practice.run(['resume', ...HEADLESS])
    told.push(`--- resume ${round} ended with ${code}\n${all}`)
    if (code === 0) return { code, all }
  }
  return { code: undefined, all: told.join('\n') }
}

/** What the journal keeps of every long output, to the byte. */
function storedOutputs(run: string): string[] {
  const out = join(practice.stateDir, 'runs', run, 'out')
  const streams = readdirSync(out).filter((name) => name.endsWith('.stdout'))
  const texts = streams.map((name) =>
    readdirSync(join(out, name))
      .filter((part) => /^\d+$/.test(part))
      .toSorted()
      .map((part) => readFileSync(join(out, name, part), 'utf8'))
      .join(''),
  )
  return texts.filter((text) => text.length > 1000)
}

function digestsOf(texts: readonly string[]): string[] {
  return texts.map((text) => `${text.length} ${createHash('sha256').update(text).digest('hex')}`)
}

async function expectExactlyOnce(): Promise<void> {
  for (const host of practice.hosts) {
    expect({ host: host.name, guarded: host.lines('guarded'), loud: host.lines('loud') }).toEqual({
      host: host.name,
      guarded: ['one'],
      loud: ['begun', 'ended'],
    })
  }
  const rolling = readFileSync(join(practice.dir, 'rolling.log'), 'utf8').trimEnd().split('\n')
  expect(rolling).toEqual(practice.hosts.flatMap(({ name }) => [`${name} stop`, `${name} start`]))
  const [run] = JSON.parse((await practice.run(['runs', '--json'])).stdout)
  expect(digestsOf(storedOutputs(run.run))).toEqual(digestsOf(practice.hosts.map(() => expectedLoudOutput())))
  expect((await practice.run(['verify', run.run])).code).toBe(0)
}

describe('faults in the middle of a step', () => {
  test('the tool is killed by kill -9', async () => {
    const tool = practice.start(['run', RUNBOOK, '-i', practice.inventory, ...HEADLESS])
    await vi.waitFor(() => expect(loudBegan()).toBe(true), { timeout: 60_000, interval: 20 })
    tool.kill('SIGKILL')
    await tool
    const { code, all } = await resumeToTheEnd()
    expect({ code, ...(code === 0 ? {} : { all }) }).toEqual({ code: 0 })
    await expectExactlyOnce()
  })

  test.each([1, 2, 3, 4, 5, 6])(
    'the tool is killed at some moment, again and again (round %i)',
    async (round) => {
      const args = ['run', RUNBOOK, '-i', practice.inventory, ...HEADLESS]
      for (let kill = 0; kill < 4; kill += 1) {
        const tool = practice.start(kill === 0 ? args : ['resume', ...HEADLESS])
        const ended = await Promise.race([
          tool.then(() => true),
          new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 350 + round * 130 + kill * 210)),
        ])
        if (ended) break
        tool.kill('SIGKILL')
        await tool
      }
      const [run] = JSON.parse((await practice.run(['runs', '--json'])).stdout)
      if (run?.state !== 'finished') {
        const { code, all } = run === undefined ? await practice.run(args) : await resumeToTheEnd()
        expect({ code, ...(code === 0 ? {} : { all }) }).toEqual({ code: 0 })
      }
      await expectExactlyOnce()
    },
  )

  test('the sessions of the daemon are killed', async () => {
    const tool = practice.start(['run', RUNBOOK, '-i', practice.inventory, ...HEADLESS])
    await vi.waitFor(() => expect(loudBegan()).toBe(true), { timeout: 60_000, interval: 20 })
    for (const { sshd } of practice.hosts) sshd.killSessions()
    const { exitCode, all } = await tool
    expect({ exitCode, ...(exitCode === 0 ? {} : { all }) }).toEqual({ exitCode: 0 })
    await expectExactlyOnce()
  })

  test('the wire is cut', async () => {
    const tool = practice.start(['run', RUNBOOK, '-i', practice.inventory, ...HEADLESS])
    await vi.waitFor(() => expect(loudBegan()).toBe(true), { timeout: 60_000, interval: 20 })
    for (const { proxy } of practice.hosts) proxy.cut('rst')
    const { exitCode, all } = await tool
    expect({ exitCode, ...(exitCode === 0 ? {} : { all }) }).toEqual({ exitCode: 0 })
    await expectExactlyOnce()
  })

  test('the wire is silent, then cut, then there again', async () => {
    const tool = practice.start(['run', RUNBOOK, '-i', practice.inventory, ...HEADLESS])
    await vi.waitFor(() => expect(loudBegan()).toBe(true), { timeout: 60_000, interval: 20 })
    for (const { proxy } of practice.hosts) proxy.pause()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    for (const { proxy } of practice.hosts) {
      proxy.cut('fin')
      proxy.resume()
    }
    const { exitCode, all } = await tool
    expect({ exitCode, ...(exitCode === 0 ? {} : { all }) }).toEqual({ exitCode: 0 })
    await expectExactlyOnce()
  })

  test('the wire is cut while the start of a job is on its way', async () => {
    const [host] = practice.hosts
    host!.proxy.cutAfter(60_000, 'toServer', 'rst')
    const { code, all } = await practice.run(['run', RUNBOOK, '-i', practice.inventory, ...HEADLESS])
    expect({ code, ...(code === 0 ? {} : { all }) }).toEqual({ code: 0 })
    await expectExactlyOnce()
  })
})
