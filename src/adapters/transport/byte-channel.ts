import type { Readable, Writable } from 'node:stream'

/** How the other side ended a channel; `lost` whenever no exit was told. */
export type ChannelEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'lost'; readonly reason: string }

/** One running remote (or local) command as raw bytes: what every transport kind provides to `startExec`. */
export type ByteChannel = {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Never rejects; may come before the streams have been read to their end. */
  readonly ended: Promise<ChannelEnd>
  /** Gives the channel up at once, whatever the other side does. Idempotent. */
  readonly close: () => void
  readonly resize: (columns: number, rows: number) => void
}

export type Terminal = { readonly columns: number; readonly rows: number; readonly term: string }

export type OpenedChannel =
  | { readonly ok: true; readonly channel: ByteChannel }
  /** Nothing of the command reached the other side, or it was refused there. */
  | { readonly ok: false; readonly reason: string }

/** Starts `command`, a line that any login shell understands, and resolves once it is accepted. */
export type OpenChannel = (
  command: string,
  options: { readonly pty?: Terminal; readonly signal?: AbortSignal },
) => Promise<OpenedChannel>
