import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadRunbook } from '../../adapters/files/load-runbook.ts'
import { hashText } from '../../adapters/journal/hash-text.ts'
import { lintRunbook } from '../../core/runbook/lint-runbook.ts'
import { listSteps } from '../../core/runbook/walk-runbook.ts'
import type { RunbookEntry } from '../../tui/library.ts'
import type { CliContext } from '../cli-context.ts'
import { SHIPPED_RUNBOOKS } from '../lab/lab-places.ts'
import { formatListedPath } from './format-listed-path.ts'

/** The runbooks of the working directory, of its `runbooks` folder, and those that come with the tool. */
export async function listRunbooks({ world }: CliContext): Promise<readonly RunbookEntry[]> {
  const folders = [...new Set([world.cwd, join(world.cwd, 'runbooks'), SHIPPED_RUNBOOKS])]
  const paths = (await Promise.all(folders.map(listMarkdown))).flat()
  const entries = await Promise.all(paths.map((path) => describeRunbook(path, world.cwd)))
  return entries.filter((entry) => entry !== undefined)
}

async function listMarkdown(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => join(folder, name))
}

/** Undefined for a document that is no runbook. */
async function describeRunbook(path: string, cwd: string): Promise<RunbookEntry | undefined> {
  try {
    const { value, diagnostics } = await loadRunbook(path, { cwd, hash: hashText })
    const root = value?.linked.root
    if (value === undefined || root?.version === undefined) return undefined
    const found = [
      ...diagnostics,
      ...[...value.linked.runbooks.values()].flatMap((each) => lintRunbook(each)),
    ]
    const problem = found.find(({ severity }) => severity === 'error')?.message
    return {
      path: formatListedPath(path, cwd),
      title: root.title,
      ...(root.summary === undefined ? {} : { summary: root.summary }),
      tags: root.tags,
      steps: [...value.linked.runbooks.values()].reduce((sum, each) => sum + [...listSteps(each)].length, 0),
      ...(problem === undefined ? {} : { problem }),
    }
  } catch {
    // It was there a moment ago.
    return undefined
  }
}
