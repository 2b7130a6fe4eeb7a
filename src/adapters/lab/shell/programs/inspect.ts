import { createHash, randomBytes } from 'node:crypto'
import { createTwoFilesPatch } from 'diff'
import { decodeBytes, encodeText } from '../../bytes.ts'
import { formatFsError } from '../../fs/fs-error.ts'
import { baseName, joinPath } from '../../fs/path.ts'
import type { FsStat, Program, ProgramContext } from '../../program.ts'
import { formatTime } from './date.ts'
import { formatMode } from './file-mode.ts'
import { parseOptions, refuseOption } from './options.ts'
import { linesOf, readInputs } from './read-inputs.ts'

/** `stat [-L] -c FORMAT PATH…`; without a format the long form. */
export const stat: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['L', 't', 'f'], values: ['c', 'format', 'printf'] })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const format = options.values.get('c') ?? options.values.get('format')
  let status = 0
  for (const path of options.rest) {
    const found = options.flags.has('L') ? context.fs.stat(path) : context.fs.lstat(path)
    if (options.flags.has('f')) context.write(`${format === '%T' ? 'ext2/ext3' : '  File: "/"'}\n`)
    else if (found.ok) {
      const text = format === undefined ? describe(path, found.value) : fillStat(format, path, found.value)
      context.write(`${text}\n`)
    } else {
      context.writeError(`stat: cannot statx '${path}': ${formatFsError(found.code)}\n`)
      status = 1
    }
  }
  return status
}

/** `sha256sum`, `sha1sum`, `md5sum` `[-c] [FILE…]`. */
export const digest: Program = async (context) => {
  const algorithm = baseName(context.name).replace(/sum$/, '')
  const options = parseOptions(context.args, {
    flags: ['c', 'b', 't', 'check', 'status', 'quiet', 'ignore-missing'],
  })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const { inputs, failed } = await readInputs(context, options.rest)
  const isCheck = options.flags.has('c') || options.flags.has('check')
  let status = failed ? 1 : 0
  for (const { path, text } of inputs) {
    if (isCheck) status = Math.max(status, checkDigests(context, algorithm, { text, options: options.flags }))
    else context.write(`${digestOf(algorithm, text)}  ${path}\n`)
  }
  return status
}

/** `diff [-uqr] A B` and, by name, `cmp [-s] A B`. */
export const diff: Program = async (context) => {
  const isCmp = baseName(context.name) === 'cmp'
  const options = parseOptions(context.args, {
    flags: ['u', 'q', 's', 'b', 'w', 'N', 'brief'],
    values: ['U', 'L', 'label'],
  })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown, 2)
  const { inputs, failed } = await readInputs(context, options.rest.slice(0, 2))
  const [left, right] = inputs
  if (failed || left === undefined || right === undefined) return 2
  if (left.text === right.text) return 0
  const { flags } = options
  if (isCmp) {
    const at = [...left.text].findIndex((char, index) => char !== [...right.text][index])
    if (!flags.has('s'))
      context.write(
        `${left.path} ${right.path} differ: byte ${at + 1}, line ${left.text.slice(0, at).split('\n').length}\n`,
      )
    return 1
  }
  if (flags.has('q') || flags.has('brief')) context.write(`Files ${left.path} and ${right.path} differ\n`)
  else if (flags.has('u') || options.values.has('U')) {
    const patch = createTwoFilesPatch(left.path, right.path, left.text, right.text, '', '', {
      context: Number(options.values.get('U') ?? '3'),
    })
    context.write(patch.replace(/^=+\n/, '').replace(/^(---|\+\+\+) (.*?)\t?$/gm, '$1 $2'))
  } else context.write(normalDiff(linesOf(left.text), linesOf(right.text)))
  return 1
}

/** `mktemp [-d] [-p DIR] [-t] [TEMPLATE]`. */
export const mktemp: Program = async (context) => {
  const options = parseOptions(context.args, {
    flags: ['d', 'u', 't', 'q'],
    values: ['p', 'tmpdir', 'suffix'],
  })
  const template = options.rest[0] ?? 'tmp.XXXXXXXXXX'
  const directory =
    options.values.get('p') ??
    (options.rest.length === 0 || options.flags.has('t') ? (context.env.get('TMPDIR') ?? '/tmp') : undefined)
  const run = /X{3,}$/.exec(template)
  if (run === null) {
    context.writeError(`mktemp: too few X's in template '${template}'\n`)
    return 1
  }
  const random = randomBytes(run[0].length)
    .toString('base64url')
    .replace(/[-_]/g, 'x')
    .slice(0, run[0].length)
  const name = `${template.slice(0, -run[0].length)}${random}`
  const path = directory === undefined ? name : joinPath(directory, name)
  const made = options.flags.has('d')
    ? context.fs.mkdir(path, { mode: 0o700 })
    : context.fs.writeFile(path, '', { mode: 0o600 })
  if (!made.ok) {
    context.writeError(
      `mktemp: failed to create file via template '${joinPath(directory ?? '.', template)}': ${formatFsError(made.code)}\n`,
    )
    return 1
  }
  context.write(`${path}\n`)
  return 0
}

/** `readlink [-f] PATH` and, by name, `realpath PATH`. */
export const readlink: Program = async ({ args, name, fs, write, writeError }) => {
  const path = args.find((text) => !text.startsWith('-')) ?? ''
  const isReal = baseName(name) === 'realpath' || args.includes('-f') || args.includes('-e')
  if (!isReal) {
    const target = fs.readLink(path)
    if (target.ok) write(`${target.value}\n`)
    return target.ok ? 0 : 1
  }
  let resolved = '/'
  const parts = fs.resolve(path).split('/').filter(Boolean)
  for (let turns = 0; parts.length > 0 && turns < maxLinkTurns; turns += 1) {
    const next = joinPath(resolved, parts.shift() ?? '')
    const target = fs.readLink(next)
    if (!target.ok) resolved = next
    else parts.unshift(...target.value.split('/').filter(Boolean))
    if (target.ok && target.value.startsWith('/')) resolved = '/'
  }
  if (!fs.exists(resolved) && baseName(name) === 'realpath') {
    writeError(`realpath: ${path}: No such file or directory\n`)
    return 1
  }
  write(`${resolved}\n`)
  return 0
}

/** `base64 [-d] [-w N] [FILE]`. */
export const base64: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['d', 'decode', 'i'], values: ['w', 'wrap'] })
  const { inputs, failed } = await readInputs(context, options.rest.slice(0, 1))
  const text = inputs[0]?.text ?? ''
  if (options.flags.has('d') || options.flags.has('decode')) {
    context.write(decodeBytes(Buffer.from(text, 'base64')))
    return failed ? 1 : 0
  }
  const width = Number(options.values.get('w') ?? options.values.get('wrap') ?? '76')
  const encoded = encodeText(text).toString('base64')
  const lines =
    width === 0 ? encoded : `${(encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n')}\n`
  context.write(lines === '\n' ? '' : lines)
  return failed ? 1 : 0
}

/** More turns than any sound chain of links takes. */
const maxLinkTurns = 200

function describe(path: string, found: FsStat): string {
  return [
    `  File: ${path}`,
    `  Size: ${found.sizeBytes}\tBlocks: ${Math.ceil(found.sizeBytes / 512)}\t${found.kind === 'file' ? 'regular file' : found.kind}`,
    `Access: (${found.mode.toString(8).padStart(4, '0')}/${formatMode(found.kind, found.mode)})  Uid: (${found.uid}/${found.owner})   Gid: (${found.gid}/${found.group})`,
    `Modify: ${formatTime(found.mtimeMs, '%Y-%m-%d %H:%M:%S.%N +0000')}`,
  ].join('\n')
}

function fillStat(format: string, path: string, found: FsStat): string {
  const cells: Readonly<Record<string, string>> = {
    a: found.mode.toString(8),
    A: formatMode(found.kind, found.mode),
    U: found.owner,
    u: String(found.uid),
    G: found.group,
    g: String(found.gid),
    s: String(found.sizeBytes),
    n: path,
    F: {
      file: found.sizeBytes === 0 ? 'regular empty file' : 'regular file',
      directory: 'directory',
      symlink: 'symbolic link',
    }[found.kind],
    i: String(found.inode),
    h: String(found.links),
    Y: String(Math.floor(found.mtimeMs / 1000)),
    y: formatTime(found.mtimeMs, '%Y-%m-%d %H:%M:%S.%N +0000'),
    '%': '%',
  }
  return format.replace(/%([A-Za-z%])/g, (whole, letter: string) => cells[letter] ?? whole)
}

function digestOf(algorithm: string, text: string): string {
  return createHash(algorithm).update(encodeText(text)).digest('hex')
}

function checkDigests(
  context: ProgramContext,
  algorithm: string,
  list: { readonly text: string; readonly options: ReadonlySet<string> },
): number {
  let wrong = 0
  for (const line of linesOf(list.text)) {
    const match = /^([0-9a-f]+)\s[ *](.*)$/.exec(line)
    if (match === null) continue
    const path = match[2] ?? ''
    const text = context.fs.readFile(path)
    if (!text.ok) context.writeError(`${context.name}: ${path}: ${formatFsError(text.code)}\n`)
    const verdict = !text.ok
      ? 'FAILED open or read'
      : digestOf(algorithm, text.value) === match[1]
        ? 'OK'
        : 'FAILED'
    if (verdict !== 'OK') wrong += 1
    const isShown = !list.options.has('status') && (verdict !== 'OK' || !list.options.has('quiet'))
    if (isShown) context.write(`${path}: ${verdict}\n`)
  }
  if (wrong > 0)
    context.writeError(
      `${context.name}: WARNING: ${wrong} computed checksum${wrong > 1 ? 's' : ''} did NOT match\n`,
    )
  return wrong > 0 ? 1 : 0
}

function normalDiff(left: readonly string[], right: readonly string[]): string {
  const patch = createTwoFilesPatch(
    'a',
    'b',
    left.map((line) => `${line}\n`).join(''),
    right.map((line) => `${line}\n`).join(''),
    '',
    '',
    { context: 0 },
  )
  let output = ''
  const hunks = patch.split(/^@@ /m).slice(1)
  for (const hunk of hunks) {
    const head = /^-(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(hunk)
    const body = linesOf(hunk).slice(1)
    const minus = body.filter((line) => line.startsWith('-')).map((line) => line.slice(1))
    const plus = body.filter((line) => line.startsWith('+')).map((line) => line.slice(1))
    if (head === null) continue
    const kind = minus.length === 0 ? 'a' : plus.length === 0 ? 'd' : 'c'
    output += `${range(Number(head[1]), minus.length)}${kind}${range(Number(head[3]), plus.length)}\n`
    output += minus.map((line) => `< ${line}\n`).join('')
    if (kind === 'c') output += '---\n'
    output += plus.map((line) => `> ${line}\n`).join('')
  }
  return output
}

function range(start: number, count: number): string {
  if (count <= 1) return String(start)
  return `${start},${start + count - 1}`
}
