import { watch, type FSWatcher } from 'node:fs'

/** Watches over directories that come and go. */
export type DirectoryWatch = {
  /**
   * From now on these and no others; one that cannot be watched is left out until it is named again. True where one is
   * new: what happened there before is not told of.
   */
  readonly set: (directories: readonly string[]) => boolean
  /** Idempotent. */
  readonly close: () => void
}

/**
 * Tells that something was made, changed or removed directly in a directory. A hint and no more: the system may run out
 * of watches, and a network file system tells nothing, so that whoever relies on it also looks at times.
 */
export function watchDirectories(onChange: () => void): DirectoryWatch {
  const watchers = new Map<string, FSWatcher>()
  const drop = (directory: string): void => {
    watchers.get(directory)?.close()
    watchers.delete(directory)
  }
  const add = (directory: string): void => {
    try {
      const watcher = watch(directory, { persistent: false }, onChange)
      watcher.on('error', () => drop(directory))
      watchers.set(directory, watcher)
    } catch {
      // Not there, or no watch is left.
    }
  }
  return {
    set: (directories) => {
      for (const known of watchers.keys()) if (!directories.includes(known)) drop(known)
      const fresh = directories.filter((directory) => !watchers.has(directory))
      for (const directory of fresh) add(directory)
      return fresh.some((directory) => watchers.has(directory))
    },
    close: () => {
      for (const directory of watchers.keys()) drop(directory)
    },
  }
}
