import { basename } from 'node:path'
import { listRuns, type RunEntry } from '../../adapters/journal/list-runs.ts'
import type { Diagnostic, Severity } from '../../core/base/diagnostic.ts'
import type { RunEvent } from '../../core/run/events.ts'

/** Which runbooks are needed, for which inventory, and how what is unmet counts. */
export type NeedsRequest = {
  readonly file: string
  readonly needs: readonly string[]
  readonly inventoryName: string
  /** Practice hosts: which beginning of theirs a run must belong to. */
  readonly lab: string | undefined
  readonly stateDirectory: string
  /** Counted as finished without a run. */
  readonly completed: readonly string[]
  readonly severity: Severity
}

/** Reports the needed runbooks of which no whole run has finished on this inventory. */
export async function checkNeeds(request: NeedsRequest): Promise<readonly Diagnostic[]> {
  const { file, needs, stateDirectory, severity, completed } = request
  if (needs.length === 0) return []
  const runs = await listRuns(stateDirectory)
  const finished = new Set([
    ...completed.map((path) => basename(path)),
    ...runs.flatMap((run) => selectFinished(run, request)),
  ])
  return needs
    .filter((need) => !finished.has(basename(need)))
    .map((need) => ({
      code: 'HR4201',
      severity,
      file,
      line: 1,
      column: 1,
      message: `needs \`${need}\`, of which no run has finished on the inventory ${describePlace(request)}`,
      hint: 'run it first, or say why not with --override-needs REASON',
    }))
}

/** The runbook's file name, if the run finished it as a whole and without failure. */
function selectFinished({ first, last }: RunEntry, { inventoryName, lab }: NeedsRequest): readonly string[] {
  const created = first?.event as RunEvent | undefined
  const ended = last?.event as RunEvent | undefined
  if (created?.type !== 'run-created' || ended?.type !== 'run-finished' || ended.failed) return []
  const { only, from, limit } = created.options
  const isWhole = only === undefined && from === undefined && limit === undefined
  const { inventory } = created
  const isThere = inventory.name === inventoryName && inventory.lab === lab
  return isWhole && isThere ? [basename(created.runbook.path)] : []
}

function describePlace({ inventoryName, lab }: NeedsRequest): string {
  return lab === undefined ? inventoryName : `${inventoryName} since its practice hosts began anew`
}
