import { FsView } from '../fs/fs-view.ts'
import { formatFsError } from '../fs/fs-error.ts'
import type { FsResult, LabFs, Program } from '../program.ts'
import { baseName } from '../fs/path.ts'
import { findProgram } from './find-program.ts'
import { runProgram, settingOf } from './run-program.ts'
import type { ProgramSetting, ShellStart } from './machine.ts'
import { complain, getVariable } from './state.ts'
import type { ShellState } from './state.ts'

/** Runs an argument list as a program from the shell: by path, or by name along PATH. */
export async function runArguments(
  state: ShellState,
  argv: readonly string[],
  options: { readonly replaces: boolean } = { replaces: false },
): Promise<number> {
  const name = argv[0] ?? ''
  const found = findProgram(state.machine, state.fs, { name, searchPath: getVariable(state, 'PATH') ?? '' })
  if (found.kind === 'refused') {
    complain(state, `${name}: ${found.message}`)
    return found.status
  }
  return runFound({ ...settingOf(state), replaces: options.replaces ? state.pid : undefined }, argv, found)
}

/** Runs an argument list as a child of a program; what {@link ProgramContext.run} does. */
export async function runChild(setting: ProgramSetting, argv: readonly string[]): Promise<number> {
  const name = argv[0] ?? ''
  const fs = viewOf(setting)
  const found = findProgram(setting.machine, fs, {
    name,
    searchPath: setting.env.get('PATH') ?? standardPath,
  })
  if (found.kind !== 'refused') return runFound(setting, argv, found)
  setting.streams.get(2)?.write?.(`${name}: ${found.status === 127 ? 'command not found' : found.message}\n`)
  return found.status
}

const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

type Found = Exclude<ReturnType<typeof findProgram>, { kind: 'refused' }>

function runFound(setting: ProgramSetting, argv: readonly string[], found: Found): Promise<number> {
  if (found.kind === 'program') {
    return runProgram(setting, { program: found.program, argv, path: found.path, runChild })
  }
  if (found.kind === 'shell')
    return runShell(setting, argv, (args) => parseShellArguments(argv[0] ?? 'sh', args))
  const shell = interpreterOf(found.text)
  if (!shells.has(baseName(shell[0] ?? '')))
    return runChild(setting, [...shell, found.path, ...argv.slice(1)])
  return runShell(setting, argv, (args) => ({
    name: found.path,
    text: found.text,
    positional: args,
    flags: shell[1]?.replace(/^-/, '') ?? '',
  }))
}

function ignoresSignal(): boolean {
  return false
}

type ShellCall = Omit<ShellStart, 'pid'> & { readonly file?: string }

function runShell(
  setting: ProgramSetting,
  argv: readonly string[],
  parse: (args: readonly string[]) => ShellCall,
): Promise<number> {
  let handle: (signal: string) => boolean = ignoresSignal
  const program: Program = async (context) => {
    const call = parse(context.args)
    const file = call.file === undefined ? undefined : await readScript(setting, context.fs, call.file)
    if (file?.ok === false) {
      context.writeError(
        `${argv[0]}: 0: cannot open ${call.file}: ${file.code === 'ENOENT' ? 'No such file' : formatFsError(file.code)}\n`,
      )
      return 2
    }
    const start: ShellStart = {
      ...call,
      ...(file === undefined ? {} : { text: file.value }),
      pid: context.pid,
      onTrap: (takes) => {
        handle = takes
      },
    }
    const group = setting.ownGroup === true ? context.pid : setting.group
    return setting.machine.startShell({ ...setting, group, signal: context.signal }, start)
  }
  return runProgram(setting, {
    program,
    argv,
    path: '/bin/sh',
    runChild,
    onSignal: (signal) => handle(signal),
  })
}

/** The text of a script: of a file, or of what an open descriptor leads to. */
async function readScript(setting: ProgramSetting, fs: LabFs, path: string): Promise<FsResult<string>> {
  const fd = /^\/dev\/fd\/(\d+)$/.exec(path)?.[1] ?? (path === '/dev/stdin' ? '0' : undefined)
  const input = fd === undefined ? undefined : setting.streams.get(Number(fd))?.input
  return input === undefined ? fs.readFile(path) : { ok: true, value: await input.readAll() }
}

/** Reads the arguments of `sh`: `-c TEXT [NAME ARG…]`, `-s [ARG…]`, `FILE [ARG…]`, with the letters of `set`. */
function parseShellArguments(shell: string, args: readonly string[]): ShellCall {
  let flags = ''
  let at = 0
  while (/^[-+]./.test(args[at] ?? '') && args[at] !== '--') {
    const letters = (args[at] ?? '').slice(1)
    flags += letters
    at += 1
    if (letters.includes('o')) {
      flags += args[at] === 'pipefail' ? 'P' : ''
      at += 1
    }
  }
  if (args[at] === '--') at += 1
  const rest = args.slice(at)
  if (flags.includes('c'))
    return { name: rest[1] ?? shell, text: rest[0] ?? '', positional: rest.slice(2), flags }
  if (flags.includes('s') || rest.length === 0) return { name: shell, positional: rest, flags }
  return { name: rest[0] ?? shell, file: rest[0] ?? '', positional: rest.slice(1), flags }
}

const shells = new Set(['sh', 'bash', 'dash', 'ash'])

function interpreterOf(script: string): readonly string[] {
  const line = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(script)
  if (line === null) return ['/bin/sh']
  const path = line[1] ?? '/bin/sh'
  if (baseName(path) === 'env') return [line[2] ?? 'sh']
  return line[2] === undefined ? [path] : [path, line[2]]
}

function viewOf(setting: ProgramSetting): FsView {
  return new FsView({
    disk: setting.machine.disk,
    accounts: setting.machine.accounts,
    user: setting.user,
    cwd: () => setting.cwd,
    umask: () => setting.umask,
    nowMs: () => setting.machine.clock.nowMs(),
  })
}
