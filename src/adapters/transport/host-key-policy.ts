import type { HostName } from '../../core/base/ids.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { ConnectFailure } from '../../engine/ports/transport.ts'
import type { Budget } from './budget.ts'
import { appendKnownHost } from './known-hosts-files.ts'
import { checkHostKey, formatFingerprint, isCertificateOnly, lookupName } from './known-hosts.ts'
import type { KnownHostEntry } from './known-hosts.ts'
import type { Hop } from './target.ts'

export type HostKeyDeps = {
  readonly prompter: Prompter
  readonly readKnownHosts: (files: readonly string[]) => Promise<KnownHostEntry[]>
  /** Our own file, which new keys are written to. */ readonly knownHostsFile: string
}

export type HostKeyPolicy = (
  hop: Hop,
  given: { readonly host: HostName; readonly blob: Buffer; readonly budget: Budget },
) => Promise<ConnectFailure | undefined>

/**
 * Builds the one judge of host keys: known passes, changed and revoked are refused with file and line, new is
 * shown to a person, and without an answer refused. One question at a time, and none twice for one name.
 */
export function buildHostKeyPolicy(deps: HostKeyDeps): HostKeyPolicy {
  let turn: Promise<unknown> = Promise.resolve()
  return async (hop, given) => {
    const first = await judge(hop, given.blob, deps)
    if (first !== 'new') return first
    const asked = turn.then(() => given.budget.pauseWhile(() => askForNew(hop, given, deps)))
    turn = asked.catch(() => {})
    return asked
  }
}

async function judge(hop: Hop, blob: Buffer, deps: HostKeyDeps): Promise<ConnectFailure | undefined | 'new'> {
  const entries = await deps.readKnownHosts(hop.knownHostsFiles)
  const verdict = checkHostKey(entries, hop.knownAs, { type: readType(blob), blob })
  if (verdict.kind === 'known') return undefined
  if (verdict.kind === 'new') return 'new'
  const fingerprint = formatFingerprint(blob)
  const place = `${verdict.entry.file}:${verdict.entry.line}`
  const refused = { phase: 'host-key', retryable: false, fingerprint } as const
  if (verdict.kind === 'revoked')
    return {
      ...refused,
      kind: 'host-key-revoked',
      message: `${describe(hop)} shows the key ${fingerprint}, which ${place} marks as revoked`,
      hint: 'Do not connect. Ask the owner of the host for its present key.',
    }
  return {
    ...refused,
    kind: 'host-key-changed',
    message: `${describe(hop)} shows the ${readType(blob)} key ${fingerprint}, but ${place} holds another (${formatFingerprint(verdict.entry.blob)})`,
    hint: `If the host was rebuilt, confirm the new fingerprint with its owner by another way, then remove the line: ssh-keygen -R '${lookupName(hop.knownAs)}' -f ${verdict.entry.file}`,
  }
}

async function askForNew(
  hop: Hop,
  given: { readonly host: HostName; readonly blob: Buffer },
  deps: HostKeyDeps,
): Promise<ConnectFailure | undefined> {
  // While this one waited its turn, the same key may have been accepted for another connection.
  const again = await judge(hop, given.blob, deps)
  if (again !== 'new') return again
  const entries = await deps.readKnownHosts(hop.knownHostsFiles)
  const { blob } = given
  const verdict = checkHostKey(entries, hop.knownAs, { type: readType(blob), blob })
  const fingerprint = formatFingerprint(blob)
  const covered = isCertificateOnly(entries, hop.knownAs)
  const trusted = covered
    ? false
    : await deps.prompter.confirmHostKey({
        host: given.host,
        address: `${hop.hostname}:${hop.port}`,
        keyType: readType(blob),
        fingerprint,
        sameKeyAs: verdict.kind === 'new' ? verdict.sameKeyAs : [],
      })
  if (trusted === true) {
    const problem = await appendKnownHost(deps.knownHostsFile, {
      name: lookupName(hop.knownAs),
      type: readType(blob),
      blob,
    })
    if (problem === undefined) return undefined
    return failNew(
      hop,
      fingerprint,
      `the trusted key could not be stored in ${deps.knownHostsFile}: ${problem}`,
    )
  }
  if (covered)
    return failNew(
      hop,
      fingerprint,
      'its name is covered by a certificate authority, which only the openssh transport can check',
    )
  return failNew(
    hop,
    fingerprint,
    trusted === false ? 'the key was not trusted' : 'nobody was there to compare the fingerprint',
  )
}

function failNew(hop: Hop, fingerprint: string, why: string): ConnectFailure {
  return {
    kind: 'host-key-new',
    phase: 'host-key',
    retryable: false,
    fingerprint,
    message: `${describe(hop)} is not in any known_hosts file (its key is ${fingerprint}): ${why}`,
    hint: 'Compare the fingerprint with the one that the owner of the host gives, then connect interactively or add the key to known_hosts.',
  }
}

function describe(hop: Hop): string {
  return `${hop.label} (${hop.hostname}:${hop.port})`
}

function readType(blob: Buffer): string {
  return blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1')
}
