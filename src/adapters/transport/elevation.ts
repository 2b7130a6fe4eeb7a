import type { CredentialBreaker, CredentialLease, CredentialSource } from './credential-breaker.ts'

/** User names that may stand in a command line; POSIX portable names, with `$` last as Samba has it. */
const USER_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}\$?$/
/** Bytes of sudo's talk that are kept for the reason; lectures are about 400. */
const TALK_BYTES = 64 * 1024

export type Nonces = { readonly prompt: string; readonly readyA: string; readonly readyB: string }

/** Whether `user` is a name that may be handed to sudo. */
export function isUserName(user: string): boolean {
  return USER_NAME.test(user)
}

/** The line to run: a constant shell, perhaps below sudo; with a terminal, a loader that reads the script first. */
export function buildCommand(given: {
  readonly as: string | undefined
  readonly nonces: Nonces
  /** Bytes of the script that the loader reads; `undefined` without a terminal. */
  readonly loadBytes: number | undefined
}): string {
  const { as, nonces, loadBytes } = given
  // The marker is split in two so that a refusal which quotes the command is not mistaken for it.
  const ready = `printf %s%s ${nonces.readyA} ${nonces.readyB}`
  if (loadBytes === undefined && as === undefined) return 'exec /bin/sh -s'
  const shell =
    loadBytes === undefined
      ? `/bin/sh -c '${ready} >&2; exec /bin/sh -s'`
      : `/bin/sh -c 't=$(stty -g); stty raw -echo; ${ready}; s=$(dd bs=1 count=${loadBytes} 2>/dev/null); stty "$t"; unset t; eval "$s"'`
  if (as === undefined) return `exec ${shell}`
  const fromInput = loadBytes === undefined ? '-S ' : ''
  return `exec sudo ${fromInput}-p '[${nonces.prompt}] ' -u ${as} -- ${shell}`
}

/** Reads what comes before the marker; `feed` returns the bytes that belong to the command itself. */
export type Gate = {
  readonly feed: (chunk: Uint8Array) => Promise<Uint8Array | undefined>
  /** What sudo said instead of letting us in; `ours` when we gave up ourselves. */
  readonly refusal: () => { readonly reason: string; readonly ours: boolean }
  readonly passed: Promise<void>
  /** The channel ended: a password that was sent has proved nothing. */ readonly abandon: () => void
}

export type GateGiven = {
  readonly nonces: Nonces
  readonly credential: CredentialSource | undefined
  readonly breaker: CredentialBreaker
  readonly send: (text: string) => void
  readonly giveUp: () => void
}

type GateState = {
  open: boolean
  refusal: string | undefined
  lease: CredentialLease | undefined
  talk: Buffer
}

/**
 * Builds the gate in front of a script: answers sudo's prompts and opens at the marker. A password is sent only
 * after the nonce prompt was seen; a second prompt means that the first answer was wrong, so that one is
 * rejected for good and a new one is asked for.
 */
export function buildGate(given: GateGiven): Gate {
  const { nonces } = given
  const { promise: passed, resolve: pass } = Promise.withResolvers<void>()
  const state: GateState = { open: false, refusal: undefined, lease: undefined, talk: Buffer.alloc(0) }
  const marker = `${nonces.readyA}${nonces.readyB}`
  const prompt = `[${nonces.prompt}] `
  const feed = async (chunk: Uint8Array) => {
    if (state.open) return chunk
    state.talk = Buffer.concat([state.talk, chunk]).subarray(-TALK_BYTES)
    const at = state.talk.indexOf(marker)
    if (at >= 0) {
      state.open = true
      state.lease?.settle('accepted')
      pass()
      return state.talk.subarray(at + marker.length)
    }
    const asked = state.talk.indexOf(prompt)
    if (asked < 0 || state.refusal !== undefined) return undefined
    state.talk = state.talk.subarray(asked + prompt.length)
    await answerPrompt(state, given)
    return undefined
  }
  return {
    feed,
    passed,
    refusal: () => ({ reason: state.refusal ?? describeTalk(state.talk), ours: state.refusal !== undefined }),
    abandon: () => state.lease?.settle('unknown'),
  }
}

async function answerPrompt(state: GateState, given: GateGiven): Promise<void> {
  const wrong = state.lease === undefined ? 'sudo asks for a password' : 'sudo refused the password'
  state.lease?.settle('rejected')
  state.lease = undefined
  const taken = given.credential === undefined ? undefined : await given.breaker.take(given.credential)
  if (taken?.ok === true) {
    state.lease = taken
    given.send(`${taken.value}\n`)
    return
  }
  state.refusal = `${wrong}: ${taken === undefined ? 'none is known' : taken.reason}`
  given.giveUp()
}

function describeTalk(talk: Buffer): string {
  const lines = talk
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
  return lines.findLast((line) => line !== '') ?? 'sudo ended without a word'
}
