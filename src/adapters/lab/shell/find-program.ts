import { formatFsError } from '../fs/fs-error.ts'
import type { FsView } from '../fs/fs-view.ts'
import { joinPath } from '../fs/path.ts'
import { isAllowed } from '../fs/walk.ts'
import type { Program } from '../program.ts'
import type { Machine } from './machine.ts'

/** The `program` of the files that are the shell. */
export const shellProgram = 'device:sh'

/** What a command name leads to. */
export type FoundProgram =
  | { readonly kind: 'program'; readonly program: Program; readonly path: string }
  /** A file with a script in it. */
  | { readonly kind: 'script'; readonly text: string; readonly path: string }
  /** The shell itself. */
  | { readonly kind: 'shell'; readonly path: string }
  | { readonly kind: 'refused'; readonly message: string; readonly status: 126 | 127 }

/** Looks a command up by path, or by name along PATH. */
export function findProgram(
  machine: Machine,
  fs: FsView,
  options: { name: string; searchPath: string },
): FoundProgram {
  const { name } = options
  if (name.includes('/')) return readProgram(machine, fs, name)
  for (const directory of options.searchPath.split(':')) {
    const path = joinPath(directory === '' ? '.' : directory, name)
    const node = fs.node(path)
    if (typeof node !== 'string' && node.kind === 'file' && isAllowed(node, fs.who, 1)) {
      return readProgram(machine, fs, path)
    }
  }
  return { kind: 'refused', message: 'not found', status: 127 }
}

function readProgram(machine: Machine, fs: FsView, path: string): FoundProgram {
  const node = fs.node(path)
  if (node === 'ENOENT' || node === 'ENOTDIR') return { kind: 'refused', message: 'not found', status: 127 }
  if (typeof node === 'string') return { kind: 'refused', message: formatFsError(node), status: 126 }
  if (node.kind !== 'file' || !isAllowed(node, fs.who, 1)) {
    return { kind: 'refused', message: 'Permission denied', status: 126 }
  }
  if (node.program === undefined) return { kind: 'script', text: node.text, path }
  if (node.program === shellProgram) return { kind: 'shell', path }
  const program = machine.programs.get(node.program)
  return program === undefined
    ? { kind: 'refused', message: 'Exec format error', status: 126 }
    : { kind: 'program', program, path }
}
