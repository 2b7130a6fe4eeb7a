import type { Host } from '../../core/inventory/model.ts'
import type { KnownHostName } from './known-hosts.ts'

/** One SSH server to log in to: a jump host or the target itself, fully resolved. */
export type Hop = {
  /** For messages: the inventory's name, or what was written for a jump host. */ readonly label: string
  /** What `ssh` is to be called with: an alias of the user's, or the address. */ readonly alias: string
  readonly hostname: string
  readonly port: number
  readonly user: string
  readonly knownAs: KnownHostName
  /** Own file first. */ readonly knownHostsFiles: readonly string[]
  /** Paths of private keys, pinned one first. */ readonly identities: readonly string[]
  /** The key that the inventory names. */ readonly pinned?: string
  readonly identitiesOnly: boolean
  readonly agentSocket?: string
  /** Name of the secret with the login password. */ readonly password?: string
  /** Name of the secret with the keys' passphrase. */ readonly passphrase?: string
}

/** How to reach a host, and why so. */
export type Target = {
  readonly host: Host
  readonly kind: 'ssh2' | 'openssh' | 'local'
  /** Jump hosts in order, then the target; empty for `local`. */ readonly hops: readonly Hop[]
  /** What a person may want to know about the choice. */ readonly notes: readonly string[]
}

/** `user@host:port` of a hop, for messages. */
export function formatHop(hop: Hop): string {
  return `${hop.user}@${hop.hostname}:${hop.port}`
}
