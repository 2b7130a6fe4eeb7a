import { lstat, mkdir, readlink } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path'
import { EnvironmentError } from '../../core/base/errors.ts'
import { checkPrivateDirectory, PRIVATE_DIRECTORY, syncDirectory } from './disk.ts'
import { hasCode, withDiskErrors } from './disk-error.ts'

/** Where the place of the state directory can be told, strongest first. */
export type StateDirectorySources = {
  /** `--state-dir`. */
  readonly flag?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** What a relative flag or HANDRAIL_STATE_DIR is relative to; the working directory unless told. */
  readonly cwd?: string
}

// Linux follows at most 40 links on a path (path_resolution(7)).
const MAX_LINKS = 40
const CHOOSE = 'choose a state directory of your own with --state-dir or HANDRAIL_STATE_DIR'

/** Says where the state lives: `--state-dir`, HANDRAIL_STATE_DIR, $XDG_STATE_HOME/handrail, ~/.local/state/handrail. */
export function resolveStateDirectory({ flag, env, home, cwd = '.' }: StateDirectorySources): string {
  const told = flag ?? env['HANDRAIL_STATE_DIR']
  if (told !== undefined && told !== '') return resolve(cwd, told)
  const xdg = env['XDG_STATE_HOME']
  // The XDG specification says that a relative path is to be ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.local', 'state')
  return join(base, 'handrail')
}

/**
 * Makes the state directory and its `runs/` if needed, and refuses them ({@link EnvironmentError}, exit 6) if
 * another user could read the runs or put other files in their place. Gives back the path.
 */
export async function openStateDirectory(path: string): Promise<string> {
  await makeDirectory(path)
  await checkAncestors(dirname(path))
  await checkOwnDirectory(path)
  const runs = join(path, 'runs')
  await makeDirectory(runs)
  await checkPrivateDirectory(runs)
  return path
}

async function makeDirectory(path: string): Promise<void> {
  await withDiskErrors(path, async () => {
    try {
      await lstat(path)
      return
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error
    }
    await makeDirectory(dirname(path))
    await mkdir(path, { mode: PRIVATE_DIRECTORY }).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error
    })
    await syncDirectory(dirname(path))
  })
}

/** The state directory itself may be listed by others (its `runs/` may not), but changed only by its owner. */
async function checkOwnDirectory(path: string): Promise<void> {
  const found = await withDiskErrors(path, () => lstat(path))
  if (found.isSymbolicLink()) {
    throw new EnvironmentError(`the state directory ${path} is a symbolic link`, [
      `name the place it leads to: --state-dir ${await readlink(path)}`,
    ])
  }
  if (!found.isDirectory()) throw new EnvironmentError(`the state directory ${path} is a file`, [CHOOSE])
  if (found.uid !== process.getuid?.()) {
    throw new EnvironmentError(`the state directory ${path} belongs to another user (uid ${found.uid})`, [
      CHOOSE,
    ])
  }
  if ((found.mode & 0o022) !== 0) {
    throw new EnvironmentError(`other users can write to the state directory ${path}`, [
      `check that nobody changed anything in it, then: chmod 700 ${path}`,
      CHOOSE,
    ])
  }
}

/** Whoever can rename a directory above ours can put another in its place: only root and ourselves may. */
async function checkAncestors(path: string): Promise<void> {
  const waiting = path.split(sep).filter((part) => part !== '')
  let current = parse(path).root
  let links = 0
  while (waiting.length > 0) {
    const next = join(current, waiting.shift() ?? '')
    const found = await withDiskErrors(next, () => lstat(next))
    const own = found.uid === 0 || found.uid === process.getuid?.()
    if (!own) throw new EnvironmentError(`${next} belongs to another user (uid ${found.uid})`, [CHOOSE])
    if (found.isSymbolicLink()) {
      links += 1
      if (links > MAX_LINKS) throw new EnvironmentError(`too many symbolic links at ${next}`, [CHOOSE])
      const target = resolve(current, await readlink(next))
      waiting.unshift(...target.split(sep).filter((part) => part !== ''))
      current = parse(target).root
      continue
    }
    const sticky = (found.mode & 0o1000) !== 0
    if ((found.mode & 0o022) !== 0 && !sticky) {
      throw new EnvironmentError(`other users can write to ${next}, above the state directory`, [
        `chmod go-w ${next}`,
        CHOOSE,
      ])
    }
    current = next
  }
}
