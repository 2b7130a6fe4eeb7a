import { brandAs, type Digest } from '../../core/base/ids.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { JobState } from '../../core/run/state.ts'
import { selectRunDirectory, type EngineContext } from '../context.ts'
import { readRemoteFile } from '../file/read-remote-file.ts'
import { renderFileRestore } from '../file/write-script.ts'
import type { Base } from '../job/prepare-base.ts'
import type { ProbeTarget } from '../probe/run-command-probe.ts'

/** How a file that a job has written is put back. */
export type FileRestore =
  | { readonly kind: 'restore'; readonly body: string; readonly expectFile: ExpectedFile }
  /** It holds its old content already. */
  | { readonly kind: 'restored' }
  | { readonly kind: 'failed'; readonly failure: Failure }

type ExpectedFile = { readonly path: string; readonly digest: Digest }

const ABSENT = brandAs<Digest>('absent')

/**
 * Looks at a file that a job of this host-step has written, and decides how it is put back: only where it still is as
 * that job left it. A change that came later is somebody else's and is never written over.
 */
export async function planFileRestore(
  context: EngineContext,
  target: ProbeTarget & { readonly as: string | undefined },
  { written, base }: { readonly written: JobState; readonly base: Base },
): Promise<FileRestore> {
  const { file } = written
  if (file === undefined) return failed({ kind: 'restore', why: 'unrecorded' })
  const read = await readRemoteFile(context, target, file.path)
  if (!read.ok) return failed(read.failure)
  const found = read.file === undefined ? ABSENT : context.hash(read.file.text)
  const backup = selectBackupPath(context, written, base)
  if (found === file.after) {
    const expectFile = { path: file.path, digest: file.after }
    return { kind: 'restore', body: renderFileRestore(file.path, backup), expectFile }
  }
  return found === (file.before ?? ABSENT)
    ? { kind: 'restored' }
    : failed(buildChangedFailure(written, backup))
}

/** Where the content from before a job is kept: in the run's private directory of the account that wrote it. */
export function selectBackupPath(
  context: EngineContext,
  { host, attempt, action }: Pick<JobState, 'host' | 'attempt' | 'action'>,
  { place }: Base,
): string {
  return `${selectRunDirectory(context, host, place.base)}/backup-${attempt}.${action}`
}

/** The failure of an undo whose file was changed by somebody since. */
export function buildChangedFailure({ file }: JobState, backup: string): Failure {
  const { path = '', before } = file ?? {}
  return { kind: 'restore', why: 'changed', path, ...(before === undefined ? {} : { backup }) }
}

function failed(failure: Failure): FileRestore {
  return { kind: 'failed', failure }
}
