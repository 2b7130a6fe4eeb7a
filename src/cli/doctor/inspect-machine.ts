import { openStateDirectory } from '../../adapters/journal/state-directory.ts'
import { listRuns } from '../../adapters/journal/list-runs.ts'
import { EnvironmentError } from '../../core/base/errors.ts'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { CliContext } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import type { Finding } from './describe-inspection.ts'

/** The first Node whose `node:sqlite` needs no flag. */
const NEEDED_NODE = [22, 13] as const

/** What of this machine matters: Node, the state directory, ssh. */
export async function inspectMachine(context: CliContext): Promise<readonly Finding[]> {
  return [
    { text: `handrail ${context.version}`, tone: 'plain' },
    inspectNode(process.versions.node),
    ...(await inspectState(context)),
    inspectSsh(context.world.env['PATH'] ?? ''),
  ]
}

function inspectNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNew = major > NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor >= NEEDED_NODE[1])
  const text = `Node ${version}${isNew ? '' : ` is too old: ${NEEDED_NODE.join('.')} is needed`}`
  return { text, tone: isNew ? 'plain' : 'bad' }
}

async function inspectState(context: CliContext): Promise<readonly Finding[]> {
  const path = selectStateDirectory(context)
  try {
    await openStateDirectory(path)
    const runs = await listRuns(path)
    const damaged = runs.filter(({ first }) => first === null)
    return [
      { text: `state directory ${path}: private and writable, ${runs.length} runs`, tone: 'plain' },
      ...damaged.map(({ run }) => ({
        text: `run ${run} cannot be read: handrail verify ${run}`,
        tone: 'bad' as const,
      })),
    ]
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return [error.message, ...error.nextSteps].map((text) => ({ text, tone: 'bad' }))
  }
}

function inspectSsh(path: string): Finding {
  const found = path
    .split(delimiter)
    .map((directory) => join(directory, 'ssh'))
    .find(isExecutable)
  return found === undefined
    ? { text: 'there is no ssh on PATH: aliases of its configuration cannot be resolved', tone: 'warning' }
    : { text: `ssh is ${found}`, tone: 'plain' }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
