import { selectRunPaths } from '../../adapters/journal/run-directory.ts'
import { loadHolder, type LockHolder } from '../../adapters/journal/run-lock.ts'

/** Who drives a run now; null where nobody does, also when its process was killed and could not say goodbye. */
export async function findDriver(directory: string): Promise<LockHolder | null> {
  const holder = await loadHolder(selectRunPaths(directory).holder)
  return holder !== null && isAlive(holder.pid) ? holder : null
}

/** Whether a process of this machine is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
