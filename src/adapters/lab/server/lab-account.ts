import { timingSafeEqual } from 'node:crypto'
import ssh2 from 'ssh2'
import type { AuthContext, ParsedKey } from 'ssh2'

/** How an account of a practice host may log in. */
export type LabAccount = {
  /** Public keys as in `authorized_keys`. */
  readonly authorizedKeys?: readonly string[]
  readonly password?: string
}

/** Answers a login by the account's keys and password. */
export function answerLogin(context: AuthContext, account: LabAccount | undefined): void {
  const methods: ('publickey' | 'password')[] = []
  if (account?.authorizedKeys !== undefined) methods.push('publickey')
  if (account?.password !== undefined) methods.push('password')
  if (
    context.method === 'password' &&
    account?.password !== undefined &&
    isEqual(context.password, account.password)
  ) {
    context.accept()
  } else if (context.method === 'publickey' && isAuthorised(context, account)) context.accept()
  else context.reject(methods.length > 0 ? methods : ['publickey', 'password'])
}

function isAuthorised(
  context: AuthContext & { method: 'publickey' },
  account: LabAccount | undefined,
): boolean {
  for (const text of account?.authorizedKeys ?? []) {
    const parsed = ssh2.utils.parseKey(text)
    if (parsed instanceof Error || !matches(parsed, context.key.data)) continue
    if (context.signature === undefined) return true
    if (
      context.blob !== undefined &&
      parsed.verify(context.blob, context.signature, context.hashAlgo) === true
    )
      return true
  }
  return false
}

function matches(key: ParsedKey, shown: Buffer): boolean {
  return key.getPublicSSH().equals(shown)
}

function isEqual(given: string, wanted: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(wanted)
  return a.length === b.length && timingSafeEqual(a, b)
}
