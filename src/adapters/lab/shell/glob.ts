import type { LabFs } from '../program.ts'
import { joinPath } from '../fs/path.ts'
import { buildPattern, hasMagic, matchesPattern, unescapePattern } from './pattern.ts'

/** The names that a pattern matches, sorted; none: the pattern stands for itself. */
export function expandGlob(fs: LabFs, source: string): readonly string[] {
  if (!hasMagic(source)) return []
  const isAbsolute = source.startsWith('/')
  let found: readonly string[] = [isAbsolute ? '/' : '']
  const parts = source.split('/').filter((part, index) => part !== '' || index > 0)
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    if (part === '') {
      found = found.filter((path) => isDirectory(fs, path)).map((path) => (isLast ? `${path}/` : path))
    } else found = found.flatMap((path) => matchNames(fs, path, part))
  }
  return found.toSorted()
}

function matchNames(fs: LabFs, directory: string, part: string): string[] {
  if (!hasMagic(part)) {
    const path = under(directory, unescapePattern(part))
    return fs.lstat(path).ok ? [path] : []
  }
  const names = fs.list(directory === '' ? '.' : directory)
  if (!names.ok) return []
  const pattern = buildPattern(part)
  const showsHidden = part.startsWith('.')
  return names.value
    .filter((name) => (showsHidden || !name.startsWith('.')) && matchesPattern(pattern, name))
    .map((name) => under(directory, name))
}

function under(directory: string, name: string): string {
  return directory === '' ? name : joinPath(directory, name)
}

function isDirectory(fs: LabFs, path: string): boolean {
  const stat = fs.stat(path === '' ? '.' : path)
  return stat.ok && stat.value.kind === 'directory'
}
