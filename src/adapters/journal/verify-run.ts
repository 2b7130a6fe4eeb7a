import { readdir } from 'node:fs/promises'
import type { Digest, JobId } from '../../core/base/ids.ts'
import { selectHead, type JournalHead } from '../../core/journal/chain.ts'
import { describeCondition } from '../../core/journal/describe-condition.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import type { JournalCondition } from '../../core/journal/scan-journal.ts'
import { openContentStore } from './content-store.ts'
import { withDiskErrors } from './disk-error.ts'
import { describeNothingRecorded, loadJournal, type KnownHead } from './load-journal.ts'
import { EMPTY_OUTPUT } from './lazy-output.ts'
import { hashSegments } from './output-digest.ts'
import { listSegments, loadOutputMeta, selectOutputPaths, type OutputStream } from './output-layout.ts'
import { selectRunPaths, type RunPaths } from './run-directory.ts'

/** One thing that is not as it was recorded. */
export type RunFinding = {
  readonly area: 'journal' | 'value' | 'snapshot' | 'output'
  readonly message: string
}

/** Result of checking a run's files against each other. */
export type RunVerification = {
  readonly head: JournalHead
  readonly events: number
  readonly values: number
  readonly outputs: number
  /** Of the journal alone; `torn` can be gone on with. */
  readonly condition: JournalCondition['kind']
  /** Empty: everything is as it was recorded. */
  readonly findings: readonly RunFinding[]
}

/** What a record refers to, for finding files that are missing; `core/run` knows its events. */
export type SelectReferences = (record: JournalRecord) => {
  readonly values?: readonly Digest[]
  readonly outputs?: readonly {
    readonly job: JobId
    readonly stream: OutputStream
    readonly digest: Digest
  }[]
}

/** Settings of a verification. */
export type VerifyOptions = {
  readonly knownHeads?: readonly KnownHead[]
  readonly selectReferences?: SelectReferences
}

/**
 * Checks the journal's chain and heads, every value, every snapshot file and every finished output, and, with
 * `selectReferences`, that all that the journal names is there. Changes nothing; a busy run can be verified.
 */
export async function verifyRun(
  directory: string,
  { knownHeads = [], selectReferences = () => ({}) }: VerifyOptions = {},
): Promise<RunVerification> {
  const paths = selectRunPaths(directory)
  const scanned = await loadJournal(directory, knownHeads)
  const { records, condition } = scanned
  const nothing = condition.kind === 'corrupt' ? undefined : describeNothingRecorded(directory, scanned)
  if (nothing !== undefined) throw nothing
  const findings: RunFinding[] = []
  if (condition.kind !== 'ok') {
    findings.push({ area: 'journal', message: describeCondition(condition) })
  }
  const references = records.map((record) => selectReferences(record))
  const values = await verifyStore(paths.values, 'value', findings)
  const snapshot = await verifyStore(paths.snapshot, 'snapshot', findings)
  for (const digest of references.flatMap((each) => each.values ?? [])) {
    if (values.has(digest) || snapshot.has(digest)) continue
    findings.push({ area: 'value', message: `${digest} is named in the journal but missing` })
  }
  const outputs = await verifyOutputs(paths, findings)
  for (const { job, stream, digest } of references.flatMap((each) => each.outputs ?? [])) {
    // A stream without a byte has no files.
    if ((outputs.get(`${job}.${stream}`) ?? EMPTY_OUTPUT.digest) === digest) continue
    findings.push({
      area: 'output',
      message: `${stream} of ${job} is missing or not the one that the journal names`,
    })
  }
  const head = selectHead(records)
  const { kind } = condition
  return {
    head,
    events: records.length,
    condition: kind,
    values: values.size,
    outputs: outputs.size,
    findings,
  }
}

async function verifyStore(directory: string, area: 'value' | 'snapshot', findings: RunFinding[]) {
  const store = openContentStore(directory)
  const digests = await store.list()
  for (const digest of digests) {
    try {
      await store.get(digest)
    } catch (error) {
      findings.push({ area, message: describe(error) })
    }
  }
  return new Set(digests)
}

/** Gives the digests that the files really have. */
async function verifyOutputs(
  { outputs }: RunPaths,
  findings: RunFinding[],
): Promise<ReadonlyMap<string, Digest>> {
  const found = new Map<string, Digest>()
  for (const name of await withDiskErrors(outputs, () => readdir(outputs))) {
    const match = /^([a-z0-9][a-z0-9.-]{0,63})\.(stdout|stderr)$/.exec(name)
    if (match === null) continue
    try {
      const paths = selectOutputPaths(outputs, match[1] as JobId, match[2] as OutputStream)
      const meta = await loadOutputMeta(paths)
      if (meta === null) continue
      const digest = await hashSegments(await listSegments(paths, meta.layout))
      found.set(name, digest)
      if (meta.summary === null || meta.summary.digest === digest) continue
      findings.push({ area: 'output', message: `${name} was changed: it no longer matches its digest` })
    } catch (error) {
      findings.push({ area: 'output', message: `${name}: ${describe(error)}` })
    }
  }
  return found
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
