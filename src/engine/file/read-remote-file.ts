import { decodeUtf8 } from '../../core/base/utf8.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { EngineContext } from '../context.ts'
import { runCommandProbe, type ProbeTarget } from '../probe/run-command-probe.ts'
import { formatOctalMode } from './octal-mode.ts'
import { quoteShellWord } from '../remote-job/quote-shell-word.ts'

/** A text file as it stands on a host. */
export type RemoteFile = {
  readonly text: string
  /** Octal, e.g. `644`. */
  readonly mode: string
  readonly owner: string
  readonly group: string
}

export type ReadFile =
  | { readonly ok: true; readonly file: RemoteFile | undefined }
  | { readonly ok: false; readonly failure: Failure }

/** Exit codes of the reading script. */
const ABSENT = 3
const NOT_A_FILE = 4

/** Reads a text file of a host; `file: undefined` when there is none. */
export async function readRemoteFile(
  context: EngineContext,
  target: ProbeTarget & { readonly as: string | undefined },
  path: string,
): Promise<ReadFile> {
  const command = {
    body: renderRead(path),
    interpreter: undefined,
    variables: {},
    cwd: undefined,
    as: target.as,
    holdsSecret: false,
  }
  const { end, stdout, stderr } = await runCommandProbe(context, target, command)
  const fail = (reason: string): ReadFile => ({ ok: false, failure: { kind: 'edit', path, reason } })
  if (end.kind === 'failed' || end.kind === 'lost')
    return { ok: false, failure: { kind: 'unreachable', cause: end.kind, message: end.reason } }
  if (end.kind === 'elevation-failed')
    return { ok: false, failure: { kind: 'elevation', reason: end.reason } }
  if (end.kind !== 'exited') return fail('reading it did not come to an end')
  if (end.code === ABSENT) return { ok: true, file: undefined }
  if (end.code === NOT_A_FILE) return fail('it is not a regular file')
  if (end.code !== 0) return fail(`it cannot be read as ${target.as ?? 'the login user'}`)
  const { text, isValid } = decodeUtf8(stdout)
  if (!isValid || text.includes('\0')) return fail('it is not UTF-8 text')
  return { ok: true, file: { text, ...parseListing(decodeUtf8(stderr).text) } }
}

function renderRead(path: string): string {
  return `f=${quoteShellWord(path)}
if [ ! -e "$f" ] && [ ! -h "$f" ]; then exit ${ABSENT}; fi
[ -f "$f" ] || exit ${NOT_A_FILE}
LC_ALL=C ls -ldL "$f" >&2 || exit 5
cat "$f" || exit 5
`
}

/** Mode, owner and group out of `ls -l`: its first, third and fourth words (POSIX). */
function parseListing(line: string): { mode: string; owner: string; group: string } {
  const [letters = '', , owner = '', group = ''] = line.trim().split(/\s+/)
  return { mode: formatOctalMode(letters), owner, group }
}
