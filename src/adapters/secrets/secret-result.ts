import type { SecretValue } from '../../engine/ports/secrets.ts'

/** Longest secret in bytes; a key file fits, a mistaken path to a log does not. */
export const MAX_SECRET_BYTES = 64 * 1024

/** A value without the line break that editors and programs put at its end; an empty one is none. */
export function acceptValue(text: string, source: string): SecretValue {
  const value = text.replace(/\r?\n$/, '')
  if (value === '') return refuseSecret(`${source} is empty`, 'Put the value there.')
  if (value.includes('\0')) return refuseSecret(`${source} holds a NUL character`, 'Secrets are text.')
  return { ok: true, value }
}

/** Why there is no value, and what to do; neither ever quotes what was found. */
export function refuseSecret(reason: string, hint: string): SecretValue {
  return { ok: false, reason, hint }
}
