import type { Host } from '../../core/inventory/model.ts'
import type { ConnectFailure, Session } from '../ports/transport.ts'

/** The way to one host: connects when needed, notices a lost line, and waits for it to come back. */
export type HostLink = {
  readonly host: Host
  /** A session, reconnecting for at most `reconnectMs` if the line was lost before. */
  readonly open: (reconnectMs: number, options?: OpenOptions) => Promise<Opened>
  /** Fingerprint of the key that the host showed; absent before the first contact and for the own machine. */
  readonly hostKey: () => string | undefined
  /** Tells that the line was lost while something ran over it. */
  readonly lose: (reason: string) => Promise<void>
  /** Tells that something that ran over the line came to its end there: it is good for more than a connection. */
  readonly carried: () => void
  /** Ends the pause before the next attempt, if there is one. */
  readonly tryNow: () => void
  /** Ends the wait now and for whatever else needs the host, in words why, until it is back or `waitAgain`. */
  readonly giveUp: (why: string) => void
  readonly isGivenUp: () => boolean
  /** A new try of something at this host: it is worth a wait again. */
  readonly waitAgain: () => void
}

/** `isPatient`: wait for the host even if there was no contact in this session, since something of ours may run there. */
export type OpenOptions = { readonly isPatient?: boolean }

export type Opened =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly failure: ConnectFailure }
