import { parseDocument } from 'yaml'
import { knownYamlKeys } from './known-yaml-keys.ts'
import { parseJavaProperties, parseRackdc } from './rackdc.ts'
import type { VersionTraits } from './version-traits.ts'

/** What a node made of its configuration files when it was started. */
export type NodeConfig = {
  readonly clusterName: string
  readonly numTokens: number
  readonly seeds: readonly string[]
  readonly listenAddress: string
  /** The identity in gossip: `broadcast_address`, else the listen address. */
  readonly broadcastAddress: string
  readonly rpcAddress: string
  readonly nativePort: number
  readonly isNativeEnabled: boolean
  readonly isThriftEnabled: boolean
  readonly thriftPort: number
  readonly storagePort: number
  readonly tlsStoragePort: number
  readonly isInternodeEncrypted: boolean
  readonly clientTls: {
    readonly enabled: boolean
    readonly optional: boolean
    readonly requireClientAuth: boolean
  }
  readonly snitch: string
  readonly dc: string
  readonly rack: string
  readonly preferLocal: boolean
  readonly hasTopologyFile: boolean
  readonly authenticator: string
  readonly authorizer: string
  readonly dataDir: string
  readonly autoBootstrap: boolean
  readonly maxHintWindowMs: number
}

/** The texts of the files and what the machine gives by default. */
export type NodeConfigInput = {
  readonly home: string
  readonly traits: VersionTraits
  readonly machineAddress: string
  readonly read: (path: string) => string | undefined
}

export type NodeConfigResult =
  | { readonly ok: true; readonly config: NodeConfig }
  | { readonly ok: false; readonly message: string }

type Yaml = Readonly<Record<string, unknown>>

/** Reads the configuration as the daemon does at its start; a refusal carries the daemon's own words. */
export function parseNodeConfig(input: NodeConfigInput): NodeConfigResult {
  const url = `file:${input.home}/conf/cassandra.yaml`
  const text = input.read(`${input.home}/conf/cassandra.yaml`)
  if (text === undefined)
    return refuse(`Expecting URI in variable: [cassandra.config]. Found[cassandra.yaml].`)
  const yaml = parseYamlMap(text)
  if (yaml === undefined) return refuse(`Invalid yaml: ${url}`)
  const unknown = Object.keys(yaml).filter((key) => !knownYamlKeys(input.traits.line).has(key))
  if (unknown.length > 0) {
    return refuse(`Invalid yaml. Please remove properties [${unknown.join(', ')}] from your cassandra.yaml`)
  }
  const seeds = selectSeeds(yaml)
  if (seeds === undefined) return refuse(`Invalid yaml: ${url}`)
  if (seeds.length === 0) return refuse('The seed provider lists no seeds.')
  const refusal = refuseAddresses(yaml) ?? refuseAuth(yaml)
  if (refusal !== undefined) return refuse(refusal)
  const store = refuseStores(input, yaml)
  if (store !== undefined) return refuse(store)
  const place = selectPlace(input, yaml)
  if ('message' in place) return refuse(place.message)
  return { ok: true, config: buildConfig({ input, yaml, seeds, place }) }
}

type Place = { dc: string; rack: string; preferLocal: boolean; snitch: string; hasTopologyFile: boolean }

function buildConfig(parts: {
  input: NodeConfigInput
  yaml: Yaml
  seeds: string[]
  place: Place
}): NodeConfig {
  const { input, yaml, seeds, place } = parts
  const listenAddress = toAddress(yaml['listen_address'], input.machineAddress)
  const client = toMap(yaml['client_encryption_options'])
  const server = toMap(yaml['server_encryption_options'])
  const dataDirs = yaml['data_file_directories']
  return {
    clusterName: toText(yaml['cluster_name'], 'Test Cluster'),
    numTokens: toNumber(yaml['num_tokens'], 1),
    seeds,
    listenAddress,
    broadcastAddress: toText(yaml['broadcast_address'], '') || listenAddress,
    rpcAddress: toAddress(yaml['rpc_address'] ?? 'localhost', input.machineAddress),
    nativePort: toNumber(yaml['native_transport_port'], 9042),
    isNativeEnabled: yaml['start_native_transport'] === true,
    isThriftEnabled: input.traits.hasThrift && yaml['start_rpc'] === true,
    thriftPort: toNumber(yaml['rpc_port'], 9160),
    storagePort: toNumber(yaml['storage_port'], 7000),
    tlsStoragePort: toNumber(yaml['ssl_storage_port'], 7001),
    isInternodeEncrypted: toText(server['internode_encryption'], 'none') !== 'none',
    clientTls: {
      enabled: client['enabled'] === true,
      optional: client['optional'] === true,
      requireClientAuth: client['require_client_auth'] === true,
    },
    ...place,
    authenticator: selectClass(yaml['authenticator'], 'AllowAllAuthenticator'),
    authorizer: selectClass(yaml['authorizer'], 'AllowAllAuthorizer'),
    dataDir: Array.isArray(dataDirs) && dataDirs.length > 0 ? String(dataDirs[0]) : `${input.home}/data/data`,
    autoBootstrap: yaml['auto_bootstrap'] !== false,
    maxHintWindowMs: toMilliseconds(yaml['max_hint_window'] ?? yaml['max_hint_window_in_ms'], THREE_HOURS_MS),
  }
}

/** The default of `max_hint_window` in every version. */
const THREE_HOURS_MS = 3 * 60 * 60 * 1000

function refuse(message: string): NodeConfigResult {
  return { ok: false, message }
}

function parseYamlMap(text: string): Yaml | undefined {
  const document = parseDocument(text)
  if (document.errors.length > 0) return undefined
  const value: unknown = document.toJS()
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Yaml) : undefined
}

/** Undefined where the shape is wrong: `-seeds:` without a blank is a key of a map, not an item of a list. */
function selectSeeds(yaml: Yaml): string[] | undefined {
  const provider: unknown = Array.isArray(yaml['seed_provider']) ? yaml['seed_provider'][0] : undefined
  const parameters = toMap(provider)['parameters']
  if (!Array.isArray(parameters)) return undefined
  const seeds = toMap(parameters[0])['seeds']
  if (typeof seeds !== 'string') return []
  return seeds
    .split(',')
    .map((seed) => seed.trim().replace(/:\d+$/, ''))
    .filter((seed) => seed !== '')
}

function refuseAddresses(yaml: Yaml): string | undefined {
  if (yaml['listen_address'] === '0.0.0.0') return 'listen_address cannot be a wildcard address (0.0.0.0)!'
  if (yaml['broadcast_address'] === '0.0.0.0')
    return 'broadcast_address cannot be a wildcard address (0.0.0.0)!'
  const broadcastRpc = yaml['broadcast_rpc_address'] ?? ''
  if (yaml['rpc_address'] === '0.0.0.0' && (broadcastRpc === '' || broadcastRpc === '0.0.0.0')) {
    return 'If rpc_address is set to a wildcard address (0.0.0.0), then you must set broadcast_rpc_address to a value other than 0.0.0.0'
  }
  return undefined
}

const AUTHENTICATORS = ['AllowAllAuthenticator', 'PasswordAuthenticator']
const AUTHORIZERS = ['AllowAllAuthorizer', 'CassandraAuthorizer']

function refuseAuth(yaml: Yaml): string | undefined {
  const authenticator = selectClass(yaml['authenticator'], 'AllowAllAuthenticator')
  const authorizer = selectClass(yaml['authorizer'], 'AllowAllAuthorizer')
  if (!AUTHENTICATORS.includes(authenticator)) {
    return `Unable to find authenticator class 'org.apache.cassandra.auth.${authenticator}'`
  }
  if (!AUTHORIZERS.includes(authorizer)) {
    return `Unable to find authorizer class 'org.apache.cassandra.auth.${authorizer}'`
  }
  if (authenticator === 'AllowAllAuthenticator' && authorizer === 'CassandraAuthorizer') {
    return `${authenticator} can't be used with ${authorizer}`
  }
  return undefined
}

/** Where TLS is asked for, its stores must be there; a relative path is below the installation. */
function refuseStores(input: NodeConfigInput, yaml: Yaml): string | undefined {
  const server = toMap(yaml['server_encryption_options'])
  const client = toMap(yaml['client_encryption_options'])
  const wanted = [
    ...(toText(server['internode_encryption'], 'none') === 'none'
      ? []
      : [server['keystore'], server['truststore']]),
    ...(client['enabled'] === true ? [client['keystore']] : []),
  ]
  const paths = wanted.map((path) => toText(path, 'conf/.keystore'))
  const missing = paths.find(
    (path) => input.read(path.startsWith('/') ? path : `${input.home}/${path}`) === undefined,
  )
  if (missing === undefined) return undefined
  return `Error creating the initializing the SSL Context: java.io.FileNotFoundException: ${missing} (No such file or directory)`
}

const SNITCHES = ['SimpleSnitch', 'GossipingPropertyFileSnitch', 'PropertyFileSnitch']

function selectPlace(input: NodeConfigInput, yaml: Yaml): Place | { message: string } {
  const snitch = selectClass(yaml['endpoint_snitch'], 'SimpleSnitch')
  const hasTopologyFile = input.read(`${input.home}/conf/cassandra-topology.properties`) !== undefined
  if (!SNITCHES.includes(snitch)) {
    return { message: `Unable to find snitch class 'org.apache.cassandra.locator.${snitch}'` }
  }
  if (snitch === 'PropertyFileSnitch') return selectFromTopology(input, yaml)
  if (snitch === 'SimpleSnitch') {
    return { dc: 'datacenter1', rack: 'rack1', preferLocal: false, snitch, hasTopologyFile }
  }
  const rackdc = parseRackdc(input.read(`${input.home}/conf/cassandra-rackdc.properties`) ?? '')
  if (rackdc.dc === '' || rackdc.rack === '') {
    return {
      message:
        'DC or rack not found in snitch properties, check your configuration in: cassandra-rackdc.properties',
    }
  }
  return { ...rackdc, snitch, hasTopologyFile }
}

/** PropertyFileSnitch knows every node by its address in one file. */
function selectFromTopology(input: NodeConfigInput, yaml: Yaml): Place | { message: string } {
  const table = parseJavaProperties(input.read(`${input.home}/conf/cassandra-topology.properties`) ?? '')
  const address =
    toText(yaml['broadcast_address'], '') || toAddress(yaml['listen_address'], input.machineAddress)
  const [dc, rack] = (table.get(address) ?? table.get('default') ?? '').split(':')
  if (dc === undefined || rack === undefined) {
    return { message: 'Unable to read cassandra-topology.properties' }
  }
  return { dc, rack, preferLocal: false, snitch: 'PropertyFileSnitch', hasTopologyFile: true }
}

function selectClass(value: unknown, fallback: string): string {
  const name = typeof value === 'string' ? value : toText(toMap(value)['class_name'], fallback)
  return name.slice(name.lastIndexOf('.') + 1) || fallback
}

function toMap(value: unknown): Yaml {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Yaml) : {}
}

function toText(value: unknown, fallback: string): string {
  return value === undefined || value === null ? fallback : String(value)
}

function toNumber(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}

function toAddress(value: unknown, machineAddress: string): string {
  const text = toText(value, '')
  if (text === '') return machineAddress
  return text === 'localhost' ? '127.0.0.1' : text
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function toMilliseconds(value: unknown, fallback: number): number {
  if (typeof value === 'number') return value
  const match = typeof value === 'string' ? /^(\d+)(ms|s|m|h|d)$/.exec(value) : null
  return match === null ? fallback : Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 1)
}
