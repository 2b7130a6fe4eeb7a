import { Transform } from 'node:stream'
import type { TransformCallback } from 'node:stream'

/** Digits of the exit code in a trailer: fixed, so that its length is known before it comes. */
const CODE_DIGITS = 3

/** Two markers, each in two halves, so that a message that quotes the command is not mistaken for one. */
export type TrailerNonces = {
  readonly begin: readonly [string, string]
  readonly end: readonly [string, string]
}

/**
 * Wraps a command line so that standard error tells when it begins and with which code it ended, and `ssh` itself
 * ends with 0: exit 255 of OpenSSH's client means a lost connection, a signal, or a command that ended with 255.
 */
export function wrapWithTrailer(command: string, nonces: TrailerNonces): string {
  const begin = `printf %s%s ${nonces.begin.join(' ')} >&2`
  const end = `printf %s%s%03d ${nonces.end.join(' ')} $? >&2`
  return `exec /bin/sh -c '${begin}; eval "$1"; ${end}' sh ${quote(command.replace(/^exec /, ''))}`
}

/** A stream without the marker; `found` resolves with the digits behind it. */
export type MarkerFilter = {
  readonly stream: Transform
  readonly found: Promise<string>
  readonly digits: () => string | undefined
}

/** The filter for the begin of a wrapped command. */
export function buildBeginFilter(nonces: TrailerNonces): MarkerFilter {
  return buildMarkerFilter(nonces.begin.join(''), 0)
}

/** The filter for the end of a wrapped command; its digits are the exit code. */
export function buildEndFilter(nonces: TrailerNonces): MarkerFilter {
  return buildMarkerFilter(nonces.end.join(''), CODE_DIGITS)
}

function buildMarkerFilter(text: string, digits: number): MarkerFilter {
  const marker = Buffer.from(text)
  const length = marker.length + digits
  const { promise: found, resolve } = Promise.withResolvers<string>()
  let held: Buffer = Buffer.alloc(0)
  let told: string | undefined
  const stream = new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      if (told !== undefined) return done(null, chunk)
      const all = Buffer.concat([held, chunk])
      const at = all.indexOf(marker)
      const isWhole = at >= 0 && all.length >= at + length
      if (isWhole) {
        told = all.subarray(at + marker.length, at + length).toString()
        resolve(told)
      }
      // Until the marker is whole, no more is held back than could be its beginning.
      const keep = isWhole ? 0 : Math.min(all.length, length - 1)
      held = all.subarray(all.length - keep)
      const rest = isWhole
        ? Buffer.concat([all.subarray(0, at), all.subarray(at + length)])
        : all.subarray(0, all.length - keep)
      if (rest.length > 0) this.push(rest)
      done()
    },
    flush(done: TransformCallback) {
      if (held.length > 0) this.push(held)
      done()
    },
  })
  return { stream, found, digits: () => told }
}

/** Single-quoted for every login shell: the lines wrapped here hold no `!` and no backslash. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`
}
