import type { LabFs, Program, ProgramContext } from '../program.ts'

const SWAPS = '/proc/swaps'
const SWAP_HEADER = 'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n'
const SWAP_LINE = '/dev/dm-1                               partition\t2097148\t0\t-2\n'

/** swapoff: `-a` turns all swap off. */
export function swapoffProgram(): Program {
  return (context) =>
    asRoot(context, 'swapoff: Not superuser.', () => context.fs.writeFile(SWAPS, SWAP_HEADER))
}

/** swapon: `-a` turns it on again; `--show` and `-s` list it. */
export function swaponProgram(): Program {
  return (context) => {
    if (context.args.includes('-a')) {
      return asRoot(context, 'swapon: Not superuser.', () =>
        context.fs.writeFile(SWAPS, SWAP_HEADER + SWAP_LINE),
      )
    }
    const text = readText(context.fs, SWAPS)
    const isOn = text.split('\n').filter((line) => line !== '').length > 1
    if (isOn)
      context.write(
        context.args.includes('-s')
          ? text
          : 'NAME      TYPE      SIZE USED PRIO\n/dev/dm-1 partition   2G   0B   -2\n',
      )
    return Promise.resolve(0)
  }
}

/** sysctl: `[-n] NAME`, `-w NAME=VALUE`, `-p [FILE]`; the values lie below /proc/sys. */
export function sysctlProgram(): Program {
  return (context) => {
    const { args, fs } = context
    const isBare = args.includes('-n')
    const names = args.filter((arg) => !arg.startsWith('-'))
    if (args.includes('-p') || args.includes('--load')) {
      const text = readText(fs, names[0] ?? '/etc/sysctl.conf')
      const settings = text.split('\n').filter((line) => /^\s*[a-z][\w.-]*\s*=/.test(line))
      return Promise.resolve(Math.max(0, ...settings.map((line) => setSysctl(context, line.trim()))))
    }
    const codes = names.map((name) => {
      if (name.includes('=')) return setSysctl(context, name)
      const read = fs.readFile(sysctlPath(name))
      if (!read.ok) {
        context.writeError(`sysctl: cannot stat ${sysctlPath(name)}: No such file or directory\n`)
        return 255
      }
      context.write(isBare ? read.value : `${name} = ${read.value}`)
      return 0
    })
    return Promise.resolve(Math.max(0, ...codes))
  }
}

/** openssl: `version`. */
export function opensslProgram(): Program {
  return (context) => {
    if (context.args[0] === 'version') {
      context.write('OpenSSL 1.1.1k  FIPS 25 Mar 2021\n')
      return Promise.resolve(0)
    }
    context.writeError(`openssl:Error: '${context.args[0] ?? ''}' is not part of the practice hosts.\n`)
    return Promise.resolve(1)
  }
}

/** jps: the Java processes of the user, all of them for root; `-l` prints whole class names. */
export function jpsProgram(): Program {
  return (context) => {
    for (const process of context.host.processes()) {
      const name = /\s(\S*\.([A-Z]\w+))$/.exec(process.command)
      const isVisible = context.user.uid === 0 || process.user === context.user.name
      if (!process.command.startsWith('java ') || !isVisible || name === null) continue
      context.write(`${process.pid} ${(context.args.includes('-l') ? name[1] : name[2]) ?? ''}\n`)
    }
    return Promise.resolve(0)
  }
}

function setSysctl(context: ProgramContext, setting: string): number {
  const [name = '', value = ''] = setting.split('=').map((part) => part.trim())
  if (context.user.uid !== 0 || !context.fs.writeFile(sysctlPath(name), `${value}\n`).ok) {
    context.writeError(`sysctl: permission denied on key '${name}'\n`)
    return 255
  }
  context.write(`${name} = ${value}\n`)
  return 0
}

function sysctlPath(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`
}

function asRoot(context: ProgramContext, refusal: string, act: () => unknown): Promise<number> {
  if (context.user.uid !== 0) {
    context.writeError(`${refusal}\n`)
    return Promise.resolve(1)
  }
  act()
  return Promise.resolve(0)
}

function readText(fs: LabFs, path: string): string {
  const read = fs.readFile(path)
  return read.ok ? read.value : ''
}
