import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { EnvironmentError } from '../../core/base/errors.ts'

/** A unix socket's path may have 104 bytes on BSD and macOS, 108 on Linux; the kernel refuses longer ones. */
const MAX_PATH_BYTES = 103
/** Characters of the digest that name a run's socket: 80 bits. */
const NAME_LENGTH = 20

/**
 * A short path for the socket of a run, in a directory that is ours alone (0700): the runtime directory of the
 * session, else one below the temporary directory. Throws EnvironmentError where neither is safe.
 */
export async function openSocketPath(runDirectory: string, env: NodeJS.ProcessEnv): Promise<string> {
  const name = `${createHash('sha256').update(runDirectory).digest('hex').slice(0, NAME_LENGTH)}.sock`
  const runtime = env['XDG_RUNTIME_DIR']
  const candidates = [
    ...(runtime === undefined || runtime === '' ? [] : [join(runtime, 'handrail')]),
    join(tmpdir(), `handrail-${userInfo().uid}`),
  ]
  for (const directory of candidates) {
    const path = join(directory, name)
    if (Buffer.byteLength(path) <= MAX_PATH_BYTES && (await isOurs(directory))) return path
  }
  throw new EnvironmentError('no directory is safe for the socket of the run', [
    'set XDG_RUNTIME_DIR to a directory of your own with mode 0700, or use --inline',
  ])
}

async function isOurs(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const stats = await lstat(directory)
    return stats.isDirectory() && stats.uid === userInfo().uid && (stats.mode & 0o077) === 0
  } catch {
    return false
  }
}
