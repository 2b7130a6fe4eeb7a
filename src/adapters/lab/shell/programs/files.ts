import { formatFsError } from '../../fs/fs-error.ts'
import { baseName, dirName, joinPath } from '../../fs/path.ts'
import type { FsErrorCode, Program, ProgramContext } from '../../program.ts'
import { applyMode } from './file-mode.ts'
import { parseOptions, refuseOption } from './options.ts'

/** `mkdir [-p] [-m MODE] DIR…`. */
export const mkdir: Program = (context) =>
  eachPath(context, { flags: ['p', 'v', 'parents'], values: ['m'] }, ({ path, flags, values }) => {
    const mode = values.get('m')
    const made = context.fs.mkdir(path, { parents: flags.has('p') || flags.has('parents') })
    if (!made.ok) return `cannot create directory '${path}': ${formatFsError(made.code)}`
    if (mode !== undefined) context.fs.chmod(path, applyMode(mode, 0o777, true) ?? 0o777)
    return undefined
  })

/** `rmdir DIR…`. */
export const rmdir: Program = (context) =>
  eachPath(context, { flags: ['p', 'v'] }, ({ path }) => {
    const removed = context.fs.remove(path, { directory: true })
    return removed.ok ? undefined : `failed to remove '${path}': ${formatFsError(removed.code)}`
  })

/** `rm [-rf] PATH…`. */
export const rm: Program = (context) =>
  eachPath(context, { flags: ['r', 'R', 'f', 'v', 'd', 'i', 'recursive', 'force'] }, ({ path, flags }) => {
    if (/^\/+$/.test(path)) return "it is dangerous to operate recursively on '/'"
    const recursive = flags.has('r') || flags.has('R') || flags.has('recursive')
    const removed = context.fs.remove(path, recursive ? { recursive } : { directory: false })
    if (removed.ok) return undefined
    if (removed.code === 'ENOENT' && (flags.has('f') || flags.has('force'))) return undefined
    return `cannot remove '${path}': ${formatFsError(removed.code)}`
  })

/** `touch [-c] [-d @SECONDS|DATE] [-r FILE] FILE…`. */
export const touch: Program = (context) =>
  eachPath(context, { flags: ['c', 'a', 'm'], values: ['d', 'r', 't'] }, ({ path, flags, values }) => {
    const reference = values.get('r') === undefined ? undefined : context.fs.stat(values.get('r') ?? '')
    const wanted = values.get('d')
    const atMs =
      reference?.ok === true ? reference.value.mtimeMs : wanted === undefined ? undefined : parseTime(wanted)
    if (Number.isNaN(atMs)) return `invalid date format '${wanted}'`
    if (flags.has('c') && !context.fs.exists(path)) return undefined
    const touched = context.fs.touch(path, atMs)
    return touched.ok ? undefined : `cannot touch '${path}': ${formatFsError(touched.code)}`
  })

/** `chmod [-R] MODE PATH…`; octal or letters. */
export const chmod: Program = (context) => {
  const [mode = '', ...rest] = context.args.filter((text) => !/^-(?:R|v|f)+$/.test(text))
  const isRecursive = context.args.some((text) => /^-[vf]*R/.test(text))
  return eachPath({ ...context, args: rest }, { flags: [] }, ({ path }) =>
    changeTree(context, {
      path,
      isRecursive,
      act: (target) => {
        const stat = context.fs.stat(target)
        if (!stat.ok) return `cannot access '${target}': ${formatFsError(stat.code)}`
        const changed = applyMode(mode, stat.value.mode, stat.value.kind === 'directory')
        if (changed === undefined) return `invalid mode: '${mode}'`
        const done = context.fs.chmod(target, changed)
        return done.ok ? undefined : `changing permissions of '${target}': ${formatFsError(done.code)}`
      },
    }),
  )
}

/** `chown [-R] OWNER[:GROUP] PATH…` and, by name, `chgrp`. */
export const chown: Program = (context) => {
  const [wanted = '', ...rest] = context.args.filter((text) => !/^-[Rvhf]+$/.test(text))
  const isRecursive = context.args.some((text) => /^-[vhf]*R/.test(text))
  const isGroup = baseName(context.name) === 'chgrp'
  const [owner = '', group] = isGroup ? ['', wanted] : wanted.split(/[:.]/)
  const to = { ...(owner === '' ? {} : { owner }), ...(group === undefined || group === '' ? {} : { group }) }
  return eachPath({ ...context, args: rest }, { flags: [] }, ({ path }) =>
    changeTree(context, {
      path,
      isRecursive,
      act: (target) => {
        const done = context.fs.chown(target, to)
        if (done.ok) return undefined
        if (done.code === 'EINVAL') return `invalid ${isGroup ? 'group' : 'user'}: '${wanted}'`
        const verb = isGroup ? 'changing group of' : 'changing ownership of'
        return `${done.code === 'ENOENT' ? 'cannot access' : verb} '${target}': ${formatFsError(done.code)}`
      },
    }),
  )
}

/** `ln [-s] [-f] TARGET NAME`. */
export const ln: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['s', 'f', 'n', 'v', 'T'] })
  const [target = '', given] = options.rest
  const wanted = given ?? baseName(target)
  const stat = context.fs.stat(wanted)
  const intoDirectory =
    stat.ok && stat.value.kind === 'directory' && !options.flags.has('n') && !options.flags.has('T')
  const path = intoDirectory ? joinPath(wanted, baseName(target)) : wanted
  if (options.flags.has('f')) context.fs.remove(path)
  const made = options.flags.has('s') ? context.fs.symlink(target, path) : context.fs.link(target, path)
  if (made.ok) return 0
  context.writeError(
    `ln: failed to create ${options.flags.has('s') ? 'symbolic' : 'hard'} link '${path}': ${formatFsError(made.code)}\n`,
  )
  return 1
}

/** `mv [-fn] FROM… TO`. */
export const mv: Program = (context) =>
  intoTarget(context, ['f', 'n', 'v', 'T'], ({ from, to, flags }) => {
    if (flags.has('n') && context.fs.exists(to)) return undefined
    const moved = context.fs.rename(from, to)
    if (moved.ok) return undefined
    return moved.code === 'ENOENT' && !context.fs.lstat(from).ok
      ? `cannot stat '${from}': ${formatFsError(moved.code)}`
      : `cannot move '${from}' to '${to}': ${formatFsError(moved.code)}`
  })

/** `cp [-rpaf] FROM… TO`. */
export const cp: Program = (context) =>
  intoTarget(context, ['r', 'R', 'p', 'a', 'f', 'v', 'n', 'L', 'P', 'd', 'T'], ({ from, to, flags }) => {
    const isRecursive = flags.has('r') || flags.has('R') || flags.has('a')
    if (flags.has('n') && context.fs.exists(to)) return undefined
    return copyTree(context, { from, to, isRecursive, keeps: flags.has('p') || flags.has('a') })
  })

type PathCall = {
  readonly path: string
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
}

async function eachPath(
  context: ProgramContext,
  spec: { readonly flags: readonly string[]; readonly values?: readonly string[] },
  act: (call: PathCall) => string | undefined,
): Promise<number> {
  const options = parseOptions(context.args, spec)
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  if (options.rest.length === 0 && !options.flags.has('f')) {
    context.writeError(`${context.name}: missing operand\n`)
    return 1
  }
  let status = 0
  for (const path of options.rest) {
    const problem = act({ path, flags: options.flags, values: options.values })
    if (problem === undefined) continue
    context.writeError(`${context.name}: ${problem}\n`)
    status = 1
  }
  return status
}

type Transfer = { readonly from: string; readonly to: string; readonly flags: ReadonlySet<string> }

async function intoTarget(
  context: ProgramContext,
  flags: readonly string[],
  act: (transfer: Transfer) => string | undefined,
): Promise<number> {
  const options = parseOptions(context.args, { flags, values: ['t'] })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const paths = [...options.rest]
  const target = options.values.get('t') ?? paths.pop()
  if (target === undefined || paths.length === 0) {
    context.writeError(`${context.name}: missing file operand\n`)
    return 1
  }
  const stat = context.fs.stat(target)
  const isDirectory = stat.ok && stat.value.kind === 'directory' && !options.flags.has('T')
  if (paths.length > 1 && !isDirectory) {
    context.writeError(`${context.name}: target '${target}' is not a directory\n`)
    return 1
  }
  let status = 0
  for (const from of paths) {
    const problem = act({
      from,
      to: isDirectory ? joinPath(target, baseName(from)) : target,
      flags: options.flags,
    })
    if (problem === undefined) continue
    context.writeError(`${context.name}: ${problem}\n`)
    status = 1
  }
  return status
}

type Copy = {
  readonly from: string
  readonly to: string
  readonly isRecursive: boolean
  readonly keeps: boolean
}

function copyTree(context: ProgramContext, copy: Copy): string | undefined {
  const { fs } = context
  const stat = copy.isRecursive ? fs.lstat(copy.from) : fs.stat(copy.from)
  if (!stat.ok) return `cannot stat '${copy.from}': ${formatFsError(stat.code)}`
  const { kind, mode, mtimeMs } = stat.value
  if (kind === 'directory') {
    if (!copy.isRecursive) return `-r not specified; omitting directory '${copy.from}'`
    if (!fs.exists(copy.to)) {
      const made = fs.mkdir(copy.to, { mode })
      if (!made.ok) return `cannot create directory '${copy.to}': ${formatFsError(made.code)}`
    }
    const names = fs.list(copy.from)
    if (!names.ok) return `cannot access '${copy.from}': ${formatFsError(names.code)}`
    const problems = names.value.map((name) =>
      copyTree(context, { ...copy, from: joinPath(copy.from, name), to: joinPath(copy.to, name) }),
    )
    return problems.find((problem) => problem !== undefined)
  }
  if (kind === 'symlink') {
    const target = fs.readLink(copy.from)
    const made = target.ok ? fs.symlink(target.value, copy.to) : target
    return made.ok ? undefined : `cannot create symbolic link '${copy.to}': ${formatFsError(made.code)}`
  }
  const text = fs.readFile(copy.from)
  if (!text.ok) return `cannot open '${copy.from}' for reading: ${formatFsError(text.code)}`
  const written = fs.writeFile(copy.to, text.value, { mode })
  if (!written.ok) return writeProblem(copy.to, written.code)
  if (copy.keeps) {
    fs.chmod(copy.to, mode)
    fs.chown(copy.to, { owner: stat.value.owner, group: stat.value.group })
    fs.touch(copy.to, mtimeMs)
  }
  return undefined
}

function writeProblem(path: string, code: FsErrorCode): string {
  if (code === 'ENOSPC') return `error writing '${path}': ${formatFsError(code)}`
  return `cannot create regular file '${path}': ${formatFsError(code)}`
}

type Change = {
  readonly path: string
  readonly isRecursive: boolean
  readonly act: (target: string) => string | undefined
}

function changeTree(context: ProgramContext, change: Change): string | undefined {
  const { path, isRecursive, act } = change
  const problem = act(path)
  if (problem !== undefined || !isRecursive) return problem
  const stat = context.fs.lstat(path)
  if (!stat.ok || stat.value.kind !== 'directory') return undefined
  const names = context.fs.list(path)
  if (!names.ok) return `cannot read directory '${path}': ${formatFsError(names.code)}`
  const problems = names.value.map((name) => changeTree(context, { ...change, path: joinPath(path, name) }))
  return problems.find((found) => found !== undefined)
}

function parseTime(text: string): number {
  return text.startsWith('@')
    ? Number(text.slice(1)) * 1000
    : Date.parse(/\d{4}-\d\d-\d\d [\d:]+$/.test(text) ? `${text.replace(' ', 'T')}Z` : text)
}

/** `basename PATH [SUFFIX]`, `basename -a PATH…`. */
export const basename: Program = async ({ args, write }) => {
  const isMany = args[0] === '-a'
  for (const path of isMany ? args.slice(1) : args.slice(0, 1)) {
    const name = baseName(path)
    const suffix = isMany ? '' : (args[1] ?? '')
    write(
      `${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
    )
  }
  return 0
}

/** `dirname PATH…`. */
export const dirname: Program = async ({ args, write }) => {
  for (const path of args) write(`${dirName(path)}\n`)
  return 0
}
