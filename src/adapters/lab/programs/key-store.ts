import { seededHash } from '../cluster/seeded-ids.ts'

/** A practice certificate: who it is for, who signed it, and until when it is good. */
export type PracticeCertificate = {
  readonly subject: string
  readonly issuer: string
  readonly notAfterMs: number
  readonly key: string
}

export type KeyEntry = {
  readonly kind: 'PrivateKeyEntry' | 'trustedCertEntry'
  readonly certificate: PracticeCertificate
  readonly createdMs: number
}

/** A practice keystore: readable text, since it keeps nothing that is secret. */
export type KeyStore = { readonly passwordHash: string; readonly entries: Readonly<Record<string, KeyEntry>> }

const MARK = 'practice keystore\n'

/** The text of a keystore's file. */
export function formatKeyStore(store: KeyStore): string {
  return `${MARK}${JSON.stringify(store)}\n`
}

/** Undefined for a text that is no keystore. */
export function parseKeyStore(text: string): KeyStore | undefined {
  return text.startsWith(MARK) ? (JSON.parse(text.slice(MARK.length)) as KeyStore) : undefined
}

/** The PEM-like text of a certificate or of a request for one. */
export function formatCertificate(certificate: PracticeCertificate, label: string): string {
  const body = encodeURIComponent(JSON.stringify(certificate)).replaceAll(/.{64}/g, '$&\n')
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
}

/** Undefined for a text without such a block. */
export function parseCertificate(text: string): PracticeCertificate | undefined {
  const body = /-----BEGIN [A-Z ]+-----\n([\s\S]*?)\n-----END/.exec(text)?.[1]
  return body?.startsWith('%7B') === true
    ? (JSON.parse(decodeURIComponent(body.replaceAll('\n', ''))) as PracticeCertificate)
    : undefined
}

/** Pairs of hex digits with colons, as `keytool -list` shows a SHA-256. */
export function fingerprintOf(certificate: PracticeCertificate): string {
  const text = JSON.stringify(certificate)
  const hex = [0, 1, 2, 3].map((part) => seededHash(`${part}${text}`).toString(16).padStart(16, '0')).join('')
  return (hex.toUpperCase().match(/../g) ?? []).join(':')
}
