import type { JavaInfo, NodeState } from './cluster-state.ts'
import type { NodeConfig } from './node-config.ts'
import type { VersionTraits } from './version-traits.ts'
import { hostSpec, traitsOf } from './world.ts'
import type { World } from './world.ts'

/** What the start script refuses before there is a daemon; undefined: it may start. */
export function refuseLaunch(start: {
  readonly traits: VersionTraits
  readonly java: JavaInfo
  readonly isRoot: boolean
  readonly allowRoot: boolean
}): string | undefined {
  if (start.traits.refusesRoot && start.isRoot && !start.allowRoot) {
    return [
      'Running Cassandra as root user or group is not recommended - please start Cassandra using a different system user.',
      'If you really want to force running Cassandra as root, use -R command line option.',
    ].join('\n')
  }
  return refuseJava(start.traits, javaMajor(start.java.version))
}

/** What the daemon's configuration makes impossible on this machine. */
export function refuseBinding(world: World, node: NodeState, config: NodeConfig): string | undefined {
  const own = hostSpec(world, node.name)?.address
  const local = new Set([own?.private, '127.0.0.1'])
  const port =
    config.isInternodeEncrypted && traitsOf(node).hasSeparateTlsPort
      ? config.tlsStoragePort
      : config.storagePort
  if (!local.has(config.listenAddress)) {
    return `Unable to bind to address /${config.listenAddress}:${port}. Set listen_address in cassandra.yaml to an interface you can bind to, e.g., your private IP address on EC2`
  }
  if (!local.has(config.rpcAddress) && config.rpcAddress !== '0.0.0.0') {
    return `Failed to bind port ${config.nativePort} on ${config.rpcAddress}.`
  }
  return undefined
}

/** What contradicts the node's own past. */
export function refusePast(node: NodeState, config: NodeConfig): string | undefined {
  const saved = node.saved
  if (saved === undefined) return undefined
  if (compareMajors(node.version, saved.version) < 0) {
    return `Incompatible SSTable found. Current version ${node.version} is unable to read files written by ${saved.version}. Please run upgradesstables.`
  }
  if (saved.clusterName !== config.clusterName) {
    return `Saved cluster name ${saved.clusterName} != configured name ${config.clusterName}`
  }
  if (saved.dc !== config.dc) return formatMoved('data center', saved.dc, config.dc)
  if (saved.rack !== config.rack) return formatMoved('rack', saved.rack, config.rack)
  if (saved.joined && saved.tokens.length !== config.numTokens) {
    return `Cannot change the number of tokens from ${saved.tokens.length} to ${config.numTokens}`
  }
  return undefined
}

/** 8 of `1.8.0_202`, 17 of `17.0.9`. */
export function javaMajor(version: string): number {
  const [first = '0', second = '0'] = version.split('.')
  return Number.parseInt(first === '1' ? second : first, 10)
}

function refuseJava(traits: VersionTraits, major: number): string | undefined {
  if (traits.javaMajors.includes(major)) return undefined
  if (traits.line === '5.0') return `Unsupported Java ${major}. Supported are ${traits.javaMajors.join(',')}`
  if (traits.isModern)
    return 'Cassandra 4.0 requires either Java 8 (update 151 or newer) or Java 11 (or newer).'
  return [
    "Unrecognized VM option 'UseParNewGC'",
    'Error: Could not create the Java Virtual Machine.',
    'Error: A fatal exception has occurred. Program will exit.',
  ].join('\n')
}

function formatMoved(what: 'data center' | 'rack', before: string, now: string): string {
  const flag = what === 'rack' ? 'ignore_rack' : 'ignore_dc'
  return `Cannot start node if snitch's ${what} (${now}) differs from previous ${what} (${before}). Please fix the snitch configuration, decommission and rebootstrap this node or use the flag -Dcassandra.${flag}=true.`
}

function compareMajors(one: string, other: string): number {
  return Number.parseInt(one, 10) - Number.parseInt(other, 10)
}
