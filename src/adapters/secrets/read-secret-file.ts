import { randomInt } from 'node:crypto'
import { constants } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { SecretValue } from '../../engine/ports/secrets.ts'
import { acceptValue, MAX_SECRET_BYTES, refuseSecret } from './secret-result.ts'

/** Letters and digits that cannot be mistaken for each other, none of which any shell or program treats specially. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** 24 of 55 characters are 138 bits. */
const GENERATED_LENGTH = 24

/** Where a secret's file is looked for. */
export type SecretFilePlace = {
  readonly path: string
  readonly home: string
  /** What a relative path is relative to: the inventory's folder. */
  readonly folder: string
}

/** Reads a secret from a file that nobody but its owner may read. */
export async function readSecretFile(place: SecretFilePlace): Promise<SecretValue> {
  const path = resolvePlace(place)
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const found = await handle.stat()
      const refusal = judgeFile(path, found)
      if (refusal !== undefined) return refusal
      return acceptValue(await handle.readFile('utf8'), path)
    } finally {
      await handle.close()
    }
  } catch (error) {
    return describe(path, error)
  }
}

/** Makes a new secret in a 0600 file; one that is there already is read instead, so that a resumed run has the same. */
export async function generateSecretFile(place: SecretFilePlace): Promise<SecretValue> {
  const path = resolvePlace(place)
  const value = Array.from({ length: GENERATED_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  try {
    await writeFile(path, `${value}\n`, { mode: 0o600, flag: 'wx', flush: true })
    return { ok: true, value }
  } catch (error) {
    return codeOf(error) === 'EEXIST' ? readSecretFile(place) : describe(path, error)
  }
}

function resolvePlace({ path, home, folder }: SecretFilePlace): string {
  if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1))
  return isAbsolute(path) ? path : join(folder, path)
}

function judgeFile(
  path: string,
  found: { isFile(): boolean; readonly mode: number; readonly uid: number; readonly size: number },
): SecretValue | undefined {
  if (!found.isFile()) return refuseSecret(`${path} is no regular file`, 'Name a file.')
  const me = process.getuid?.()
  if (me !== undefined && found.uid !== me && found.uid !== 0)
    return refuseSecret(`${path} belongs to another user`, `chown it, or copy it to a file of your own.`)
  if ((found.mode & 0o077) !== 0)
    return refuseSecret(`others may read ${path}`, `chmod 600 ${path}, and change the secret if it matters.`)
  if (found.size > MAX_SECRET_BYTES)
    return refuseSecret(`${path} is too large for a secret`, `At most ${MAX_SECRET_BYTES / 1024} KiB.`)
  return undefined
}

function describe(path: string, error: unknown): SecretValue {
  const code = codeOf(error)
  if (code === 'ENOENT') return refuseSecret(`there is no file ${path}`, 'Create it with mode 600.')
  if (code === 'EACCES') return refuseSecret(`this user may not read ${path}`, 'chmod 600 and chown it.')
  return refuseSecret(`${path} cannot be read (${code})`, 'Check the path.')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
