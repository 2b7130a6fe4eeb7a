import { EnvironmentError } from '../../core/base/errors.ts'
import type { Digest } from '../../core/base/ids.ts'
import { openContentStore } from './content-store.ts'

/** A file that a run refers to, as it was read: `path` as the plan names it. */
export type SnapshotFile = { readonly path: string; readonly text: string }

/** What a snapshot holds, without the texts. */
export type SnapshotManifest = {
  readonly v: 1
  readonly files: readonly { readonly path: string; readonly digest: Digest }[]
}

/**
 * Keeps copies of all files that a run refers to, and gives the digest of their list for the journal to name.
 * Durable when it resolves. A later snapshot (an adopted edit) stands beside the earlier ones.
 */
export async function saveSnapshot(directory: string, files: readonly SnapshotFile[]): Promise<Digest> {
  const store = openContentStore(directory)
  const entries = []
  for (const { path, text } of files) entries.push({ path, digest: await store.put(text) })
  const manifest: SnapshotManifest = { v: 1, files: entries }
  return store.put(`${JSON.stringify(manifest, null, 2)}\n`)
}

/** Reads back the files of the snapshot that the journal names. Throws {@link EnvironmentError} if one is missing or changed. */
export async function loadSnapshot(directory: string, digest: Digest): Promise<readonly SnapshotFile[]> {
  const store = openContentStore(directory)
  const manifest = parseManifest(await store.get(digest))
  const files = []
  for (const { path, digest } of manifest.files) files.push({ path, text: await store.get(digest) })
  return files
}

function parseManifest(text: string): SnapshotManifest {
  const value = JSON.parse(text) as SnapshotManifest
  // Its digest was right, so it is one of ours: another version, or a text that is no snapshot.
  if (value.v !== 1 || !Array.isArray(value.files)) {
    throw new EnvironmentError('the snapshot was written by another version of handrail')
  }
  return value
}
