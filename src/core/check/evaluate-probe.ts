import { formatExitCode } from '../base/format-exit-code.ts'
import { formatDuration } from '../base/duration.ts'
import { decodeUtf8 } from '../base/utf8.ts'
import type { Verdict } from './verdict.ts'
import { matchData } from './match-data.ts'
import { matchExact } from './match-exact.ts'
import { matchRegex } from './match-regex.ts'
import { matchText } from './match-text.ts'
import type { Mismatch } from './mismatch.ts'
import { shorten } from './mismatch.ts'

/** How a probe's command ended. `failed`: it could not be started at all (channel refused, no such user). */
export type ProbeEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timed-out'; readonly afterMs: number }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'elevation-failed'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

/** What a probe must print, its expressions filled in. */
export type WantedOutput = {
  readonly match: 'text' | 'exact' | 'regex' | 'json' | 'yaml'
  readonly stream: 'stdout' | 'stderr' | 'both'
  readonly wanted: string
}

export type ProbeFacts = {
  readonly end: ProbeEnd
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** Exit codes that mean "no"; `[1]` unless the probe says otherwise. */
  readonly fail: readonly number[]
  readonly expectations: readonly WantedOutput[]
}

/** What a probe says; `reason` is one sentence without a full stop. All texts are the host's and not yet safe to show. */
export type Evaluation = {
  readonly verdict: Verdict
  readonly expected?: string
  readonly actual?: string
  readonly reason: string
  /** On a pass: the first group of the first `regex` expectation, else trimmed standard output. */
  readonly captured?: string
  /** The prober could not be reached at all; set by whoever asked. */
  readonly unreachable?: boolean
}

/**
 * Decides what a probe says: pass, fail, or inconclusive, which is "cannot tell" and never a guess.
 *
 * Without expectations exit code 0 passes and one of `fail` fails. With expectations exit code 0 is needed, all of
 * them must hold, and one that does not hold fails. Whatever else happens is inconclusive.
 */
export function evaluateProbe(facts: ProbeFacts): Evaluation {
  const { end } = facts
  if (end.kind !== 'exited') return inconclusive(wordEnd(end))
  if (end.code !== 0) return evaluateExitCode(end.code, facts)
  const result = evaluateExpectations(facts.expectations, (stream) => selectStream(facts, stream))
  if (result.verdict !== 'pass') return result
  return { ...result, captured: result.captured ?? decodeUtf8(facts.stdout).text.trim() }
}

/** Decides whether output meets all expectations; `select` gives the bytes of a stream. */
export function evaluateExpectations(
  expectations: readonly WantedOutput[],
  select: (stream: WantedOutput['stream']) => Uint8Array,
): Evaluation {
  let captured: string | undefined
  for (const expectation of expectations) {
    const result = matchOne(expectation, select(expectation.stream))
    if (result.kind === 'invalid') return inconclusive(result.reason)
    if (result.kind === 'mismatched') return fail(result.mismatch)
    captured ??= result.group
  }
  const reason = expectations.length === 0 ? 'exit code 0' : 'the output is as wanted'
  return { verdict: 'pass', reason, ...(captured === undefined ? {} : { captured }) }
}

type MatchResult =
  | { readonly kind: 'matched'; readonly group?: string }
  | { readonly kind: 'mismatched'; readonly mismatch: Mismatch }
  | { readonly kind: 'invalid'; readonly reason: string }

function matchOne({ match, wanted }: WantedOutput, found: Uint8Array): MatchResult {
  if (match === 'exact') return toResult(matchExact(wanted, found))
  const { text, isValid } = decodeUtf8(found)
  const result = matchDecoded(match, wanted, text)
  if (isValid || result.kind !== 'mismatched') return result
  const reason = `${result.mismatch.reason} (the output is not valid UTF-8)`
  return { kind: 'mismatched', mismatch: { ...result.mismatch, reason } }
}

function matchDecoded(match: 'text' | 'regex' | 'json' | 'yaml', wanted: string, found: string): MatchResult {
  if (match === 'text') return toResult(matchText(wanted, found))
  if (match !== 'regex') return matchData(match, wanted, found)
  const result = matchRegex(wanted, found)
  return result.kind === 'invalid'
    ? { ...result, reason: `the expectation is no regular expression: ${result.reason}` }
    : result
}

function toResult(mismatch: Mismatch | undefined): MatchResult {
  return mismatch === undefined ? { kind: 'matched' } : { kind: 'mismatched', mismatch }
}

function evaluateExitCode(exitCode: number, facts: ProbeFacts): Evaluation {
  const said = firstLine(facts.stderr) || firstLine(facts.stdout)
  const reason = said === '' ? formatExitCode(exitCode) : `${formatExitCode(exitCode)}: ${shorten(said)}`
  const codes = { expected: 'exit code 0', actual: formatExitCode(exitCode) }
  return { verdict: facts.fail.includes(exitCode) ? 'fail' : 'inconclusive', ...codes, reason }
}

function selectStream(facts: ProbeFacts, stream: WantedOutput['stream']): Uint8Array {
  if (stream !== 'both') return facts[stream]
  const both = new Uint8Array(facts.stdout.length + facts.stderr.length)
  both.set(facts.stdout)
  both.set(facts.stderr, facts.stdout.length)
  return both
}

function wordEnd(end: Exclude<ProbeEnd, { readonly kind: 'exited' }>): string {
  if (end.kind === 'signalled') return `the probe was ended by signal ${end.signal}`
  if (end.kind === 'timed-out') return `the probe did not end within ${formatDuration(end.afterMs)}`
  if (end.kind === 'elevation-failed') return `the probe could not become its user: ${end.reason}`
  if (end.kind === 'lost') return `the connection was lost: ${end.reason}`
  return `the probe could not be started: ${end.reason}`
}

function fail(mismatch: Mismatch): Evaluation {
  const { expected, actual, reason } = mismatch
  return { verdict: 'fail', expected: shorten(expected), actual: shorten(actual), reason }
}

function inconclusive(reason: string): Evaluation {
  return { verdict: 'inconclusive', reason }
}

function firstLine(bytes: Uint8Array): string {
  return decodeUtf8(bytes.subarray(0, 4096)).text.trim().split('\n', 1)[0] ?? ''
}
