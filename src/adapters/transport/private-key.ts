import { createDecipheriv, createHash, createPrivateKey } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import bcrypt from 'bcrypt-pbkdf'
import ssh2 from 'ssh2'
import type { ParsedKey } from 'ssh2'

export type UnlockedKey =
  | { readonly ok: true; readonly key: ParsedKey }
  | { readonly ok: false; readonly reason: 'passphrase' | 'unusable'; readonly message: string }

/** Name, key bytes, IV bytes, tag bytes of the ciphers that ssh-keygen can use for a key file. */
const CIPHERS: { readonly [name: string]: readonly [string, number, number, number] } = {
  'aes256-ctr': ['aes-256-ctr', 32, 16, 0],
  'aes192-ctr': ['aes-192-ctr', 24, 16, 0],
  'aes128-ctr': ['aes-128-ctr', 16, 16, 0],
  'aes256-cbc': ['aes-256-cbc', 32, 16, 0],
  'aes128-cbc': ['aes-128-cbc', 16, 16, 0],
  'aes256-gcm@openssh.com': ['aes-256-gcm', 32, 12, 16],
  'aes128-gcm@openssh.com': ['aes-128-gcm', 16, 12, 16],
}
const MAGIC = 'openssh-key-v1\0'
const HEADER = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END OPENSSH PRIVATE KEY-----/

/** The public half of a private key file without any passphrase; `undefined` where the format hides it. */
export function readPublicHalf(text: string): ParsedKey | undefined {
  const container = openContainer(text)
  if (container === undefined) {
    const parsed = parse(text)
    return parsed.ok ? parsed.key : undefined
  }
  const type = container.publicBlob.subarray(4, 4 + container.publicBlob.readUInt32BE(0)).toString()
  const parsed = ssh2.utils.parseKey(`${type} ${container.publicBlob.toString('base64')}`)
  return parsed instanceof Error ? undefined : first(parsed)
}

/** Whether a passphrase is needed to use the key. */
export function isLocked(text: string): boolean {
  const container = openContainer(text)
  if (container !== undefined) return container.kdf !== 'none'
  return /ENCRYPTED/.test(text)
}

/**
 * Opens a private key. The key derivation of OpenSSH's format takes from 0.2 s to seconds of computing: it is
 * done in slices of about 7 ms, so that a screen in the same process never freezes.
 */
export async function unlockPrivateKey(text: string, passphrase: string | undefined): Promise<UnlockedKey> {
  const container = openContainer(text)
  if (container === undefined) return parse(text, passphrase)
  if (container.kdf === 'none') return parse(text)
  if (passphrase === undefined || passphrase === '')
    return { ok: false, reason: 'passphrase', message: 'a passphrase is needed' }
  const plain = await decrypt(container, passphrase)
  if (plain === undefined)
    return { ok: false, reason: 'unusable', message: `its cipher ${container.cipher} is not supported` }
  if (plain.length < 8 || plain.readUInt32BE(0) !== plain.readUInt32BE(4))
    return { ok: false, reason: 'passphrase', message: 'the passphrase is wrong' }
  return parse(closeContainer(container.publicBlob, plain))
}

type Container = {
  readonly cipher: string
  readonly kdf: string
  readonly kdfOptions: Buffer
  readonly publicBlob: Buffer
  readonly sealed: Buffer
  readonly tag: Buffer
}

function openContainer(text: string): Container | undefined {
  const body = HEADER.exec(text)?.[1]
  if (body === undefined) return undefined
  const bytes = Buffer.from(body, 'base64')
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return undefined
  let at = MAGIC.length
  const read = () => {
    const start = at + 4
    at = start + bytes.readUInt32BE(at)
    return bytes.subarray(start, at)
  }
  try {
    const [cipher, kdf, kdfOptions] = [read().toString(), read().toString(), read()]
    if (bytes.readUInt32BE(at) !== 1) return undefined
    at += 4
    const [publicBlob, sealed] = [read(), read()]
    return { cipher, kdf, kdfOptions, publicBlob, sealed, tag: bytes.subarray(at) }
  } catch {
    return undefined
  }
}

async function decrypt(container: Container, passphrase: string): Promise<Buffer | undefined> {
  const known = CIPHERS[container.cipher]
  if (known === undefined || container.kdf !== 'bcrypt') return undefined
  const [algorithm, keyBytes, ivBytes, tagBytes] = known
  const saltBytes = container.kdfOptions.readUInt32BE(0)
  const salt = container.kdfOptions.subarray(4, 4 + saltBytes)
  const rounds = container.kdfOptions.readUInt32BE(4 + saltBytes)
  const derived = await deriveKey({ passphrase, salt, rounds, bytes: keyBytes + ivBytes })
  const [key, iv] = [derived.subarray(0, keyBytes), derived.subarray(keyBytes)]
  try {
    if (algorithm === 'aes-256-gcm' || algorithm === 'aes-128-gcm') {
      const decipher = createDecipheriv(algorithm, key, iv)
      decipher.setAuthTag(container.tag.subarray(0, tagBytes))
      return Buffer.concat([decipher.update(container.sealed), decipher.final()])
    }
    const decipher = createDecipheriv(algorithm, key, iv).setAutoPadding(false)
    return Buffer.concat([decipher.update(container.sealed), decipher.final()])
  } catch {
    // An authenticated cipher tells a wrong passphrase by throwing.
    return Buffer.alloc(0)
  }
}

/** bcrypt_pbkdf of OpenBSD, giving way to other work after each round. */
async function deriveKey(given: {
  passphrase: string
  salt: Buffer
  rounds: number
  bytes: number
}): Promise<Buffer> {
  const hashed = sha512(Buffer.from(given.passphrase))
  const stride = Math.ceil(given.bytes / bcrypt.HASHSIZE)
  const amount = Math.ceil(given.bytes / stride)
  const key = Buffer.alloc(given.bytes)
  for (let block = 1; block <= stride; block++) {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(block)
    let salt = sha512(Buffer.concat([given.salt, counter]))
    const out = new Uint8Array(bcrypt.HASHSIZE)
    for (let round = 0; round < given.rounds; round++) {
      const step = new Uint8Array(bcrypt.HASHSIZE)
      bcrypt.hash(hashed, salt, step)
      for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) ^ (step[i] ?? 0)
      salt = sha512(step)
      await nextTurn()
    }
    for (let i = 0; i < amount && i * stride + block - 1 < key.length; i++)
      key[i * stride + block - 1] = out[i] ?? 0
  }
  return key
}

function sha512(bytes: Uint8Array): Uint8Array {
  return createHash('sha512').update(bytes).digest()
}

function closeContainer(publicBlob: Buffer, plain: Buffer): string {
  const none = field(Buffer.from('none'))
  const one = Buffer.from([0, 0, 0, 1])
  const whole = Buffer.concat([
    Buffer.from(MAGIC, 'latin1'),
    none,
    none,
    field(Buffer.alloc(0)),
    one,
    field(publicBlob),
    field(plain),
  ])
  const lines = whole.toString('base64').replace(/.{70}/g, '$&\n')
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function parse(text: string, passphrase?: string): UnlockedKey {
  if (/ENCRYPTED/.test(text) && passphrase === undefined)
    return { ok: false, reason: 'passphrase', message: 'a passphrase is needed' }
  const isPkcs8 = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)
  try {
    const pem = isPkcs8 ? convertPkcs8(text, passphrase) : text
    const parsed = isPkcs8 ? ssh2.utils.parseKey(pem) : ssh2.utils.parseKey(pem, passphrase)
    if (!(parsed instanceof Error)) return { ok: true, key: first(parsed) }
    const isWrong = passphrase !== undefined && /passphrase|integrity|malformed/i.test(parsed.message)
    return { ok: false, reason: isWrong ? 'passphrase' : 'unusable', message: parsed.message }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, reason: passphrase === undefined ? 'unusable' : 'passphrase', message }
  }
}

function convertPkcs8(text: string, passphrase: string | undefined): string {
  const key = createPrivateKey(passphrase === undefined ? text : { key: text, passphrase })
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString()
  return key.export({ type: 'sec1', format: 'pem' }).toString()
}

/** ssh2 gives a list for OpenSSH's format, although a file holds one key. */
function first(parsed: ParsedKey | readonly ParsedKey[]): ParsedKey {
  const [key] = Array.isArray(parsed) ? parsed : [parsed]
  return key
}
