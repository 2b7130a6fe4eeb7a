import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { HashText } from '../../core/base/hash.ts'

/** Largest file that is read as text, in bytes: what the parser of runbooks takes, in UTF-8. */
export const MAX_TEXT_BYTES = 5 * 1024 * 1024

/** The text of a file, or why there is none. `missing`: it cannot be opened or is no file at all. */
export type TextFile =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false
      readonly missing: boolean
      readonly code: 'HR9011' | 'HR9012' | 'HR9013'
      readonly reason: string
    }

/** Where texts are read from: the disk, or the copies that a run keeps. */
export type TextSource = {
  readonly cwd: string
  readonly hash: HashText
  /** With it nothing is read from the disk: texts by the paths that the plan names. */
  readonly snapshot?: ReadonlyMap<string, string>
}

/** Reads a text by the path that a plan names it with. */
export async function readSource(source: TextSource, path: string): Promise<TextFile> {
  if (source.snapshot === undefined) return readTextFile(resolve(source.cwd, path))
  const text = source.snapshot.get(path)
  return text === undefined ? unreadable('the run keeps no copy of it') : { ok: true, text }
}

/** Reads a whole regular file as UTF-8 text; never waits on a pipe or a device, never reads more than the limit. */
export async function readTextFile(path: string, maxBytes = MAX_TEXT_BYTES): Promise<TextFile> {
  if (path.includes('\0')) return unreadable('its name holds a NUL character')
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const found = await handle.stat()
      if (!found.isFile()) return unreadable(found.isDirectory() ? 'it is a folder' : 'it is no regular file')
      if (found.size > maxBytes) return tooLarge(found.size, maxBytes)
      // One byte more than allowed tells a file that grows meanwhile.
      const buffer = Buffer.alloc(maxBytes + 1)
      let size = 0
      for (;;) {
        const { bytesRead } = await handle.read(buffer, size, buffer.length - size)
        size += bytesRead
        if (bytesRead === 0 || size > maxBytes) break
      }
      return size > maxBytes ? tooLarge(size, maxBytes) : decode(buffer.subarray(0, size))
    } finally {
      await handle.close()
    }
  } catch (error) {
    return unreadable(describe(error))
  }
}

function unreadable(reason: string): TextFile {
  return { ok: false, missing: true, code: 'HR9011', reason }
}

function tooLarge(size: number, maxBytes: number): TextFile {
  const reason = `it has ${formatMegabytes(size)}; ${formatMegabytes(maxBytes)} is the limit`
  return { ok: false, missing: false, code: 'HR9012', reason }
}

function formatMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`
}

function notText(reason: string): TextFile {
  return { ok: false, missing: false, code: 'HR9013', reason }
}

function decode(bytes: Uint8Array): TextFile {
  if (bytes.includes(0)) return notText('it is not text: it holds a NUL byte')
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return notText('it is not text: it holds bytes that are not UTF-8')
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return REASONS[code] ?? code
}
