import { existsSync, readFileSync } from 'node:fs'
import type { SshSettings } from './ssh-config.ts'
import { SSH2_ALGORITHMS } from './ssh2-algorithms.ts'
import type { Hop } from './target.ts'

/** `ssh -W %h:%p …`: a jump host in the old spelling. */
const WRITE_PROXY =
  /^(?:\S*\/)?ssh\s+(?:-q\s+)?(?:-W\s+\[?%h\]?:%p\s+([^-\s]\S*)|([^-\s]\S*)\s+-W\s+\[?%h\]?:%p)(?:\s+2>\/dev\/null)?$/

/**
 * Says why a destination needs the system's `ssh` (ssh2 has no certificates, hardware keys, GSSAPI, PKCS#11 or
 * proxy programs), and through which jump hosts it goes.
 */
export function findOpensshReasons(
  settings: SshSettings | undefined,
  hop: Hop,
): { readonly reasons: string[]; readonly jump: string | undefined } {
  const reasons: string[] = []
  for (const path of hop.identities) {
    if (existsSync(`${path}-cert.pub`)) reasons.push(`${path} has a certificate`)
    if (path === hop.pinned && isHardwareKey(path)) reasons.push(`${path} is a hardware key`)
  }
  if (settings === undefined) return { reasons, jump: undefined }
  const isSet = (keyword: string) => !['none', 'no', 'false', '', undefined].includes(settings.first(keyword))
  if (isSet('certificatefile')) reasons.push('CertificateFile is set')
  if (isSet('pkcs11provider')) reasons.push('PKCS11Provider is set')
  if (isSet('knownhostscommand')) reasons.push('KnownHostsCommand is set')
  if (allowsOnlyGssapi(settings)) reasons.push('only GSSAPI may authenticate')
  const kex = settings.first('kexalgorithms')?.split(',')
  if (kex !== undefined && !kex.some((name) => SSH2_ALGORITHMS.kex.some((own) => own === name)))
    reasons.push('KexAlgorithms allows none that the built-in client has')
  const command = settings.first('proxycommand')
  if (command === undefined || command === 'none') {
    const jump = settings.first('proxyjump')
    return { reasons, jump: jump === 'none' ? undefined : jump }
  }
  const written = WRITE_PROXY.exec(command)
  if (written === null) reasons.push('ProxyCommand is set')
  return { reasons, jump: written?.[1] ?? written?.[2] }
}

function allowsOnlyGssapi(settings: SshSettings): boolean {
  const preferred = settings.first('preferredauthentications')?.split(',')
  if (preferred !== undefined && preferred.length > 0 && preferred.every((each) => each.startsWith('gssapi')))
    return true
  const others = ['pubkeyauthentication', 'passwordauthentication', 'kbdinteractiveauthentication']
  const isOff = (keyword: string) => ['no', 'false'].includes(settings.first(keyword) ?? '')
  return others.every(isOff) && settings.first('gssapiauthentication') === 'yes'
}

function isHardwareKey(path: string): boolean {
  try {
    return readFileSync(`${path}.pub`, 'utf8').startsWith('sk-')
  } catch {
    return false
  }
}
