import type { FileWork } from '../../core/plan/model.ts'
import { quoteShellWord } from '../remote-job/quote-shell-word.ts'

/** Mode of a new file and of its missing folders, unless the fence says otherwise. */
const NEW_FILE_MODE = '0644'

/**
 * The job that replaces a file: a copy that keeps owner and mode, the new content, then one rename; the old file
 * goes to `backup` first. Whatever fails leaves the file as it was.
 */
export function renderFileWrite(file: FileWork, content: string, backup: string): string {
  const mode = file.mode === undefined ? '' : `chmod ${quoteShellWord(file.mode)} "$t"\n`
  const who = [file.owner ?? '', file.group === undefined ? '' : `:${file.group}`].join('')
  const owner = who === '' ? '' : `chown ${quoteShellWord(who)} "$t"\n`
  return `set -eu
f=${quoteShellWord(file.path)}
b=${quoteShellWord(backup)}
if [ -h "$f" ]; then f=$(readlink -f "$f"); fi
d=$(dirname "$f")
if [ ! -d "$d" ]; then (umask 022; mkdir -p "$d"); fi
t=$f.handrail.$$
trap 'rm -f "$t"' EXIT
umask 077
if [ -e "$f" ]; then
  cp -p "$f" "$b"
  cp -p "$f" "$t"
else
  : >"$b.absent"
  : >"$t"
  chmod ${NEW_FILE_MODE} "$t"
fi
printf %s ${quoteShellWord(content)} >"$t"
${mode}${owner}mv -f "$t" "$f"
trap - EXIT
`
}

/** The job that puts the old file back, or removes the file where there was none. */
export function renderFileRestore(path: string, backup: string): string {
  return `set -eu
f=${quoteShellWord(path)}
b=${quoteShellWord(backup)}
if [ -h "$f" ]; then f=$(readlink -f "$f"); fi
if [ -e "$b" ]; then
  t=$f.handrail.$$
  trap 'rm -f "$t"' EXIT
  cp -p "$b" "$t"
  mv -f "$t" "$f"
  trap - EXIT
elif [ -e "$b.absent" ]; then
  rm -f "$f"
else
  echo "no backup of $f is here" >&2
  exit 1
fi
`
}

/** Writes a temporary file (private unless told) and leaves a watcher that removes it if nobody else does. */
export function renderFixtureWrite(fixture: {
  readonly path: string
  readonly content: string
  readonly mode: string
  readonly owner?: string
  readonly group?: string
  readonly ttlSeconds: number
}): string {
  const who = [fixture.owner ?? '', fixture.group === undefined ? '' : `:${fixture.group}`].join('')
  const owner = who === '' ? '' : `chown ${quoteShellWord(who)} "$t"\n`
  return `set -eu
f=${quoteShellWord(fixture.path)}
d=$(dirname "$f")
umask 077
[ -d "$d" ] || mkdir -p "$d"
t=$f.handrail.$$
trap 'rm -f "$t"' EXIT
printf %s ${quoteShellWord(fixture.content)} >"$t"
chmod ${quoteShellWord(fixture.mode)} "$t"
${owner}mv -f "$t" "$f"
trap - EXIT
(trap '' HUP; sleep ${fixture.ttlSeconds}; rm -f "$f") </dev/null >/dev/null 2>&1 &
printf '%s' "$!" >"$f.watcher"
`
}

/** Removes a temporary file and its watcher. */
export function renderFixtureRemoval(path: string): string {
  return `f=${quoteShellWord(path)}
if [ -f "$f.watcher" ]; then kill "$(cat "$f.watcher")" 2>/dev/null; fi
rm -f "$f" "$f.watcher"
`
}
