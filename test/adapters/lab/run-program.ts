import { clusterPrograms } from '../../../src/adapters/lab/programs/cluster-programs.ts'
import { provisionClusterHost } from '../../../src/adapters/lab/programs/provision-host.ts'
import type { LabUser, Program, ProgramContext } from '../../../src/adapters/lab/program.ts'
import type { TestLab } from './lab-builder.ts'

export type RunResult = { readonly code: number; readonly out: string; readonly err: string }

export type RunOptions = {
  readonly user?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly signal?: AbortSignal
}

export type Runner = (host: string, command: readonly string[], options?: RunOptions) => Promise<RunResult>

/** Runs programs on the hosts of a test lab without a shell; the hosts have archives, Java and Python. */
export function createRunner(lab: TestLab): Runner {
  const table = clusterPrograms(lab.cluster)
  const java = lab.version.startsWith('5') ? '17.0.9' : '1.8.0_202'
  for (const { fs } of lab.hosts.values()) {
    provisionClusterHost(fs, {
      archives: [lab.version],
      javas: { '/opt/jre': { version: java, vendor: 'Oracle Corporation' } },
      pythons: ['python2.7', 'python3'],
      unit: { name: 'cassandra', home: '/opt/cassandra', user: 'cassandra', javaHome: '/opt/jre' },
    })
  }
  const run: Runner = async (host, command, options = {}) => {
    const result = { code: 0, out: '', err: '' }
    const [name = '', ...args] = command
    const program = findProgram(table, lab, { host, name })
    if (program === undefined) return { ...result, code: 127, err: `${name}: not found\n` }
    const context = createContext(lab, host, { name, args, options, result, run })
    const code = await program(context)
    return { ...result, code }
  }
  return run
}

function findProgram(
  table: ReadonlyMap<string, Program>,
  lab: TestLab,
  call: { host: string; name: string },
): Program | undefined {
  const { programs } = lab.host(call.host).fs
  const stored = programs.get(call.name) ?? programs.get(`/usr/bin/${call.name}`)
  return table.get(stored ?? call.name)
}

type Call = {
  name: string
  args: readonly string[]
  options: RunOptions
  result: { out: string; err: string }
  run: Runner
}

function createContext(lab: TestLab, host: string, call: Call): ProgramContext {
  const { fs, handle } = lab.host(host)
  const write = (text: string): void => void (call.result.out += text)
  const writeError = (text: string): void => void (call.result.err += text)
  const users = ['root', 'cassandra'].map(userOf)
  return {
    args: call.args,
    name: call.name,
    path: call.name.startsWith('/') ? call.name : `/usr/bin/${call.name}`,
    env: new Map(Object.entries({ PATH: '/usr/bin:/bin', ...call.options.env })),
    cwd: '/root',
    user: userOf(call.options.user ?? 'cassandra'),
    pid: 4711,
    stdin: {
      readAll: () => Promise.resolve(call.options.stdin ?? ''),
      readLine: () =>
        Promise.resolve(
          call.options.stdin === undefined ? undefined : { text: call.options.stdin, newline: true },
        ),
    },
    fs,
    host: { ...handle, users: () => users },
    clock: { nowMs: lab.clock.nowMs, sleep: lab.clock.sleep },
    signal: call.options.signal ?? new AbortController().signal,
    write,
    writeError,
    run: async (command, options) => {
      const child = await call.run(host, command, {
        user: options?.user?.name ?? 'cassandra',
        env: Object.fromEntries(options?.env ?? new Map<string, string>()),
        ...(options?.stdin === undefined ? {} : { stdin: options.stdin }),
      })
      ;(options?.write ?? write)(child.out)
      ;(options?.writeError ?? writeError)(child.err)
      return child.code
    },
  }
}

function userOf(name: string): LabUser {
  const uid = name === 'root' ? 0 : 1000
  return {
    name,
    uid,
    gid: uid,
    group: name,
    groups: [name],
    home: name === 'root' ? '/root' : `/home/${name}`,
  }
}
