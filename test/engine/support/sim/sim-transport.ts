import type {
  Connected,
  ExecHandle,
  ExecOutcome,
  ExecRequest,
  HttpOutcome,
  Session,
  Transport,
} from '../../../../src/engine/ports/transport.ts'
import type { Random } from './random.ts'
import type { Scheduler, SimProcess } from './scheduler.ts'
import { parseRequest, serveExchange, type Reply } from './sim-exchange.ts'
import { runLine, type SimHost } from './sim-host.ts'
import { serveProbe } from './sim-probe.ts'

/** What lies between the tool and its hosts. */
export type Network = {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly hosts: ReadonlyMap<string, SimHost>
  /** Lines that are down: nothing gets through. */
  readonly down: Set<string>
  /** Hosts that take a connection and end whatever is asked over it, without a word. */
  readonly mute: Set<string>
  /** Share of requests in flight that arrive late when their line breaks, instead of never. */
  lateShare: number
  /** Called as a request reaches a host's shell. */
  readonly onArrival: (host: string, values: { readonly [name: string]: string } | undefined) => void
}

type Line = {
  isOpen: boolean
  readonly host: SimHost
  readonly onBreak: Set<() => void>
  readonly closed: Promise<string>
}

export type SimTransport = Transport & {
  /** Breaks the line to a host, in the middle of whatever goes over it. */
  readonly breakLine: (host: string) => void
}

export function createSimTransport(network: Network, owner: SimProcess): SimTransport {
  const { scheduler, random } = network
  const lines = new Map<string, Line>()
  const isReachable = (name: string): boolean =>
    !network.down.has(name) && network.hosts.get(name)?.isUp === true
  return {
    connect: async ({ name }): Promise<Connected> => {
      const known = lines.get(name)
      if (known?.isOpen === true) return { ok: true, session: createSession(network, known, owner) }
      await scheduler.delay(random.between(1, 40), owner)
      const other = lines.get(name)
      if (other?.isOpen === true) return { ok: true, session: createSession(network, other, owner) }
      if (!isReachable(name)) {
        await scheduler.delay(random.between(1, 2000), owner)
        const message = `${name} does not answer`
        return { ok: false, failure: { kind: 'unreachable', phase: 'connect', retryable: true, message } }
      }
      const line: Line = {
        isOpen: true,
        host: network.hosts.get(name)!,
        onBreak: new Set(),
        closed: new Promise(() => undefined),
      }
      lines.set(name, line)
      return { ok: true, session: createSession(network, line, owner) }
    },
    close: async () => undefined,
    breakLine: (name) => {
      const line = lines.get(name)
      if (line?.isOpen !== true) return
      line.isOpen = false
      for (const act of line.onBreak) act()
    },
  }
}

function createSession(network: Network, line: Line, owner: SimProcess): Session {
  return {
    host: line.host.name as Session['host'],
    hostKey: `SHA256:${line.host.name}`,
    closed: line.closed,
    close: () => undefined,
    exec: (request) => exec(network, line, { request, owner }),
    http: (request) => http(network, line, { url: request.url, owner }),
  }
}

type Channel = { isOpen: boolean; finish: (outcome: ExecOutcome) => void }

function exec(
  network: Network,
  line: Line,
  { request, owner }: { request: ExecRequest; owner: SimProcess },
): ExecHandle {
  const { scheduler, random } = network
  const { promise: outcome, resolve } = Promise.withResolvers<ExecOutcome>()
  const pump = createPump(request, owner)
  const lost = (reason: string): void => channel.finish({ kind: 'lost', sent: hasLeft, reason })
  const onBreak = (): void => lost('the line broke')
  const onAbort = (): void => lost('cancelled')
  const channel: Channel = {
    isOpen: true,
    finish: (end) => {
      if (!channel.isOpen) return
      channel.isOpen = false
      line.onBreak.delete(onBreak)
      request.signal?.removeEventListener('abort', onAbort)
      void pump.stop().then(() => resolve(end))
    },
  }
  let hasLeft = false
  if (line.isOpen) {
    line.onBreak.add(onBreak)
    request.signal?.addEventListener('abort', onAbort, { once: true })
    scheduler.after(random.chance(0.2) ? random.between(1, 30) : random.next() * 2, () => send(), owner)
  } else scheduler.after(random.next(), () => lost('the line is gone'), owner)
  const send = (): void => {
    if (!channel.isOpen) return
    hasLeft = true
    const { host } = line
    if (network.mute.has(host.name)) return lost('the shell ended')
    const { boot } = host
    // Whoever breaks the line or dies from here on has a request in flight: it may arrive, much later, or never.
    const arrive = (): void => {
      const isLate = !line.isOpen || !owner.isAlive
      if (!host.isUp || (isLate && (!network.random.chance(network.lateShare) || host.boot !== boot))) return
      const go = (): void => {
        if (host.isUp && host.boot === boot)
          serve(network, host, {
            text: String(request.input),
            reply: createReply(network, { line, channel, pump, boot }),
          })
      }
      if (isLate) scheduler.after(random.between(0, 90_000), go)
      else go()
    }
    scheduler.after(random.chance(0.1) ? random.between(1, 400) : random.next() * 3, arrive)
  }
  return {
    started: Promise.resolve({ sent: true }),
    outcome,
    write: () => undefined,
    resize: () => undefined,
  }
}

function serve(network: Network, host: SimHost, { text, reply }: { text: string; reply: Reply }): void {
  const values = parseRequest(text)
  network.onArrival(host.name, values)
  if (values === undefined) serveProbe(host, text, reply)
  else serveExchange(host, values, reply)
}

function createReply(
  network: Network,
  { line, channel, pump, boot }: { line: Line; channel: Channel; pump: Pump; boot: string },
): Reply {
  const { scheduler, random } = network
  let due = scheduler.nowMs()
  const inOrder = (act: () => void): void => {
    due = Math.max(due + 0.001, scheduler.nowMs() + random.next() * 3)
    scheduler.after(due - scheduler.nowMs(), () => {
      if (line.isOpen && channel.isOpen && line.host.boot === boot) act()
    })
  }
  const split = (stream: 'stdout' | 'stderr', data: string | Buffer): void => {
    const bytes = Buffer.from(data)
    const at = random.chance(0.3) ? random.int(bytes.length + 1) : bytes.length
    inOrder(() => pump.push(stream, bytes.subarray(0, at)))
    if (at < bytes.length) inOrder(() => pump.push(stream, bytes.subarray(at)))
  }
  return {
    out: (data) => split('stdout', data),
    err: (data) => split('stderr', data),
    end: (code) => inOrder(() => pump.end(() => channel.finish({ kind: 'exited', code }))),
  }
}

type Pump = {
  readonly push: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  readonly end: (act: () => void) => void
  readonly stop: () => Promise<void>
}

/** Hands chunks on one after the other, waiting for whoever takes them. */
function createPump(request: ExecRequest, owner: SimProcess): Pump {
  let last: Promise<void> = Promise.resolve()
  let isStopped = false
  const handOn = async (
    before: Promise<void>,
    stream: 'stdout' | 'stderr',
    bytes: Uint8Array,
  ): Promise<void> => {
    await before
    if (isStopped || !owner.isAlive) return
    await (stream === 'stdout' ? request.onStdout : request.onStderr)?.(bytes)
  }
  const push: Pump['push'] = (stream, bytes) => {
    last = handOn(last, stream, bytes)
  }
  return {
    push,
    end: (act) => void last.then(act),
    stop: () => {
      isStopped = true
      return last
    },
  }
}

/** A request that changes something: `http://h/add/KEY`. */
async function http(
  network: Network,
  line: Line,
  { url, owner }: { url: string; owner: SimProcess },
): Promise<HttpOutcome> {
  const { scheduler, random } = network
  if (!line.isOpen) return { kind: 'no-reply', sent: false, reason: 'the line is gone' }
  await scheduler.delay(random.next() * 3, owner)
  if (!line.isOpen) return { kind: 'no-reply', sent: false, reason: 'the line is gone' }
  const [, word = '', key = ''] = new URL(url).pathname.split('/')
  const { host } = line
  scheduler.after(random.next() * 5, () => {
    if (!host.isUp || (!line.isOpen && random.chance(0.5))) return
    if (word === 'add') host.effects.push({ job: `http ${key}`, key, atMs: scheduler.nowMs() })
    runLine(host, `${word} ${key}`)
  })
  await scheduler.delay(random.between(6, 30), owner)
  if (!line.isOpen) return { kind: 'no-reply', sent: true, reason: 'the line broke' }
  return { kind: 'replied', status: 200, headers: [], body: Buffer.from('ok\n') }
}
