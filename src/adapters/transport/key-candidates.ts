import { readFile } from 'node:fs/promises'
import ssh2 from 'ssh2'
import type { IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2'
import type { HostName } from '../../core/base/ids.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { Secrets } from '../../engine/ports/secrets.ts'
import { formatFingerprint } from './known-hosts.ts'
import { isLocked, readPublicHalf, unlockPrivateKey } from './private-key.ts'
import type { Hop } from './target.ts'

/** Times a passphrase is asked for: as often as OpenSSH does (NumberOfPasswordPrompts). */
const PASSPHRASE_TRIES = 3

/** One key to offer. The server is asked with the public half first; only when it agrees is `sign` called. */
export type KeyCandidate = { readonly label: string; readonly publicKey: ParsedKey; readonly sign: SignKey }
type SignKey = (data: Buffer, hash: string | undefined) => Promise<Buffer>

export type KeyDeps = {
  readonly host: HostName
  readonly secrets: Secrets
  readonly prompter: Prompter
  /** Stops the connection's clock while a person is asked. */
  readonly pauseWhile: <T>(ask: () => Promise<T>) => Promise<T>
  /** Opened keys by path, shared by all connections of the process. */ readonly opened: Map<
    string,
    Promise<ParsedKey>
  >
}

/** Lists the keys to offer in OpenSSH's order: the pinned one, the agent's, then key files; nothing else with IdentitiesOnly. */
export async function listKeyCandidates(hop: Hop, deps: KeyDeps): Promise<KeyCandidate[]> {
  const files = (await Promise.all(hop.identities.map((path) => readFileCandidate(path, hop, deps)))).filter(
    (each) => each !== undefined,
  )
  const agents = hop.agentSocket === undefined ? [] : await listAgentKeys(hop.agentSocket)
  const isSame = (a: KeyCandidate, b: KeyCandidate) =>
    a.publicKey.getPublicSSH().equals(b.publicKey.getPublicSSH())
  const heldByAgent = (file: KeyCandidate) => agents.find((agent) => isSame(agent, file))
  const pinned = files
    .filter((file) => file.path === hop.pinned)
    .map((file) => heldByAgent(file) ?? file.candidate)
  const named = files.map((file) => heldByAgent(file.candidate)).filter((each) => each !== undefined)
  const others = hop.identitiesOnly ? [] : agents
  const ordered = [...pinned, ...named, ...others, ...files.map((file) => file.candidate)]
  return ordered.filter((each, index) => ordered.findIndex((other) => isSame(other, each)) === index)
}

/** An agent that holds exactly one key, so that each attempt is ours to decide. */
export class SingleKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #candidate: KeyCandidate
  constructor(candidate: KeyCandidate) {
    super()
    this.#candidate = candidate
  }
  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [this.#candidate.publicKey])
  }
  override sign(_key: ParsedKey, data: Buffer, ...rest: readonly unknown[]): void {
    const [options, callback] = rest.length > 1 ? rest : [{}, rest[0]]
    const { hash } = options as SigningRequestOptions
    void answer(this.#candidate.sign(data, hash), callback as SignCallback)
  }
}

async function answer(signing: Promise<Buffer>, callback: SignCallback): Promise<void> {
  let signature: Buffer
  try {
    signature = await signing
  } catch (error) {
    return callback(error instanceof Error ? error : new Error(String(error)))
  }
  callback(undefined, signature)
}

type FileCandidate = KeyCandidate & { readonly path: string; readonly candidate: KeyCandidate }

async function readFileCandidate(path: string, hop: Hop, deps: KeyDeps): Promise<FileCandidate | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  const publicText = await readFile(`${path}.pub`, 'utf8').catch(() => undefined)
  const publicKey = parsePublic(publicText) ?? (text === undefined ? undefined : readPublicHalf(text))
  if (publicKey === undefined) return undefined
  const sign: SignKey = async (data, hash) => {
    if (text === undefined) throw new Error(`${path} cannot be read`)
    const key = await openOnce(path, text, { hop, deps })
    const signature: Buffer | Error = key.sign(data, hash)
    if (signature instanceof Error) throw signature
    return signature
  }
  const candidate = { label: `key ${path}`, publicKey, sign }
  return { ...candidate, path, candidate }
}

function parsePublic(text: string | undefined): ParsedKey | undefined {
  if (text === undefined) return undefined
  const parsed = ssh2.utils.parseKey(text)
  return parsed instanceof Error ? undefined : parsed
}

function openOnce(path: string, text: string, given: { hop: Hop; deps: KeyDeps }): Promise<ParsedKey> {
  const { opened } = given.deps
  const known = opened.get(path)
  if (known !== undefined) return known
  const opening = openKey(path, text, given)
  opened.set(path, opening)
  opening.catch(() => opened.delete(path))
  return opening
}

async function openKey(path: string, text: string, given: { hop: Hop; deps: KeyDeps }): Promise<ParsedKey> {
  const { hop, deps } = given
  if (!isLocked(text)) {
    const result = await unlockPrivateKey(text, undefined)
    if (result.ok) return result.key
    throw new Error(`${path}: ${result.message}`)
  }
  for (let attempt = 0; attempt < PASSPHRASE_TRIES; attempt++) {
    const answer = await deps.pauseWhile(() => askPassphrase(path, { hop, deps, rejected: attempt > 0 }))
    if (answer === undefined) throw new Error(`${path} needs a passphrase, and none was given`)
    const result = await deps.pauseWhile(() => unlockPrivateKey(text, answer))
    if (result.ok) return result.key
    if (result.reason === 'unusable') throw new Error(`${path}: ${result.message}`)
    if (hop.passphrase !== undefined) deps.secrets.reject(hop.passphrase)
  }
  throw new Error(`${path}: the passphrase was wrong ${PASSPHRASE_TRIES} times`)
}

async function askPassphrase(
  path: string,
  given: { readonly hop: Hop; readonly deps: KeyDeps; readonly rejected: boolean },
): Promise<string | undefined> {
  const { hop, deps, rejected } = given
  if (hop.passphrase === undefined)
    return deps.prompter.askSecret({
      name: `passphrase of ${path}`,
      prompt: `Passphrase of ${path}`,
      host: deps.host,
      rejected,
    })
  const value = await deps.secrets.resolve(hop.passphrase)
  return value.ok ? value.value : undefined
}

function listAgentKeys(socket: string): Promise<KeyCandidate[]> {
  const agent = ssh2.createAgent(socket)
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => {
      if (error !== undefined && error !== null) return resolve([])
      resolve(
        (keys ?? []).flatMap((key) => {
          const publicKey = ssh2.utils.parseKey(key as ParsedKey)
          return publicKey instanceof Error ? [] : [buildAgentCandidate(agent, publicKey)]
        }),
      )
    })
  })
}

function buildAgentCandidate(agent: ssh2.BaseAgent, publicKey: ParsedKey): KeyCandidate {
  return {
    label: `agent key ${formatFingerprint(publicKey.getPublicSSH())}`,
    publicKey,
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        const options = hash === undefined ? {} : { hash }
        agent.sign(publicKey, data, options as SigningRequestOptions, (error, signature) =>
          signature === undefined
            ? reject(error ?? new Error('the agent refused to sign'))
            : resolve(signature),
        )
      }),
  }
}
