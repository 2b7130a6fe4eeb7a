import { encodeText } from '../bytes.ts'
import type { LabInput, LabUser } from '../program.ts'
import type { Machine } from './machine.ts'
import { runChild } from './run-arguments.ts'
import { inputOf } from './stream.ts'

export type ScriptOptions = {
  readonly machine: Machine
  readonly user: LabUser
  readonly argv: readonly string[]
  readonly env?: ReadonlyMap<string, string>
  readonly cwd?: string
  readonly stdin?: string | LabInput
  readonly signal?: AbortSignal
}

export type ScriptResult = { readonly status: number; readonly stdout: string; readonly stderr: string }

/** Runs an argument list on a host as a session of a user would, and collects what it prints. */
export async function runScript(options: ScriptOptions): Promise<ScriptResult> {
  const { status, stdout, stderr } = await runScriptBytes(options)
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}

/** Like {@link runScript}, for output that need not be text. */
export async function runScriptBytes(
  options: ScriptOptions,
): Promise<{ readonly status: number; readonly stdout: Buffer; readonly stderr: Buffer }> {
  const { user } = options
  let stdout = ''
  let stderr = ''
  const status = await runChild(
    {
      machine: options.machine,
      user,
      env: options.env ?? loginEnvironment(user),
      cwd: options.cwd ?? user.home,
      umask: 0o022,
      ppid: 1,
      group: sessionGroup,
      onBackground: undefined,
      signal: options.signal ?? new AbortController().signal,
      streams: new Map([
        [0, { input: typeof options.stdin === 'object' ? options.stdin : inputOf(options.stdin ?? '') }],
        [1, { write: (text: string) => void (stdout += text) }],
        [2, { write: (text: string) => void (stderr += text) }],
      ]),
    },
    options.argv,
  )
  return { status, stdout: encodeText(stdout), stderr: encodeText(stderr) }
}

/** The variables that sshd and login give to a session. */
export function loginEnvironment(user: LabUser): Map<string, string> {
  return new Map([
    ['USER', user.name],
    ['LOGNAME', user.name],
    ['HOME', user.home],
    ['SHELL', '/bin/sh'],
    ['PATH', '/usr/local/bin:/usr/bin:/bin:/usr/games'],
  ])
}

/** A process group of no process of the table. */
const sessionGroup = 600
