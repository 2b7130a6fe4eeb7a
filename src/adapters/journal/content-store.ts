import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EnvironmentError } from '../../core/base/errors.ts'
import type { Digest } from '../../core/base/ids.ts'
import { readWhole, replaceFile, syncDirectory } from './disk.ts'
import { hasCode, withDiskErrors } from './disk-error.ts'
import { hashBytes } from './hash-text.ts'

/** Texts of a run by their SHA-256: what is too long for a record, and the snapshot. */
export type ContentStore = {
  /** Durable (content and name) when it resolves, so that a record may name the digest. Idempotent. */
  readonly put: (text: string) => Promise<Digest>
  /** Throws {@link EnvironmentError} if the text is missing or is no longer what its digest says. */
  readonly get: (digest: Digest) => Promise<string>
  /** All digests that have a file; temporary files left by a crash are not among them. */
  readonly list: () => Promise<readonly Digest[]>
}

const DIGEST = /^[0-9a-f]{64}$/

/** Opens the content-addressed files of an existing directory. */
export function openContentStore(directory: string): ContentStore {
  return {
    put: (text) => putText(directory, text),
    get: (digest) => getText(directory, digest),
    async list() {
      const names = await withDiskErrors(directory, () => readdir(directory))
      return names.filter((name) => DIGEST.test(name)).toSorted() as Digest[]
    },
  }
}

async function putText(directory: string, text: string): Promise<Digest> {
  const bytes = Buffer.from(text, 'utf8')
  const digest = hashBytes(bytes)
  const path = join(directory, digest)
  const found = await readIfThere(path)
  // Same content: a crash may still have kept the name from becoming durable.
  if (found !== null && found.equals(bytes)) await withDiskErrors(path, () => syncDirectory(directory))
  else await replaceFile(path, bytes)
  return digest
}

async function getText(directory: string, digest: Digest): Promise<string> {
  if (!DIGEST.test(digest)) throw new EnvironmentError(`${JSON.stringify(digest)} is not a digest`)
  const path = join(directory, digest)
  const bytes = await readIfThere(path)
  if (bytes === null) throw new EnvironmentError(`${path} is missing`, ['handrail verify RUN'])
  if (hashBytes(bytes) !== digest) {
    throw new EnvironmentError(`${path} was changed: it no longer matches its digest`, [
      'handrail verify RUN',
    ])
  }
  return bytes.toString('utf8')
}

function readIfThere(path: string): Promise<Buffer | null> {
  return withDiskErrors(path, async () => {
    try {
      return await readWhole(path)
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null
      throw error
    }
  })
}
