import type { HostName } from '../../core/base/ids.ts'
import type { Host } from '../../core/inventory/model.ts'

/**
 * Reaches hosts. One implementation serves every transport kind by choosing per host; `connect` is idempotent
 * and shares one connection per host and identity.
 *
 * An implementation guarantees: the host key was checked before any credential was sent; a rejected secret is
 * never sent twice; nothing is retried once a byte of a request may have left; a lost connection is told as
 * `lost`, never as an exit.
 */
export type Transport = {
  readonly connect: (host: Host, options: ConnectOptions) => Promise<Connected>
  /** Closes idle connections; running execs are ended. */
  readonly close: () => Promise<void>
}

export type ConnectOptions = {
  readonly signal?: AbortSignal
  /** Default 20 s for dns, tcp, kex and auth together; prompts do not count. */ readonly timeoutMs?: number
}

export type Connected =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly failure: ConnectFailure }

/** Why a host could not be reached; `retryable` says whether trying again unasked is harmless. */
export type ConnectFailure = {
  readonly kind:
    | 'unreachable'
    | 'host-key-new'
    | 'host-key-changed'
    | 'host-key-revoked'
    | 'auth'
    | 'protocol'
    | 'cancelled'
  readonly phase: 'resolve' | 'connect' | 'handshake' | 'host-key' | 'auth' | 'session'
  readonly retryable: boolean
  /** One sentence, safe to show; it names host, port and, for host keys, file and line. */
  readonly message: string
  readonly hint?: string
  /** `SHA256:…` of the key that the host showed. */
  readonly fingerprint?: string
}

/** A connection to one host, as one user. */
export type Session = {
  readonly host: HostName
  /** `SHA256:…`; absent for `local`. */
  readonly hostKey?: string
  readonly exec: (request: ExecRequest) => ExecHandle
  /** One HTTP exchange through the connection (`direct-tcpip`), or directly for `local`. */
  readonly http: (request: HttpRequest) => Promise<HttpOutcome>
  /** Resolves once the connection is gone, with the reason in words. */
  readonly closed: Promise<string>
  readonly close: () => void
}

/** Runs the constant command `exec /bin/sh -s` with `input` on its standard input (then end of input). */
export type ExecRequest = {
  /** The whole standard input; secrets stand in it and nowhere else. */
  readonly input: string | Uint8Array
  /** Become this user by sudo first; the password is given only after a nonce prompt. */
  readonly as?: string
  /** Raw bytes in order; a returned promise is awaited before more is read (back-pressure on both streams). */
  readonly onStdout?: (chunk: Uint8Array) => void | Promise<void>
  readonly onStderr?: (chunk: Uint8Array) => void | Promise<void>
  /** Ends the exec by closing the channel; the outcome is then `lost` with reason `cancelled`. */
  readonly signal?: AbortSignal
  /** Give the command a terminal (interactive steps only). */
  readonly pty?: { readonly columns: number; readonly rows: number; readonly term: string }
}

export type ExecHandle = {
  /** Resolves once the channel is open and the request's first byte may have been sent. */
  readonly started: Promise<{ readonly sent: boolean }>
  readonly outcome: Promise<ExecOutcome>
  /** Only with `pty`: bytes from the person's keyboard, and a new window size. */
  readonly write: (bytes: Uint8Array) => void
  readonly resize: (columns: number, rows: number) => void
}

export type ExecOutcome =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** `sent: false` proves that nothing of the request reached the host. */
  | { readonly kind: 'lost'; readonly sent: boolean; readonly reason: string }
  /** sudo refused: wrong password, not allowed, none given. Nothing of `input` was sent. */
  | { readonly kind: 'elevation-failed'; readonly reason: string }

export type HttpRequest = {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string
  /** PEM text of an own authority. */
  readonly ca?: string
  readonly timeoutMs: number
  readonly maxBodyBytes?: number
  readonly signal?: AbortSignal
}

export type HttpOutcome =
  | {
      readonly kind: 'replied'
      readonly status: number
      readonly headers: readonly (readonly [string, string])[]
      readonly body: Uint8Array
    }
  /** No HTTP reply; `sent: false` proves that the request never left. */
  | { readonly kind: 'no-reply'; readonly sent: boolean; readonly reason: string; readonly hint?: string }
