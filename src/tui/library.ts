import type { RunId } from '../core/base/ids.ts'
import type { RunStatus } from '../core/run/state.ts'
import type { EditAnswer, EditReview } from './edit-review.ts'
import type { FormSpec, FormValues } from './form-spec.ts'
import type { Problem } from './problem.ts'
import type { RunClient } from './run-client.ts'

/**
 * What the home screen offers. Exists because runbooks, runs and labs are kept by adapters that a screen may not know.
 * Nothing here throws: what cannot be read is listed with its problem.
 */
export type Library = {
  readonly runbooks: () => Promise<readonly RunbookEntry[]>
  readonly runs: () => Promise<readonly RunEntry[]>
  readonly labs: () => Promise<readonly LabEntry[]>
  /** Inventories to choose from, the most recently used first. */
  readonly inventories: () => Promise<readonly InventoryEntry[]>
  /** The form of a runbook for an inventory; reads files, touches no host. */
  readonly openForm: (runbook: string, inventory: string) => Promise<FormSpec | Problem>
  /** Plans and creates the run as a draft: its plan question is then answered on the run screen. */
  readonly start: (request: StartRequest) => Promise<RunClient | Problem>
  /** Tells when runs or labs may have changed, until the returned function is called; absent: a key reads again. */
  readonly watch?: (listener: () => void) => () => void
  /**
   * Attaches, resumes, watches or takes over, whatever is right. A run whose files were edited is only shown until it
   * is opened again with what a person decided about them.
   */
  readonly open: (run: RunId, answer?: EditAnswer) => Promise<OpenedRun | Problem>
}

export type OpenedRun = {
  readonly client: RunClient
  /** What was done to open it, in words. */
  readonly how: string
  /** What has to be decided first; nothing was changed, and `client` only looks on. */
  readonly edit?: EditReview
}

export type RunbookEntry = {
  readonly path: string
  readonly title: string
  readonly summary?: string
  readonly tags: readonly string[]
  readonly steps: number
  /** Why it cannot be run as it is. */
  readonly problem?: string
}

export type RunEntry = {
  readonly run: RunId
  readonly title: string
  readonly status: RunStatus
  readonly inventory: string
  readonly environment: string
  readonly level: string
  readonly operator: string
  readonly startedMs: number
  readonly lastMs: number
  readonly isUnfinished: boolean
  /** What a person let go or put back; known of runs that have finished. */
  readonly deviations?: number
  /** What it waits for, in a sentence. */
  readonly waiting?: string
  /** Who drives it now; absent: nobody. */
  readonly driver?: string
  /** Steps that are done or left out, of all; known of unfinished runs. */
  readonly progress?: { readonly done: number; readonly total: number }
}

export type LabEntry = {
  readonly name: string
  readonly title: string
  readonly hosts: number
  readonly isUp: boolean
  /** The runbook that it is made for, by the path under which it is listed. */
  readonly runbook?: string
  /** How many of its goals are reached; known while it is up. */
  readonly goals?: { readonly reached: number; readonly total: number }
}

export type InventoryEntry = {
  readonly path: string
  readonly name: string
  readonly environment: string
  readonly level: string
  readonly hosts: number
}

export type StartRequest = {
  readonly runbook: string
  readonly inventory: string
  readonly values: FormValues
}
