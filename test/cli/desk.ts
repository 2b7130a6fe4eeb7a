import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, runIn, type Ran } from './cli-harness.ts'

/** An inventory without hosts: all is done on the desk itself. */
export const INVENTORY = `handrail: 1
name: desk
hosts: []
secrets: { token: { env: TOKEN } }
`
export const head = (more = '') => `---\nhandrail: 1\ntitle: Desk\n${more}---\n\n# Desk\n`
export const step = (title: string, options: string, body: string) =>
  `\n## ${title}\n<!-- handrail on=local ${options} -->\n\n${body}\n`
export const fence = (info: string, body: string) => `\`\`\`${info}\n${body}\n\`\`\`\n`

export const PRODUCTION = INVENTORY.replace(
  'name: desk',
  'name: desk\nenvironment: { name: prod-eu, level: production }',
)

export const withHost = (port: number) =>
  INVENTORY.replace('[]', `[{ name: a1, address: { private: 127.0.0.1 }, ssh: { port: ${port} } }]`)

export const MAKE = step(
  'Make',
  '',
  fence('sh check', 'test -f made') + fence('sh run', 'echo making; echo x > made'),
)

/** A folder with a runbook and an inventory, and ways to run them; `made` in a runbook stands for a file there. */
export function setUp(runbook: string, inventory = INVENTORY) {
  const folder = makeFolder({ 'inv.yaml': inventory })
  // Relative paths of a command are those of the home folder.
  writeFileSync(join(folder, 'up.md'), runbook.replaceAll('made', join(folder, 'made')))
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    USER: 'ada',
    HANDRAIL_STATE_DIR: join(folder, '.state'),
    TOKEN: 'canary-token-value',
  }
  // The runner as a process of its own has tests of its own.
  const run = (...args: string[]): Promise<Ran> =>
    runIn(folder, ['run', 'resume'].includes(args[0] ?? '') ? [...args, '--inline'] : args, { env })
  return { folder, run, start: (...args: string[]) => run('run', 'up.md', '-i', 'inv.yaml', ...args) }
}

/** What `show --json` says. */
export function shown(ran: Ran): {
  state: string
  steps: { id: string; state: string; hosts: { state: string }[] }[]
} {
  return JSON.parse(ran.stdout) as never
}
