import { spawn as spawnTerminal } from '@lydell/node-pty'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMPILE_CACHE } from '../support/compile-cache.ts'
import { makeFolder, runIn } from './cli-harness.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

function setUp(body: string) {
  const folder = makeFolder({
    'inv.yaml': 'handrail: 1\nname: desk\nhosts: []\n',
  })
  writeFileSync(
    join(folder, 'up.md'),
    `---\nhandrail: 1\ntitle: T\n---\n\n# T\n${body.replaceAll('HERE', folder)}`,
  )
  const env = {
    ...COMPILE_CACHE,
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    USER: 'ada',
    TERM: 'xterm',
    HANDRAIL_STATE_DIR: join(folder, '.state'),
  }
  return { folder, env, run: (...args: string[]) => runIn(folder, args, { env }) }
}

const SLOW = `
## Slow
<!-- handrail on=local -->

\`\`\`sh run
touch HERE/begun; while ! test -e HERE/go; do sleep 0.05; done; echo over; touch HERE/over
\`\`\`
\`\`\`sh verify
test -e HERE/over
\`\`\`
`

async function until(condition: () => boolean, seen = (): string => ''): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it did not come about in time: ${seen()}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}

test('Ctrl-C lets go: the command on the host goes on, and resume takes its end from there', async () => {
  const { folder, env, run } = setUp(SLOW)
  const args = [MAIN, 'run', 'up.md', '-i', 'inv.yaml', '--approve', 'change', '--inline']
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  await until(() => existsSync(join(folder, 'begun')))

  const busy = await run('resume')
  expect(busy.exitCode).toBe(3)
  expect(busy.stderr).toMatch(/is driven by ada \(process \d+ on .*, since \d{4}-/)

  child.kill('SIGINT')
  expect(await exited).toBe(130)
  expect(stderr).toContain('Commands that run on hosts go on')
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^Next: handrail resume \w{4}-\w{4}$/)

  writeFileSync(join(folder, 'go'), '')
  const resumed = await run('resume', '--approve', 'change', '--inline')
  expect(resumed.exitCode).toBe(0)
  expect(resumed.stdout).toContain('local| over')
  const [{ run: id }] = JSON.parse((await run('runs', '--json')).stdout) as [{ run: string }]
  const journal = readFileSync(join(folder, '.state', 'runs', id, 'journal.jsonl'), 'utf8')
  expect(journal.match(/"type":"job-intended"/g)).toHaveLength(1)
})

test('on a terminal questions are answered by Enter and by words, and what was typed before does not count', async () => {
  const body = `
## Make
<!-- handrail on=local -->

\`\`\`sh run repeat=safe
touch HERE/made
\`\`\`

## Tell
<!-- handrail on=local -->

- [ ] The desk knows
`
  const { folder, env, run } = setUp(body)
  const terminal = spawnTerminal(process.execPath, [MAIN, 'run', 'up.md', '-i', 'inv.yaml', '--plain'], {
    cwd: folder,
    env,
    cols: 100,
    rows: 30,
  })
  let screen = ''
  let ended: number | undefined
  terminal.onData((text) => (screen += text))
  terminal.onExit(({ exitCode }) => (ended = exitCode))
  const seen = (text: string, from = 0) =>
    until(
      () => screen.includes(text, from),
      () => screen,
    )

  terminal.write('\r\r\r\r')
  await seen('1 go (Enter)')
  await seen('> ', screen.indexOf('1 go (Enter)'))
  expect(existsSync(join(folder, 'made'))).toBe(false)
  terminal.write('perhaps\r')
  await seen('perhaps is no choice here')
  await seen('> ', screen.indexOf('no choice here'))
  terminal.write('go\r')
  await seen('needs you: Make: change on local')
  await seen('> ', screen.lastIndexOf('needs you'))
  terminal.write('\r')
  await seen('1 tick')
  const asked = screen.lastIndexOf('tick')
  await seen('> ', asked)
  terminal.write('ticket 7\r')
  await until(() => ended !== undefined)
  expect(ended).toBe(0)
  expect(existsSync(join(folder, 'made'))).toBe(true)
  expect((await run('report')).stdout).toContain('ticket 7')
})
