import type { HostName } from '../../core/base/ids.ts'

/**
 * Asks the person who drives for what the transports and secrets need. Exists because a connection may need an
 * answer in the middle of a handshake. A headless implementation answers `undefined` to everything: the
 * operation then fails as missing, never hangs.
 */
export type Prompter = {
  /** A hidden answer; asked again only after the earlier one was rejected. */
  readonly askSecret: (question: SecretQuestion) => Promise<string | undefined>
  /** A new host key: trust this fingerprint? `false` or `undefined` refuses. */
  readonly confirmHostKey: (question: HostKeyQuestion) => Promise<boolean | undefined>
  /** Keyboard-interactive prompts that are not a stored password (one-time codes and the like). */
  readonly askInteractive: (question: InteractiveQuestion) => Promise<readonly string[] | undefined>
}

export type SecretQuestion = {
  readonly name: string
  readonly prompt: string
  readonly host?: HostName
  readonly rejected: boolean
  /** Being created: ask twice. */ readonly isNew?: boolean
}
export type HostKeyQuestion = {
  readonly host: HostName
  readonly address: string
  readonly keyType: string
  readonly fingerprint: string
  /** Other names that are known with this key. */ readonly sameKeyAs: readonly string[]
}
export type InteractiveQuestion = {
  readonly host: HostName
  readonly name: string
  readonly instructions: string
  readonly prompts: readonly { readonly text: string; readonly echo: boolean }[]
}
