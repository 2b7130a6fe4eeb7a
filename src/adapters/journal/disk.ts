import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EnvironmentError } from '../../core/base/errors.ts'
import { withDiskErrors } from './disk-error.ts'

/** Mode of every directory of the state: nobody else may even list it. */
export const PRIVATE_DIRECTORY = 0o700
/** Mode of every file of the state. */
export const PRIVATE_FILE = 0o600

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR } = constants

/** Makes a new private directory and makes its name durable. Throws if anything stands there. */
export async function createDirectory(path: string): Promise<void> {
  await withDiskErrors(path, async () => {
    await mkdir(path, { mode: PRIVATE_DIRECTORY })
    await syncDirectory(dirname(path))
  })
}

/** Makes the names in a directory durable: without it a rename or a new file is lost with the power. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a new file, 0600 whatever the umask; refuses a file or link that is already there. The name is not yet durable. */
export async function createFile(path: string): Promise<FileHandle> {
  const handle = await open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE_FILE)
  try {
    await handle.chmod(PRIVATE_FILE)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Opens a file of the state for reading, or for reading and writing; never through a symbolic link. */
export async function openFile(path: string, access: 'read' | 'write'): Promise<FileHandle> {
  const handle = await open(path, (access === 'read' ? O_RDONLY : O_RDWR) | O_NOFOLLOW)
  const found = await handle.stat()
  if (found.isFile()) return handle
  await handle.close()
  throw new EnvironmentError(`${path} is not a regular file`)
}

/** Reads a whole file of the state. Throws the file system's own error. */
export async function readWhole(path: string): Promise<Buffer> {
  const handle = await openFile(path, 'read')
  try {
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** Writes a new file durably: content first, then its name. */
export async function writeNewFile(path: string, content: Uint8Array | string): Promise<void> {
  await withDiskErrors(path, async () => {
    await writeSynced(path, content)
    await syncDirectory(dirname(path))
  })
}

/** Replaces a file in one step: a reader, or a machine that loses power, sees the old or the new one whole. */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  await withDiskErrors(path, async () => {
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
    try {
      await writeSynced(temporary, content)
      await rename(temporary, path)
    } catch (error) {
      await unlink(temporary).catch(() => undefined)
      throw error
    }
    await syncDirectory(dirname(path))
  })
}

/** Refuses a path of the state that is a link, not a directory, not ours, or open to others in any way. */
export async function checkPrivateDirectory(path: string): Promise<void> {
  const found = await withDiskErrors(path, () => lstat(path))
  if (found.isSymbolicLink()) {
    throw new EnvironmentError(`${path} is a symbolic link`, ['put a real directory there'])
  }
  if (!found.isDirectory()) throw new EnvironmentError(`${path} is not a directory`)
  if (found.uid !== process.getuid?.()) {
    throw new EnvironmentError(`${path} belongs to another user (uid ${found.uid})`, [
      'choose a state directory of your own with --state-dir or HANDRAIL_STATE_DIR',
    ])
  }
  if ((found.mode & 0o077) !== 0) {
    throw new EnvironmentError(`${path} is open to other users (mode ${(found.mode & 0o777).toString(8)})`, [
      `check that nobody changed anything in it, then: chmod 700 ${path}`,
    ])
  }
}

async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const handle = await createFile(path)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
