import { BugError, EnvironmentError, UsageError } from '../../core/base/errors.ts'

type Wording = { readonly problem: string; readonly nextSteps: readonly string[] }

const ELSEWHERE = 'choose another state directory with --state-dir or HANDRAIL_STATE_DIR'

const WORDINGS: Readonly<Record<string, Wording>> = {
  ENOSPC: { problem: 'the disk is full', nextSteps: ['free some space and resume', ELSEWHERE] },
  EDQUOT: { problem: 'your disk quota is used up', nextSteps: ['free some space and resume', ELSEWHERE] },
  EFBIG: { problem: 'the file would exceed the size limit', nextSteps: ['raise `ulimit -f`', ELSEWHERE] },
  EROFS: { problem: 'the file system is read-only', nextSteps: ['mount it writable', ELSEWHERE] },
  EACCES: { problem: 'permission is denied', nextSteps: ['run as the account that owns it', ELSEWHERE] },
  EPERM: { problem: 'the operation is not permitted', nextSteps: ['run as its owner', ELSEWHERE] },
  ENOTDIR: { problem: 'something on the path is not a directory', nextSteps: [ELSEWHERE] },
  ELOOP: { problem: 'it is a symbolic link', nextSteps: ['put a real file or directory there', ELSEWHERE] },
  ENOENT: { problem: 'it does not exist', nextSteps: ['check the path', ELSEWHERE] },
  EIO: {
    problem: 'the disk reports an input/output error',
    nextSteps: ['look at the system log (dmesg) before anything else', ELSEWHERE],
  },
}

/** Turns what the file system threw into an {@link EnvironmentError} (exit 6) that names the path and what to do; our own errors pass. */
export function describeDiskError(error: unknown, path: string): Error {
  if (error instanceof EnvironmentError || error instanceof UsageError || error instanceof BugError) {
    return error
  }
  const code = readCode(error)
  const wording = WORDINGS[code]
  const problem = wording?.problem ?? (error instanceof Error ? error.message : String(error))
  return new EnvironmentError(`cannot use ${path}: ${problem}`, wording?.nextSteps ?? [ELSEWHERE])
}

/** Runs `action` and rethrows what the file system throws as {@link describeDiskError} words it. */
export async function withDiskErrors<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw describeDiskError(error, path)
  }
}

/** A failure of the file system below `directory` that nobody has put into words yet, as {@link describeDiskError} does; of anything else undefined. */
export function selectDiskError(error: unknown, directory: string): Error | undefined {
  if (!(error instanceof Error) || WORDINGS[readCode(error)] === undefined) return undefined
  const path = 'path' in error ? String(error.path) : ''
  return path === directory || path.startsWith(`${directory}/`) ? describeDiskError(error, path) : undefined
}

/** Whether `error` is a file system error with this code, e.g. `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return readCode(error) === code
}

function readCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
