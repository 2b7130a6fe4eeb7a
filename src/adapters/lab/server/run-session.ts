import type { ServerChannel, Session } from 'ssh2'
import { createByteDecoder } from '../bytes.ts'
import type { LabHost } from '../host/lab-host.ts'
import type { LabUser } from '../program.ts'
import { runChild } from '../shell/run-arguments.ts'
import { loginEnvironment } from '../shell/run-script.ts'
import { parseSignal } from '../shell/process.ts'
import { TextInput } from '../shell/stream.ts'
import type { Stream } from '../shell/stream.ts'
import { buildChannelOutput } from './channel-output.ts'
import type { ChannelOutput } from './channel-output.ts'
import type { FaultInjector } from './faults.ts'

/** The connection that a session belongs to. */
export type SessionPlace = {
  readonly host: LabHost
  readonly user: LabUser
  readonly faults: FaultInjector
  /** The process of the connection's own server, parent of what the session runs. */
  readonly serverPid: number
  /** Cuts the TCP connection. */
  dropLine(): void
}

/** Serves one session channel: commands, a plain shell, environment, terminal and signals. */
export function serveSession(session: Session, place: SessionPlace): void {
  const env = loginEnvironment(place.user)
  let hasTerminal = false
  let pid: number | undefined
  session.on('env', (accept, reject, info) => {
    if (!/^(?:LANG|LC_\w+)$/.test(info.key)) return void reject?.()
    env.set(info.key, info.val)
    accept?.()
  })
  session.on('pty', (accept, _reject, info) => {
    hasTerminal = true
    env.set('TERM', (info as { term?: string }).term ?? 'xterm')
    accept?.()
  })
  session.on('window-change', (accept) => accept?.())
  session.on('signal', (accept, _reject, info) => {
    const signal = parseSignal(info.name)
    if (signal !== undefined && pid !== undefined) place.host.handle.signalProcess(pid, signal)
    accept?.()
  })
  const start = (channel: ServerChannel, command: string | undefined): void => {
    void runSession({ channel, command, place, env, hasTerminal, onPid: (started) => (pid = started) })
  }
  session.on('exec', (accept, _reject, info) => start(accept(), info.command))
  session.on('shell', (accept) => start(accept(), undefined))
}

type SessionRun = {
  readonly channel: ServerChannel
  readonly command: string | undefined
  readonly place: SessionPlace
  readonly env: ReadonlyMap<string, string>
  readonly hasTerminal: boolean
  readonly onPid: (pid: number) => void
}

async function runSession(run: SessionRun): Promise<void> {
  const { channel, command, place, hasTerminal } = run
  const { faults, user } = place
  const input = readChannel(channel, hasTerminal)
  const output = buildChannelOutput(channel, hasTerminal)
  channel.on('error', () => {})
  const slow = faults.take('slow', { user: user.name, text: command ?? '' })
  if (slow !== undefined) await place.host.machine.clock.sleep(slow.perCommandMs)
  const text = await textForFaults(faults, input, command ?? '')
  armOutputFaults(place, output, text)
  const isHung = faults.take('hang-command', { user: user.name, text }) !== undefined
  if (isHung) output.mute()
  const { status, signal, held } = await runCommand(run, input, output)
  await Promise.all(held)
  if (isHung || channel.destroyed) return
  const isSilent = faults.take('no-exit-status', { user: user.name, text }) !== undefined
  if (!isSilent) {
    if (signal === undefined) channel.exit(status)
    else channel.exit(signal, false, '')
  }
  channel.end()
}

type CommandEnd = {
  readonly status: number
  readonly signal: string | undefined
  /** What still writes to the channel after the command itself has ended. */
  readonly held: readonly Promise<unknown>[]
}

async function runCommand(run: SessionRun, input: TextInput, output: ChannelOutput): Promise<CommandEnd> {
  const { place, command } = run
  const children: { readonly streams: ReadonlyMap<number, Stream>; readonly finished: Promise<number> }[] = []
  let killedBy: string | undefined
  const status = await runChild(
    {
      machine: place.host.machine,
      user: place.user,
      env: run.env,
      cwd: place.host.fs().exists(place.user.home) ? place.user.home : '/',
      umask: 0o022,
      ppid: place.serverPid,
      group: place.serverPid,
      ownGroup: true,
      onBackground: (child) => void children.push(child),
      signal: new AbortController().signal,
      watch: {
        started: run.onPid,
        killed: (name) => {
          killedBy = name
        },
      },
      streams: new Map<number, Stream>([
        [0, { input }],
        [1, output.stdout],
        [2, output.stderr],
      ]),
    },
    command === undefined ? ['sh', '-s'] : ['sh', '-c', command],
  )
  const own = new Set<Stream>([output.stdout, output.stderr])
  const holders = children.filter(({ streams }) => [...streams.values()].some((stream) => own.has(stream)))
  return { status, signal: killedBy, held: holders.map(({ finished }) => finished) }
}

function readChannel(channel: ServerChannel, hasTerminal: boolean): TextInput {
  const input = new TextInput()
  const decoder = createByteDecoder()
  channel.on('data', (chunk: Buffer) => {
    const text = decoder.push(chunk)
    input.push(hasTerminal ? text.replaceAll('\r', '\n') : text)
  })
  channel.on('end', () => {
    input.push(decoder.end())
    input.end()
  })
  channel.on('close', () => input.end())
  return input
}

/** A fault that is meant for certain commands has to see the input first, which says what `sh -s` will do. */
async function textForFaults(faults: FaultInjector, input: TextInput, command: string): Promise<string> {
  const isPicky = faults.list().some(({ trigger }) => trigger?.textHolds !== undefined)
  if (isPicky) while (!input.isEnded) await input.more()
  return `${command}\n${input.available}`
}

function armOutputFaults(place: SessionPlace, output: ChannelOutput, text: string): void {
  const chance = { user: place.user.name, text }
  const drop = place.faults.take('drop-line', chance)
  if (drop !== undefined) output.afterBytes(drop.afterOutputBytes, () => place.dropLine())
  const reboot = place.faults.take('reboot', chance)
  if (reboot !== undefined) output.afterBytes(reboot.afterOutputBytes, () => place.host.reboot())
}
