import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder, runIn } from './cli-harness.ts'

function setUp(body: string, hosts = '[]') {
  const folder = makeFolder({ 'inv.yaml': `handrail: 1\nname: desk\nhosts: ${hosts}\n` })
  writeFileSync(
    join(folder, 'up.md'),
    `---\nhandrail: 1\ntitle: T\n---\n\n# T\n${body.replaceAll('HERE', folder)}`,
  )
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    USER: 'ada',
    HANDRAIL_STATE_DIR: join(folder, '.state'),
  }
  return { folder, run: (...args: string[]) => runIn(folder, args, { env }) }
}

const step = (title: string, check: string, on = 'local') =>
  `\n## ${title}\n<!-- handrail on=${on} -->\n\n\`\`\`sh check\n${check}\n\`\`\`\n\n\`\`\`sh run\ntouch HERE/touched\n\`\`\`\n`
const EDIT = '\n## Edit\n<!-- handrail on=local -->\n\n```yaml edit path=HERE/conf.yaml\nsize: 2\n```\n'
const AWAY =
  '[{ name: a1, address: { private: 127.0.0.1 }, ssh: { port: 9, user: nobody }, roles: { app: {} } }]'

test.each([
  ['all satisfied', step('One', 'true'), '[]', 0, 'one on local: satisfied'],
  ['one not', step('One', 'true') + step('Two', 'false'), '[]', 1, 'two on local: not satisfied'],
  ['one unclear', step('One', 'exit 9'), '[]', 3, 'one on local: cannot tell'],
  ['an edit to be made', EDIT, '[]', 1, 'edit on local: not satisfied'],
  ['unreachable', step('One', 'true', 'app'), AWAY, 5, 'one on a1: cannot tell'],
])('%s', async (_, body, hosts, exitCode, line) => {
  const { folder, run } = setUp(body, hosts)
  const ran = await run('check', 'up.md', '-i', 'inv.yaml')
  expect(ran.stdout).toContain(line)
  expect(ran.exitCode).toBe(exitCode)
  if (exitCode !== 0) expect(ran.last).toMatch(/^Next: handrail (plan|doctor) /)
  expect(existsSync(join(folder, 'touched'))).toBe(false)
  expect(existsSync(join(folder, 'conf.yaml'))).toBe(false)
})

test('the JSON has a row for each step and host', async () => {
  const { run } = setUp(step('One', 'false'))
  const ran = await run('check', 'up.md', '-i', 'inv.yaml', '--json')
  expect(JSON.parse(ran.stdout)).toMatchObject({
    inventory: 'desk',
    checks: [{ step: 'one', host: 'local', answer: 'not satisfied' }],
  })
})

test('a live plan shows checks and diffs as they are now, and changes nothing', async () => {
  const { folder, run } = setUp(step('One', 'true') + EDIT)
  writeFileSync(join(folder, 'conf.yaml'), '# kept\nsize: 1\n')
  const plain = await run('plan', 'up.md', '-i', 'inv.yaml', '--live')
  expect(plain.exitCode).toBe(0)
  expect(plain.stdout).toContain('now: satisfied')
  expect(plain.stdout).toContain('-size: 1\n')
  expect(plain.stdout).toContain('+size: 2\n')
  const json = JSON.parse((await run('plan', 'up.md', '-i', 'inv.yaml', '--live', '--json')).stdout) as {
    steps: { actions: { diff?: string }[] }[]
  }
  expect(json.steps[1]?.actions[0]?.diff).toContain('+size: 2')
})
