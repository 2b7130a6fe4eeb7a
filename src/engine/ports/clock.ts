/**
 * Time, delays and randomness. Exists so that a simulated world can run the same engine under a seed.
 * `monoMs` never goes back; `wallMs` is for display only. `sleep` resolves early when `signal` aborts.
 */
export type Clock = {
  readonly wallMs: () => number
  readonly monoMs: () => number
  readonly sleep: (durationMs: number, signal?: AbortSignal) => Promise<void>
  /** A fresh random token of lower-case letters and digits, for ids and nonces. */
  readonly randomToken: (length: number) => string
}
