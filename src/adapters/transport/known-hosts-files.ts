import { constants } from 'node:fs'
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readKnownHosts } from './known-hosts.ts'
import type { KnownHostEntry } from './known-hosts.ts'

/** Characters that would give a name another meaning in a known_hosts file. */
const UNSAFE_NAME = /[\s@?*#|'"`!,\\]/
const LOCK_TRIES = 100
const LOCK_PAUSE_MS = 20
/** Milliseconds after which a lock file is taken for a dead writer's: one append takes about a millisecond. */
const LOCK_STALE_MS = 5_000

type Cached = { readonly stamp: string; readonly entries: readonly KnownHostEntry[] }

/** Reads known_hosts files, those that exist, in the order given; unchanged files are parsed once. */
export function buildKnownHostsReader(): (files: readonly string[]) => Promise<KnownHostEntry[]> {
  const cache = new Map<string, Cached>()
  const load = async (file: string): Promise<readonly KnownHostEntry[]> => {
    try {
      const { mtimeMs, size, ino } = await stat(file)
      const stamp = `${mtimeMs} ${size} ${ino}`
      const cached = cache.get(file)
      if (cached?.stamp === stamp) return cached.entries
      const entries = readKnownHosts(await readFile(file, 'utf8'), file)
      cache.set(file, { stamp, entries })
      return entries
    } catch {
      // A file that is absent or unreadable knows no host; OpenSSH goes on in the same way.
      return []
    }
  }
  return async (files) => (await Promise.all([...new Set(files)].map(load))).flat()
}

/**
 * Appends one line for a newly trusted key: under a lock file, in one write, after a missing final newline.
 * Returns why it could not be written, or `undefined`.
 */
export async function appendKnownHost(
  file: string,
  entry: { readonly name: string; readonly type: string; readonly blob: Buffer },
): Promise<string | undefined> {
  if (entry.name === '' || UNSAFE_NAME.test(entry.name))
    return `the name ${JSON.stringify(entry.name)} cannot stand in a known_hosts file`
  const line = `${entry.name} ${entry.type} ${entry.blob.toString('base64')}\n`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const unlock = await lock(`${file}.lock`)
    try {
      const present = await readFile(file, 'utf8').catch(() => '')
      if (present.split('\n').includes(line.trimEnd())) return undefined
      const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW
      const handle = await open(file, flags, 0o600)
      try {
        await handle.write(present === '' || present.endsWith('\n') ? line : `\n${line}`)
        await handle.sync()
      } finally {
        await handle.close()
      }
    } finally {
      await unlock()
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function lock(path: string): Promise<() => Promise<void>> {
  for (let attempt = 0; attempt < LOCK_TRIES; attempt++) {
    try {
      await (await open(path, 'wx', 0o600)).close()
      return () => rm(path, { force: true })
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error
      const held = await stat(path).catch(() => undefined)
      if (held !== undefined && Date.now() - held.mtimeMs > LOCK_STALE_MS) await rm(path, { force: true })
      else await delay(LOCK_PAUSE_MS)
    }
  }
  throw new Error(`${path} is held by another program`)
}
