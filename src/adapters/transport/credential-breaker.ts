import { createHash } from 'node:crypto'
import type { SecretValue } from '../../engine/ports/secrets.ts'

/** Where one secret comes from; everything that has the same `name` shares its fate. */
export type CredentialSource = {
  readonly name: string
  readonly resolve: (rejected: boolean) => Promise<SecretValue>
  /** Forget the value at its source. */
  readonly reject: () => void
}

/** A value that may be sent once; `settle` must be called with what came of it. */
export type CredentialLease = {
  readonly ok: true
  readonly value: string
  readonly settle: (result: 'accepted' | 'rejected' | 'unknown') => void
}
export type CredentialRefusal = { readonly ok: false; readonly reason: string; readonly hint: string }

/** Guards secrets against being sent again after a refusal, anywhere; see {@link buildCredentialBreaker}. */
export type CredentialBreaker = {
  readonly take: (source: CredentialSource) => Promise<CredentialLease | CredentialRefusal>
}

type Entry = {
  proven: string | undefined
  wasRejected: boolean
  testing: Promise<CredentialRefusal | undefined> | undefined
  /** Digests of refused values: a source that gives one again is not believed. */ readonly refused: Set<string>
}

/**
 * Builds the one breaker of a process. A value not yet proven is leased to one taker; the others wait for its
 * result. Once a host refuses a value, nobody gets it again: the next taker makes the source ask anew, and a
 * source that repeats a refused value is treated as having none.
 */
export function buildCredentialBreaker(): CredentialBreaker {
  const entries = new Map<string, Entry>()
  return {
    take: async (source) => {
      const entry = entries.get(source.name) ?? buildEntry()
      entries.set(source.name, entry)
      for (;;) {
        if (entry.proven !== undefined) return leaseProven(entry, source, entry.proven)
        if (entry.testing === undefined) return leaseNew(entry, source)
        const refusal = await entry.testing
        if (refusal !== undefined) return refusal
      }
    },
  }
}

function buildEntry(): Entry {
  return { proven: undefined, wasRejected: false, testing: undefined, refused: new Set() }
}

async function leaseNew(
  entry: Entry,
  source: CredentialSource,
): Promise<CredentialLease | CredentialRefusal> {
  const { promise, resolve } = Promise.withResolvers<CredentialRefusal | undefined>()
  entry.testing = promise
  const finish = (refusal?: CredentialRefusal) => {
    entry.testing = undefined
    resolve(refusal)
  }
  let answer: SecretValue
  try {
    answer = await source.resolve(entry.wasRejected)
  } catch (error) {
    finish()
    throw error
  }
  const refusal = judgeAnswer(entry, source, answer)
  if (refusal !== undefined || !answer.ok) {
    finish(refusal)
    return refusal ?? { ok: false, reason: 'no secret', hint: '' }
  }
  return lease(entry, source, { value: answer.value, finish: () => finish() })
}

function judgeAnswer(
  entry: Entry,
  source: CredentialSource,
  answer: SecretValue,
): CredentialRefusal | undefined {
  if (!answer.ok) return { ok: false, reason: answer.reason, hint: answer.hint }
  if (!entry.refused.has(digest(answer.value))) return undefined
  return {
    ok: false,
    reason: `${source.name} was refused before; the same value is never sent again`,
    hint: `Correct the source of ${source.name}, then try again.`,
  }
}

function leaseProven(entry: Entry, source: CredentialSource, value: string): CredentialLease {
  return lease(entry, source, { value, finish: () => {} })
}

function lease(
  entry: Entry,
  source: CredentialSource,
  given: { value: string; finish: () => void },
): CredentialLease {
  let settled = false
  return {
    ok: true,
    value: given.value,
    settle: (result) => {
      if (settled) return
      settled = true
      const known = entry.refused.has(digest(given.value))
      if (result === 'accepted' && !known) entry.proven = given.value
      if (result === 'rejected' && !known) {
        entry.refused.add(digest(given.value))
        entry.wasRejected = true
        if (entry.proven === given.value) entry.proven = undefined
        source.reject()
      }
      given.finish()
    },
  }
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}
