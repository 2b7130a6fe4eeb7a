import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
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
  const underWay = new Map<Digest, Promise<Digest>>()
  const durable = new Set<Digest>()
  const write = async (digest: Digest, bytes: Buffer): Promise<Digest> => {
    try {
      await putBytes(join(directory, digest), bytes, durable.has(digest))
      durable.add(digest)
      return digest
    } finally {
      underWay.delete(digest)
    }
  }
  return {
    put: (text) => {
      const bytes = Buffer.from(text, 'utf8')
      const digest = hashBytes(bytes)
      // A step puts the same command for each of its hosts at once: one write serves them all.
      const putting = underWay.get(digest) ?? write(digest, bytes)
      underWay.set(digest, putting)
      return putting
    },
    get: (digest) => getText(directory, digest),
    async list() {
      const names = await withDiskErrors(directory, () => readdir(directory))
      return names.filter((name) => DIGEST.test(name)).toSorted() as Digest[]
    },
  }
}

async function putBytes(path: string, bytes: Buffer, isDurable: boolean): Promise<void> {
  const found = await readIfThere(path)
  if (found === null || !found.equals(bytes)) return replaceFile(path, bytes)
  // Same content: a crash may still have kept the name from becoming durable.
  if (!isDurable) await withDiskErrors(path, () => syncDirectory(dirname(path)))
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
