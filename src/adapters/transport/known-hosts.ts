import { createHash, createHmac } from 'node:crypto'

/** One usable line of a known_hosts file. */
export type KnownHostEntry = {
  readonly marker: 'none' | 'cert-authority' | 'revoked'
  /** The names field as it stands: patterns, or one hashed name. */ readonly names: string
  readonly type: string
  readonly blob: Buffer
  readonly file: string
  readonly line: number
}

export type HostKey = { readonly type: string; readonly blob: Buffer }

/** What to look a key up under: the lower-cased host with its port, or an alias that replaces both. */
export type KnownHostName = { readonly host: string; readonly port: number; readonly alias?: string }

export type HostKeyVerdict =
  | { readonly kind: 'known'; readonly entry: KnownHostEntry }
  | {
      readonly kind: 'new'
      /** Other plain names that are known with this key. */ readonly sameKeyAs: readonly string[]
    }
  | { readonly kind: 'changed'; readonly entry: KnownHostEntry }
  | { readonly kind: 'revoked'; readonly entry: KnownHostEntry }

const DEFAULT_PORT = 22
/** Number of length-prefixed fields in the public key blob of each type that OpenSSH knows. */
const FIELDS_OF_TYPE: { readonly [type: string]: number } = {
  'ssh-ed25519': 2,
  'ssh-rsa': 3,
  'ssh-dss': 5,
  'ecdsa-sha2-nistp256': 3,
  'ecdsa-sha2-nistp384': 3,
  'ecdsa-sha2-nistp521': 3,
  'sk-ssh-ed25519@openssh.com': 3,
  'sk-ecdsa-sha2-nistp256@openssh.com': 4,
}

/**
 * Reads the text of a known_hosts file as OpenSSH does: a line that it would skip (comment, bad marker, bad key,
 * type that differs from its blob) is skipped, the others hold.
 */
export function readKnownHosts(text: string, file: string): KnownHostEntry[] {
  return text.split('\n').flatMap((line, index) => {
    const entry = readLine(line)
    return entry === undefined ? [] : [{ ...entry, file, line: index + 1 }]
  })
}

/** Judges a plain host key by all entries together (own file, user's, global), exactly as OpenSSH's client. */
export function checkHostKey(
  entries: readonly KnownHostEntry[],
  name: KnownHostName,
  key: HostKey,
): HostKeyVerdict {
  const verdict = checkByName(entries, lookupName(name), key)
  if (verdict.kind !== 'new' || name.alias !== undefined || name.port === DEFAULT_PORT) return verdict
  const withoutPort = checkByName(entries, name.host.toLowerCase(), key)
  return withoutPort.kind === 'known' || withoutPort.kind === 'revoked' ? withoutPort : verdict
}

/** The name under which OpenSSH stores and looks up a host: `host`, `[host]:port`, or the alias as written. */
export function lookupName(name: KnownHostName): string {
  if (name.alias !== undefined) return name.alias
  const host = name.host.toLowerCase()
  return name.port === DEFAULT_PORT ? host : `[${host}]:${name.port}`
}

/**
 * Orders host key algorithms so that a host known by one type is not asked for another and then looks changed.
 * The list stays as it is when the preferred type is known.
 */
export function orderHostKeyAlgorithms<T extends string>(
  entries: readonly KnownHostEntry[],
  name: KnownHostName,
  algorithms: readonly T[],
): T[] {
  const wanted = lookupName(name)
  const types = new Set(
    entries.filter((e) => e.marker === 'none' && matchesNames(e.names, wanted)).map((e) => e.type),
  )
  const isKnown = (algorithm: T) => types.has(keyTypeOf(algorithm))
  const [first] = algorithms
  if (first === undefined || isKnown(first)) return [...algorithms]
  return [...algorithms.filter(isKnown), ...algorithms.filter((each) => !isKnown(each))]
}

/** Whether the host is covered by a certificate authority only: ssh2 cannot check that, OpenSSH can. */
export function isCertificateOnly(entries: readonly KnownHostEntry[], name: KnownHostName): boolean {
  const wanted = lookupName(name)
  const markers = entries.filter((e) => matchesNames(e.names, wanted)).map((e) => e.marker)
  return markers.includes('cert-authority') && !markers.includes('none')
}

/** `SHA256:…` of a public key blob, as OpenSSH prints it. */
export function formatFingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

function checkByName(entries: readonly KnownHostEntry[], wanted: string, key: HostKey): HostKeyVerdict {
  const named = entries.filter((entry) => matchesNames(entry.names, wanted))
  const isSame = (entry: KnownHostEntry) => entry.blob.equals(key.blob)
  const revoked = named.find((entry) => entry.marker === 'revoked' && isSame(entry))
  if (revoked !== undefined) return { kind: 'revoked', entry: revoked }
  const plain = named.filter((entry) => entry.marker === 'none')
  const known = plain.find(isSame)
  if (known !== undefined) return { kind: 'known', entry: known }
  const other = plain.find((entry) => entry.type === key.type) ?? plain[0]
  if (other !== undefined) return { kind: 'changed', entry: other }
  const sameKeyAs = entries
    .filter((e) => e.marker === 'none' && isSame(e) && !e.names.startsWith('|'))
    .map((e) => e.names)
  return { kind: 'new', sameKeyAs: [...new Set(sameKeyAs)] }
}

function readLine(line: string): Omit<KnownHostEntry, 'file' | 'line'> | undefined {
  const fields = line
    .replace(/\r$/, '')
    .replace(/^[ \t]+/, '')
    .split(/[ \t]+/)
  let marker: KnownHostEntry['marker'] = 'none'
  if (fields[0]?.startsWith('@') === true) {
    const word = fields.shift()?.slice(1)
    if (word !== 'cert-authority' && word !== 'revoked') return undefined
    marker = word
  }
  const [names, type, base64] = fields
  if (names === undefined || names === '' || names.startsWith('#') || names.startsWith('@')) return undefined
  if (type === undefined || base64 === undefined || type.startsWith('#')) return undefined
  const blob = readBlob(type, base64)
  return blob === undefined ? undefined : { marker, names, type, blob }
}

function readBlob(type: string, base64: string): Buffer | undefined {
  if (!Object.hasOwn(FIELDS_OF_TYPE, type)) return undefined
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined
  const blob = Buffer.from(base64, 'base64')
  const fields: Buffer[] = []
  let at = 0
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length) return undefined
    fields.push(blob.subarray(at + 4, end))
    at = end
  }
  const isWhole =
    at === blob.length && fields.length === FIELDS_OF_TYPE[type] && fields[0]?.toString() === type
  if (!isWhole || (type === 'ssh-ed25519' && fields[1]?.length !== 32)) return undefined
  return blob
}

function matchesNames(names: string, wanted: string): boolean {
  return names.startsWith('|') ? matchesHash(names, wanted) : matchesPatterns(names, wanted)
}

function matchesHash(names: string, wanted: string): boolean {
  const [, version, salt, hash] = names.split('|')
  if (version !== '1' || salt === undefined || hash === undefined) return false
  const expected = createHmac('sha1', Buffer.from(salt, 'base64')).update(wanted).digest('base64')
  return hash === expected
}

function matchesPatterns(names: string, wanted: string): boolean {
  let matched = false
  for (const item of names.split(',')) {
    const negated = item.startsWith('!')
    const pattern = (negated ? item.slice(1) : item).toLowerCase()
    if (!matchesGlob(pattern, wanted)) continue
    if (negated) return false
    matched = true
  }
  return matched
}

/** `*` and `?` only, without backtracking over more than the last star: linear enough for hostile patterns. */
function matchesGlob(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let mark = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++
      mark = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++mark
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

function keyTypeOf(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm
}
