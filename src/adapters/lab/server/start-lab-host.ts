import { createServer } from 'node:net'
import type { Server as TcpServer, Socket } from 'node:net'
import ssh2 from 'ssh2'
import type { Connection, Server as SshServer } from 'ssh2'
import { BugError } from '../../../core/base/errors.ts'
import type { LabHost } from '../host/lab-host.ts'
import type { LabUser } from '../program.ts'
import { applyHostFaults } from './host-faults.ts'
import { FaultInjector } from './faults.ts'
import { connectService, findService } from './forward.ts'
import { answerLogin } from './lab-account.ts'
import type { LabAccount } from './lab-account.ts'
import { serveSession } from './run-session.ts'

export type LabServerOptions = {
  readonly host: LabHost
  /** The host's private key, in OpenSSH's format; see {@link buildHostKey}. */
  readonly hostKey: string
  /** By user name; an account that is not here cannot log in. */
  readonly accounts: ReadonlyMap<string, LabAccount>
  /** 0 (the default) takes a free one. */
  readonly port?: number
  /** Default 127.0.0.1; practice hosts listen on loopback only. */
  readonly address?: `127.${string}`
  readonly faults?: FaultInjector
  /** Called whenever somebody connects. */
  readonly onContact?: () => void
}

/** A practice host that can be reached. */
export type RunningLabHost = {
  readonly port: number
  readonly address: string
  readonly faults: FaultInjector
  openConnections(): number
  /** Cuts all connections that are open now. */
  dropConnections(): void
  /** Stops listening and ends all connections; the host's processes go on. */
  close(): Promise<void>
}

/** Starts the SSH server of a practice host on loopback. */
export async function startLabHost(options: LabServerOptions): Promise<RunningLabHost> {
  const faults = options.faults ?? new FaultInjector()
  applyHostFaults(options.host, faults)
  const sockets = new Set<Socket>()
  const place: ServerPlace = { options, faults, servers: new Map() }
  const tcp = createServer((socket) => takeConnection(place, sockets, socket))
  options.host.onBoot(() => dropAll(sockets))
  const address = options.address ?? '127.0.0.1'
  const port = await listen(tcp, options.port ?? 0, address)
  return {
    port,
    address,
    faults,
    openConnections: () => sockets.size,
    dropConnections: () => dropAll(sockets),
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      tcp.close(() => resolve())
      dropAll(sockets)
      await promise
    },
  }
}

/** Makes a new key (ed25519), of a host or of an account; with its public line as in `known_hosts`. */
export function buildHostKey(): { readonly private: string; readonly public: string } {
  for (let attempt = 0; attempt < MAX_KEY_ATTEMPTS; attempt += 1) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    const isReadable = [pair.private, pair.public].every(
      (text) => !(ssh2.utils.parseKey(text) instanceof Error),
    )
    if (isReadable) return { private: pair.private, public: pair.public }
  }
  throw new BugError('no usable key in so many attempts')
}

/** ssh2 1.17 now and then writes a key that it cannot read itself: about one in five hundred. */
const MAX_KEY_ATTEMPTS = 20

type ServerPlace = {
  readonly options: LabServerOptions
  readonly faults: FaultInjector
  /** By host key; the second one is made when a fault changes the key. */
  readonly servers: Map<'own' | 'changed', SshServer>
}

function takeConnection(place: ServerPlace, sockets: Set<Socket>, socket: Socket): void {
  place.options.onContact?.()
  sockets.add(socket)
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
  if (place.faults.take('refuse-connections') !== undefined) {
    socket.resetAndDestroy()
    return
  }
  if (place.faults.take('hang-connection') !== undefined) return
  const isChanged = place.faults.take('host-key-changed') !== undefined
  serverFor(place, isChanged ? 'changed' : 'own').injectSocket(socket)
}

function serverFor(place: ServerPlace, which: 'own' | 'changed'): SshServer {
  const known = place.servers.get(which)
  if (known !== undefined) return known
  const hostKey = which === 'own' ? place.options.hostKey : buildHostKey().private
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: 'OpenSSH_9.2p1 practice' })
  server.on('connection', (connection) => serveConnection(place, connection))
  place.servers.set(which, server)
  return server
}

function serveConnection({ options, faults }: ServerPlace, connection: Connection): void {
  const { host, accounts } = options
  let user: LabUser | undefined
  let serverPid: number | undefined
  connection.on('authentication', (context) => {
    user = host.user(context.username)
    const isRefused =
      user === undefined || faults.take('auth-refused', { user: context.username }) !== undefined
    answerLogin(context, isRefused ? undefined : accounts.get(context.username))
  })
  connection.on('error', () => {})
  connection.on('close', () => {
    if (serverPid !== undefined) host.handle.endProcess(serverPid)
  })
  connection.on('ready', () => {
    const loggedIn = user
    if (loggedIn === undefined) return
    const { pid } = host.handle.startProcess({
      user: loggedIn.name,
      command: `sshd: ${loggedIn.name}@notty`,
      ppid: sshdPid,
      onEnd: () => connection.end(),
    })
    serverPid = pid
    const place = {
      host,
      user: loggedIn,
      faults,
      serverPid: pid,
      dropLine: () => socketOf(connection)?.destroy(),
    }
    connection.on('session', (accept) => serveSession(accept(), place))
    connection.on('tcpip', (accept, reject, info) => {
      const service = findService(host.handle, info.destIP, info.destPort)
      if (service === undefined) reject()
      else connectService(service, accept())
    })
  })
}

/** The number of the listening SSH server in a practice host's process table. */
const sshdPid = 512

/** ssh2 keeps the socket of a server's connection to itself; a cut line has to get at it. */
function socketOf(connection: Connection): Socket | undefined {
  return (connection as unknown as { _sock?: Socket })._sock
}

function dropAll(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) socket.destroy()
}

async function listen(server: TcpServer, port: number, address: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, address, () => resolve())
  await promise
  const bound = server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : port
}
