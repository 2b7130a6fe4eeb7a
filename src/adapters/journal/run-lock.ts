import { lstat, unlink } from 'node:fs/promises'
import type * as Sqlite from 'node:sqlite'
import { EnvironmentError } from '../../core/base/errors.ts'
import { readWhole, replaceFile } from './disk.ts'
import { withDiskErrors } from './disk-error.ts'
import { selectRunPaths } from './run-directory.ts'

/** Who holds a run: shown to whoever finds it busy. */
export type LockHolder = {
  readonly pid: number
  readonly host: string
  readonly operator: string
  /** ISO 8601. */
  readonly since: string
}

/** The exclusive right to write a run; gone at once when the process dies, kept while it is merely suspended. */
export type RunLock = {
  readonly kind: 'held'
  /** Idempotent. */
  readonly release: () => Promise<void>
}

/** The lock, or who has it; `holder` is null in the moment between locking and saying who. */
export type LockAttempt = RunLock | { readonly kind: 'busy'; readonly holder: LockHolder | null }

const SQLITE_BUSY = 5

/**
 * Takes the exclusive right to write a run on this machine, without waiting. It is a kernel lock on `lock.db`
 * (a transaction of SQLite that is never committed): never left behind, never stolen from a suspended process.
 */
export async function acquireRunLock(directory: string, holder: LockHolder): Promise<LockAttempt> {
  const paths = selectRunPaths(directory)
  const found = await withDiskErrors(paths.lock, () => lstat(paths.lock))
  if (!found.isFile()) throw new EnvironmentError(`${paths.lock} is not a regular file`)
  const database = lockDatabase(paths.lock)
  if (database === null) return { kind: 'busy', holder: await loadHolder(paths.holder) }
  try {
    await replaceFile(paths.holder, `${JSON.stringify(holder)}\n`)
  } catch (error) {
    // A full or failing disk: the lock itself holds, only its description is missing. Opening the journal will say why.
    if (!(error instanceof EnvironmentError)) throw error
  }
  let released = false
  return {
    kind: 'held',
    async release() {
      if (released) return
      released = true
      await unlink(paths.holder).catch(() => undefined)
      database.close()
    },
  }
}

/** Says who holds (or last held and died with) a run's lock, without touching the lock; null when it was released. */
export async function loadHolder(path: string): Promise<LockHolder | null> {
  try {
    const value = JSON.parse((await readWhole(path)).toString('utf8')) as Partial<LockHolder>
    const { pid, host, operator, since } = value
    return typeof pid === 'number' && [host, operator, since].every((each) => typeof each === 'string')
      ? (value as LockHolder)
      : null
  } catch {
    return null
  }
}

function lockDatabase(path: string): Sqlite.DatabaseSync | null {
  const { DatabaseSync } = loadSqlite()
  let database: Sqlite.DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    // In memory: the lock must also be had on a full disk, and leave no second file behind when killed.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database?.close()
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
    // The low byte is the primary code; the rest tells kinds of it apart.
    if ((code & 0xff) === SQLITE_BUSY) return null
    const reason = error instanceof Error ? error.message : String(error)
    throw new EnvironmentError(`cannot lock ${path}: ${reason}`, [
      'a network file system may not support locks: choose a local state directory with --state-dir',
    ])
  }
}

/** Loads SQLite at first use (it costs 3 ms) without the warning that older Node versions print with it. */
function loadSqlite(): typeof Sqlite {
  const warn = process.emitWarning
  process.emitWarning = () => undefined
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = warn
  }
}
