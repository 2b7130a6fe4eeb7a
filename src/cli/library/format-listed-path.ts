import { relative } from 'node:path'

/** How a file is named in the lists of the home screen: from the working directory on where it lies below it. */
export function formatListedPath(path: string, cwd: string): string {
  const inside = relative(cwd, path)
  return inside.startsWith('..') ? path : inside
}
