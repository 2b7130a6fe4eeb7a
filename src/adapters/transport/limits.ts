/** Bounds of all transports; each may be replaced in tests through `TransportOptions.limits`. */
export type TransportLimits = {
  readonly connectTimeoutMs: number
  readonly resolveTimeoutMs: number
  readonly dialTimeoutMs: number
  readonly keepaliveIntervalMs: number
  readonly keepaliveCount: number
  readonly channelsPerConnection: number
  readonly handshakesPerGate: number
  readonly httpBodyBytes: number
}

/** The values that hold unless a test replaces them. */
export const TRANSPORT_LIMITS: TransportLimits = {
  /** Milliseconds for dns, tcp, key exchange and authentication together; time spent in prompts is not counted. */
  connectTimeoutMs: 20_000,
  /** Milliseconds for one name: dead resolvers otherwise hold all four of Node's lookup threads. */
  resolveTimeoutMs: 5_000,
  /** Milliseconds for one TCP connection: longer than three SYN retransmissions (1 + 2 + 4 s). */
  dialTimeoutMs: 10_000,
  /** Milliseconds between keepalives; 10 s × 3 notices a dead link within 40 s and survives short stalls. */
  keepaliveIntervalMs: 10_000,
  keepaliveCount: 3,
  /** Channels at once; OpenSSH's MaxSessions is 10 by default, two are left for other tools. */
  channelsPerConnection: 8,
  /** Handshakes at once through one jump host or to one address; OpenSSH's MaxStartups begins to drop at 10. */
  handshakesPerGate: 8,
  /** Bytes of an HTTP reply kept unless the request says otherwise. */
  httpBodyBytes: 8 * 1024 * 1024,
}
