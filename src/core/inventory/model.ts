import type { Diagnostic } from '../base/diagnostic.ts'
import type { Digest, HostName } from '../base/ids.ts'
import type { Expression, Template, Value } from '../expr/value.ts'

/** A validated inventory. Order of hosts is document order and decides the order of work. */
export type Inventory = {
  readonly path: string
  readonly sha256: Digest
  readonly name: string
  readonly environment: { readonly name: string; readonly level: EnvironmentLevel }
  readonly vars: { readonly [key: string]: Value }
  readonly connection: ConnectionOptions
  readonly datacenters: readonly Datacenter[]
  readonly hosts: readonly Host[]
  readonly secrets: ReadonlyMap<string, SecretSource>
  /** Paths of rule files, relative to the inventory. */
  readonly ruleFiles: readonly string[]
  readonly waivers: readonly Waiver[]
}

export type EnvironmentLevel = 'lab' | 'test' | 'production'
export type Datacenter = {
  readonly name: string
  readonly racks: readonly string[]
  readonly vars: { readonly [key: string]: Value }
}

export type Host = {
  readonly name: HostName
  readonly dc?: string
  readonly rack?: string
  readonly address: { readonly private?: string; readonly public?: string }
  readonly fqdn?: string
  /** Connection options with the inventory's defaults applied. */
  readonly ssh: ConnectionOptions
  readonly roles: { readonly [role: string]: { readonly [flag: string]: Value } }
  readonly tags: readonly string[]
  readonly vars: { readonly [key: string]: Value }
}

export type ConnectionOptions = {
  /** Address or SSH alias to dial; default: private address, else public, else fqdn, else the host's name. */
  readonly host?: string
  readonly user?: string
  readonly port?: number
  readonly identity?: string
  readonly knownHosts?: string
  readonly jump?: string
  /** `ssh2` unless told; `local` runs on the operator's machine. */
  readonly transport?: 'ssh2' | 'openssh' | 'local'
  /** Name of a secret, without `secret:`. */
  readonly password?: string
  readonly passphrase?: string
  readonly sudo?: { /** Name of a secret. */ readonly password?: string }
  /** Preferred base directory of remote jobs. */
  readonly base?: string
}

export type SecretSource =
  | { readonly kind: 'prompt'; readonly prompt: string }
  | { readonly kind: 'env'; readonly variable: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'keychain'; readonly item: string }
  | { readonly kind: 'command'; readonly command: string }

export type Waiver = {
  readonly rule: string
  readonly reason: string
  readonly by: string
  /** ISO date; the last day it holds. */ readonly until: string
}

/** One rule of a rule file: data, evaluated before any host is touched. */
export type Rule = {
  readonly id: string
  readonly severity: 'error' | 'warning'
  /** File names of the runbooks it is for; absent: all. */
  readonly runbooks?: readonly string[]
  /** List expression; `it` is each item in `assert` and `message`. */
  readonly each?: Expression
  readonly assert: Expression
  readonly message: Template
  /** The sentence of the documentation that it enforces. */
  readonly source: string
  readonly waivable: boolean
  readonly file: string
  readonly line: number
}

export type RuleFinding = {
  readonly rule: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly source: string
  /** Set when a waiver turned an error into a warning. */
  readonly waiver?: Waiver
  readonly diagnostic: Diagnostic
}
