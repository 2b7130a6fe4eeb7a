import type { NodeState } from '../cluster/cluster-state.ts'
import { hasNetwork, isLoopback, reachesAddress } from '../cluster/gossip-view.ts'
import { login } from '../cluster/login.ts'
import type { LoginOutcome } from '../cluster/login.ts'
import type { CqlSession } from '../cluster/cql-context.ts'
import { selectTraits } from '../cluster/version-traits.ts'
import type { VersionTraits } from '../cluster/version-traits.ts'
import { findNode } from '../cluster/world.ts'
import type { World } from '../cluster/world.ts'
import type { ProgramContext } from '../program.ts'
import type { CqlshOptions } from './cqlsh-options.ts'

export type Connection =
  | { readonly ok: true; readonly session: CqlSession; readonly node: NodeState; readonly address: string }
  | { readonly ok: false; readonly message: string }

/** Opens a session at the address asked for, with the driver's own words where it cannot. */
export function connectCql(
  world: World,
  context: ProgramContext,
  request: { readonly options: CqlshOptions; readonly traits: VersionTraits },
): Connection {
  const { options, traits } = request
  const target = findTarget(world, context, options)
  const isPython3 = traits.isModern
  const refuse = (cause: string): Connection => ({
    ok: false,
    message: formatRefusal(options, isPython3, cause),
  })
  if (target === 'unknown') {
    return {
      ok: false,
      message: `Connection error: ('Unable to connect to any servers', {'${options.host}': gaierror(-2, 'Name or service not known')})`,
    }
  }
  if (target === 'timeout')
    return refuse(
      `OperationTimedOut('errors=Timed out creating connection (5 seconds), last_host=None'${isPython3 ? '' : ','})`,
    )
  if (target === 'refused') return refuse(formatRefused(options, isPython3))
  const tls = refuseTls(target, options)
  if (tls !== undefined) return refuse(tls)
  const credentials =
    options.user === undefined ? undefined : { user: options.user, password: options.password ?? '' }
  const outcome = login(world, target, { credentials, repair: true })
  const denial = formatDenial(target, options, outcome)
  if (denial !== undefined) return refuse(`AuthenticationFailed('${denial}'${isPython3 ? '' : ','})`)
  const role = outcome.kind === 'role' ? outcome.row : undefined
  const session = { node: target.name, role, keyspace: undefined, consistency: 'ONE' as const }
  return { ok: true, session, node: target, address: options.host }
}

type Target = NodeState | 'refused' | 'timeout' | 'unknown'

function findTarget(world: World, context: ProgramContext, options: CqlshOptions): Target {
  const from = context.host.name
  if (isLoopback(options.host)) {
    const own = findNode(world, from)
    const isOpen =
      own?.isServingCql === true &&
      (isLoopback(own.config?.rpcAddress ?? '') || own.config?.rpcAddress === '0.0.0.0')
    return isOpen && own?.config?.nativePort === options.port ? own : 'refused'
  }
  const byAddress = world.hosts.find(
    ({ address }) => address.private === options.host || address.public === options.host,
  )
  const spec =
    byAddress ?? world.hosts.find(({ name }) => name === context.host.network.find(options.host)?.name)
  if (spec === undefined) return /^[\d.]+$/.test(options.host) ? 'timeout' : 'unknown'
  const address = byAddress === undefined ? spec.address.private : options.host
  if (spec.name !== from && !hasRoute(world, { from, to: spec.name, address })) return 'timeout'
  const node = findNode(world, spec.name)
  const rpc = node?.config?.rpcAddress ?? ''
  const isOpen =
    rpc === '0.0.0.0' || rpc === address || (address === spec.address.public && rpc === spec.address.private)
  return node?.isServingCql === true && isOpen && node.config?.nativePort === options.port ? node : 'refused'
}

function hasRoute(world: World, path: { from: string; to: string; address: string }): boolean {
  const isOutsider = !world.hosts.some((host) => host.name === path.from)
  if (isOutsider) return true
  return (
    hasNetwork(world, path.from, path.to) &&
    hasNetwork(world, path.to, path.from) &&
    reachesAddress(world, path)
  )
}

function refuseTls(node: NodeState, options: CqlshOptions): string | undefined {
  const tls = node.config?.clientTls
  const isPython3 = selectTraits(node.version).isModern
  if (tls?.enabled !== true) {
    if (!options.ssl) return undefined
    const reason = isPython3
      ? '[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1123)'
      : '[SSL: UNKNOWN_PROTOCOL] unknown protocol (_ssl.c:590)'
    return `error(1, "Tried connecting to [('${options.host}', ${options.port})]. Last error: ${reason}")`
  }
  if (!options.ssl)
    return tls.optional
      ? undefined
      : `ConnectionShutdown('Connection to ${options.host} was closed'${isPython3 ? '' : ','})`
  if (options.certificates.validate && !options.certificates.certfile) {
    return `error(1, "Tried connecting to [('${options.host}', ${options.port})]. Last error: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")`
  }
  const hasClientCertificate = options.certificates.userkey && options.certificates.usercert
  if (tls.requireClientAuth && !hasClientCertificate) {
    return `error(1, "Tried connecting to [('${options.host}', ${options.port})]. Last error: [SSL: SSLV3_ALERT_BAD_CERTIFICATE] sslv3 alert bad certificate")`
  }
  return undefined
}

/** The server's words on a login that it refused. */
function formatDenial(node: NodeState, options: CqlshOptions, outcome: LoginOutcome): string | undefined {
  const traits = selectTraits(node.version)
  if (outcome.kind === 'anonymous' || outcome.kind === 'role') return undefined
  if (outcome.kind === 'credentials-required') return 'Remote end requires authentication.'
  const prefix = `Failed to authenticate to ${options.host}: ${traits.hasSchemaKeyspace ? 'Error from server: ' : ''}code=0100 [Bad credentials] message=`
  if (outcome.kind === 'unavailable') {
    const text = `Cannot achieve consistency level ${outcome.consistency}`
    const message = traits.isModern
      ? `Unable to perform authentication: ${text}`
      : `org.apache.cassandra.exceptions.UnavailableException: ${text}`
    return `${prefix}"${message}"`
  }
  if (outcome.kind === 'login-forbidden') return `${prefix}"${options.user ?? ''} is not permitted to log in"`
  const words = traits.hasSchemaKeyspace
    ? `Provided username ${options.user ?? ''} and/or password are incorrect`
    : 'Username and/or password are incorrect'
  return `${prefix}"${words}"`
}

function formatRefused(options: CqlshOptions, isPython3: boolean): string {
  const kind = isPython3 ? 'ConnectionRefusedError' : 'error'
  return `${kind}(111, "Tried connecting to [('${options.host}', ${options.port})]. Last error: Connection refused")`
}

function formatRefusal(options: CqlshOptions, isPython3: boolean, cause: string): string {
  const server = isPython3 ? `${options.host}:${options.port}` : options.host
  return `Connection error: ('Unable to connect to any servers', {'${server}': ${cause}})`
}
