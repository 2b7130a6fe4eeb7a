import { existsSync } from 'node:fs'
import { execa } from 'execa'
import type { ByteChannel, ChannelEnd, OpenedChannel, OpenChannel } from './byte-channel.ts'

/** Milliseconds between TERM and KILL for a local command that is given up. */
const KILL_GRACE_MS = 2_000
/** util-linux's `script` makes a terminal; it takes the command as one line. */
const SCRIPT_PROGRAMS = ['/usr/bin/script', '/bin/script']

/** Builds the opener of local channels: `/bin/sh` in a session of its own, below `script` where a terminal is wanted. */
export function buildLocalOpen(env: { readonly [name: string]: string | undefined }): OpenChannel {
  return async (command, { pty }) => {
    if (pty === undefined) return openProcess('/bin/sh', ['-c', command], { env })
    const script = SCRIPT_PROGRAMS.find((path) => existsSync(path))
    if (script === undefined)
      return { ok: false, reason: 'no program `script`: a local terminal cannot be made' }
    const sized = `stty columns ${pty.columns} rows ${pty.rows} 2>/dev/null; ${command}`
    const args =
      process.platform === 'linux'
        ? ['-qefc', sized, '/dev/null']
        : ['-q', '/dev/null', '/bin/sh', '-c', sized]
    return openProcess(script, args, { env: { ...env, TERM: pty.term, SHELL: '/bin/sh' } })
  }
}

/** Starts a program as a channel; it leads its own process group, which is ended as a whole. */
export function openProcess(
  program: string,
  args: readonly string[],
  options: { readonly env: { readonly [name: string]: string | undefined } },
): Promise<OpenedChannel> {
  const child = execa(program, [...args], {
    env: options.env,
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    detached: true,
    encoding: 'buffer',
    stripFinalNewline: false,
  })
  let over = false
  const ended = child.then((result): ChannelEnd => {
    over = true
    if (result.signal !== undefined) return { kind: 'signalled', signal: result.signal }
    if (result.exitCode !== undefined) return { kind: 'exited', code: result.exitCode }
    return { kind: 'lost', reason: result.shortMessage ?? 'the process could not be observed' }
  })
  const { pid } = child
  if (pid === undefined)
    return child.then((result): OpenedChannel => ({
      ok: false,
      reason: result.shortMessage ?? `${program} did not start`,
    }))
  const channel: ByteChannel = {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    close: () => {
      if (over) return
      signalGroup(pid, 'SIGTERM')
      setTimeout(() => over || signalGroup(pid, 'SIGKILL'), KILL_GRACE_MS).unref()
      child.stdout.destroy()
      child.stderr.destroy()
      child.stdin.destroy()
    },
    resize: () => {},
  }
  return Promise.resolve({ ok: true, channel })
}

function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    // The group is gone already.
    return false
  }
}
