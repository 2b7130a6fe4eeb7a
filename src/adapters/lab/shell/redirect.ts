import { appendText } from '../fs/disk.ts'
import { formatFsError } from '../fs/fs-error.ts'
import type { FsErrorCode } from '../program.ts'
import { expandText } from './expand.ts'
import type { Expansion } from './expand.ts'
import { complain } from './state.ts'
import type { ShellState } from './state.ts'
import { inputOf } from './stream.ts'
import type { Stream } from './stream.ts'
import type { Redirect } from './syntax.ts'

/** Opens a command's redirections in order, in the shell's own descriptors; false after a message. */
export async function applyRedirects(expansion: Expansion, redirects: readonly Redirect[]): Promise<boolean> {
  const { state } = expansion
  for (const redirect of redirects) {
    const target = await expandText(expansion, redirect.target)
    const opened = open(state, redirect, target)
    if (typeof opened === 'string') {
      complain(state, opened)
      return false
    }
    if (opened === undefined) state.streams.delete(redirect.fd)
    else state.streams.set(redirect.fd, opened)
  }
  return true
}

/** Puts a shell's descriptors back as they were. */
export function restoreStreams(state: ShellState, saved: ReadonlyMap<number, Stream>): void {
  state.streams.clear()
  for (const [fd, stream] of saved) state.streams.set(fd, stream)
}

function open(state: ShellState, redirect: Redirect, target: string): Stream | undefined | string {
  switch (redirect.operator) {
    case 'here':
      return { input: inputOf(target) }
    case '>&':
    case '<&': {
      if (target === '-') return undefined
      const stream = state.streams.get(Number(target))
      return /^\d+$/.test(target) && stream !== undefined ? stream : `${target}: Bad file descriptor`
    }
    case '<':
    case '<>':
      return openInput(state, target)
    default:
      return openOutput(state, target, redirect.operator)
  }
}

function openInput(state: ShellState, path: string): Stream | string {
  const connection = /^\/dev\/tcp\/([^/]+)\/(\d+)$/.exec(path)
  if (connection !== null) return openConnection(state, connection[1] ?? '', Number(connection[2]))
  if (path === '/dev/stdin') return state.streams.get(0) ?? { input: inputOf('') }
  const text = state.fs.readFile(path)
  if (text.ok) return { input: inputOf(text.value) }
  if (text.code === 'EISDIR') return { input: inputOf('') }
  return `cannot open ${path}: ${text.code === 'ENOENT' ? 'No such file' : formatFsError(text.code)}`
}

/** As in bash: whether somebody answers at a port. A packet that is lost is told at once, not after two minutes. */
function openConnection(state: ShellState, address: string, port: number): Stream | string {
  const { host } = state.machine
  const isSelf = address === 'localhost' || address.startsWith('127.')
  const other = isSelf ? host : host.network.find(address)
  if (other === undefined) return `${address}: Name or service not known`
  const isCut =
    !isSelf && !(host.network.reaches(host.name, other.name) && host.network.reaches(other.name, host.name))
  if (isCut) return `connect: Connection timed out`
  return other.service(port) === undefined ? 'connect: Connection refused' : { input: inputOf('') }
}

function openOutput(state: ShellState, path: string, operator: string): Stream | string {
  if (path === '/dev/stdout') return state.streams.get(1) ?? {}
  if (path === '/dev/stderr') return state.streams.get(2) ?? {}
  if (operator === '>' && state.options.noclobber && state.fs.exists(path) && path !== '/dev/null') {
    return `cannot create ${path}: File exists`
  }
  const opened = state.fs.writeFile(path, '', { append: operator === '>>' })
  if (!opened.ok) return `cannot create ${path}: ${wordCreation(opened.code)}`
  const node = state.fs.node(path)
  if (typeof node === 'string') return `cannot create ${path}: ${wordCreation(node)}`
  return {
    write: (text) => {
      node.mtimeMs = state.machine.clock.nowMs()
      return appendText(state.machine.disk, node, text) ? undefined : 'full'
    },
  }
}

function wordCreation(code: FsErrorCode): string {
  return code === 'ENOENT' ? 'Directory nonexistent' : formatFsError(code)
}
