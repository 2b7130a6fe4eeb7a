import type { Digest, HostName } from '../base/ids.ts'
import type { Verdict } from '../check/verdict.ts'

/** The result of one probe on one host (or prober), small enough for the journal; more stands in evidence. */
export type CheckResult = {
  /** `ProbeWork.index`. */
  readonly index: number
  readonly verb: 'check' | 'verify' | 'require'
  readonly verdict: Verdict
  readonly warn?: boolean
  readonly prober?: HostName
  readonly expected?: string
  readonly actual?: string
  /** One sentence. */
  readonly reason?: string
  /** The prober could not be reached at all. */
  readonly unreachable?: boolean
  readonly exitCode?: number
  readonly evidence?: Digest
}
