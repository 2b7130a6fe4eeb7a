/** What a probe says of a host; inconclusive means that it cannot be told. */
export type Verdict = 'pass' | 'fail' | 'inconclusive'
