import { buildSecretVariants } from './secret-variants.ts'
import { encodeUtf8 } from './utf8.ts'

/** A shorter value would be found by chance all over the output, and would be guessed from where it is missing. */
export const MIN_SECRET_LENGTH = 6

/** A secret's name, which is shown in its place, and its value, which never is. */
export type NamedSecret = { readonly name: string; readonly value: string }

/** A secret that cannot be masked by value, and why; the person must be told. */
export type MaskRefusal = { readonly name: string; readonly reason: string }

/** Masks a stream that comes in chunks; holds back as many bytes as the longest form of a secret has. */
export type StreamMasker = {
  readonly feed: (bytes: Uint8Array) => Uint8Array
  /** Ends the stream and gives what was held back. */
  readonly flush: () => Uint8Array
}

/** Replaces secrets by `[secret:NAME]` wherever they turn up, in any of their usual encodings. */
export type Masker = {
  readonly mask: (text: string) => string
  readonly createStreamMasker: () => StreamMasker
  readonly refused: readonly MaskRefusal[]
}

type Needle = { readonly text: string; readonly token: string }
type Match = { readonly start: number; readonly needle: Needle }

/** Makes a masker for these secrets; the search is literal, and what matches overlap is masked as a whole. */
export function createMasker(secrets: readonly NamedSecret[]): Masker {
  const usable = secrets.filter((secret) => secret.value.length >= MIN_SECRET_LENGTH)
  const needles = usable.flatMap((secret) =>
    buildSecretVariants(secret.value, MIN_SECRET_LENGTH).map((text) => ({
      text,
      token: `[secret:${secret.name}]`,
    })),
  )
  const byteNeedles = needles.map(({ text, token }) => ({
    text: toByteText(encodeUtf8(text)),
    token: toByteText(encodeUtf8(token)),
  }))
  return {
    mask: (text) => {
      const state = createState()
      return step(state, text, needles) + finish(state, needles)
    },
    createStreamMasker: () => {
      const state = createState()
      return {
        feed: (bytes) => toBytes(step(state, toByteText(bytes), byteNeedles)),
        flush: () => toBytes(finish(state, byteNeedles)),
      }
    },
    refused: secrets
      .filter((secret) => secret.value.length < MIN_SECRET_LENGTH)
      .map(({ name }) => ({
        name,
        reason: `it is shorter than ${MIN_SECRET_LENGTH} characters, too short to be masked in output`,
      })),
  }
}

/** `held`: not yet decided; its first `covered` characters belong to a match that was already replaced. */
type State = { held: string; covered: number }

function createState(): State {
  return { held: '', covered: 0 }
}

function step(state: State, text: string, needles: readonly Needle[]): string {
  const longest = needles.reduce((length, needle) => Math.max(length, needle.text.length), 1)
  state.held += text
  // Whether a match starts before this place is known, whatever comes next.
  return release(state, needles, state.held.length - longest + 1)
}

function finish(state: State, needles: readonly Needle[]): string {
  return release(state, needles, state.held.length)
}

function release(state: State, needles: readonly Needle[], decided: number): string {
  if (decided <= 0) return ''
  let out = ''
  let position = state.covered
  for (const { start, needle } of selectMatches(state.held, needles, decided)) {
    if (start >= position) {
      out += state.held.slice(position, start) + needle.token
    }
    position = Math.max(position, start + needle.text.length)
  }
  if (position < decided) {
    out += state.held.slice(position, decided)
    position = decided
  }
  state.held = state.held.slice(decided)
  state.covered = position - decided
  return out
}

/** All matches that start before `decided`, overlapping ones included; of those with one start the longest first. */
function selectMatches(text: string, needles: readonly Needle[], decided: number): readonly Match[] {
  const matches: Match[] = []
  for (const needle of needles) {
    let start = text.indexOf(needle.text)
    while (start !== -1 && start < decided) {
      matches.push({ start, needle })
      start = text.indexOf(needle.text, start + 1)
    }
  }
  return matches.toSorted((a, b) => a.start - b.start || b.needle.text.length - a.needle.text.length)
}

/** One character for each byte, so that bytes can be searched with the engine's own string search. */
function toByteText(bytes: Uint8Array): string {
  let out = ''
  for (let start = 0; start < bytes.length; start += 4096) {
    out += String.fromCharCode(...bytes.subarray(start, start + 4096))
  }
  return out
}

function toBytes(byteText: string): Uint8Array {
  const bytes = new Uint8Array(byteText.length)
  for (let index = 0; index < byteText.length; index++) bytes[index] = byteText.charCodeAt(index)
  return bytes
}
