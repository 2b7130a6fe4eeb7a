import type { Node } from 'yaml'
import type { ConnectionOptions } from './model.ts'
import type { YamlReader } from './yaml-reader.ts'
import { complainAt, readChoice, readEntries, readInt, readText } from './yaml-reader.ts'

const KEYS = [
  'host',
  'user',
  'port',
  'identity',
  'knownHosts',
  'jump',
  'transport',
  'password',
  'passphrase',
  'sudo',
  'base',
] as const
const TEXTS = ['host', 'user', 'identity', 'knownHosts', 'jump', 'base'] as const
const TRANSPORTS = ['ssh2', 'openssh', 'local'] as const

/** Reads connection options: the inventory's defaults or a host's `ssh`. */
export function readConnection(reader: YamlReader, node: Node | undefined, what: string): ConnectionOptions {
  const entries = readEntries(reader, node, { what, known: KEYS })
  const options: { -readonly [key in keyof ConnectionOptions]: ConnectionOptions[key] } = {}
  for (const key of TEXTS) {
    const text = readText(reader, entries.get(key)?.node, `${what}.${key}`)
    if (text === undefined) continue
    if (isDangerous(key, text))
      complainAt(reader, entries.get(key)?.node, { message: `${what}.${key} cannot be \`${text}\`.` })
    else options[key] = text
  }
  const port = readInt(reader, entries.get('port')?.node, { what: `${what}.port`, min: 1, max: 65_535 })
  if (port !== undefined) options.port = port
  const transport = readChoice(reader, entries.get('transport')?.node, {
    what: `${what}.transport`,
    choices: TRANSPORTS,
  })
  if (transport !== undefined) options.transport = transport
  for (const key of ['password', 'passphrase'] as const) {
    const secret = readSecretName(reader, entries.get(key)?.node, `${what}.${key}`)
    if (secret !== undefined) options[key] = secret
  }
  if (entries.has('sudo')) {
    const sudo = readEntries(reader, entries.get('sudo')?.node, { what: `${what}.sudo`, known: ['password'] })
    const password = readSecretName(reader, sudo.get('password')?.node, `${what}.sudo.password`)
    options.sudo = password === undefined ? {} : { password }
  }
  return options
}

/** A `secret:NAME` reference; a literal is an error, since the file would then hold a password. */
function readSecretName(reader: YamlReader, node: Node | undefined, what: string): string | undefined {
  const text = readText(reader, node, what)
  if (text === undefined) return undefined
  const name = /^secret:(.+)$/.exec(text)?.[1]
  if (name !== undefined) return name
  complainAt(reader, node, {
    code: 'HR2016',
    message: `${what} must refer to a secret.`,
    hint: 'Write "secret:NAME", and under `secrets:` where NAME comes from.',
  })
  return undefined
}

/** These become words of an ssh command line with `transport: openssh`; only paths may hold blanks. */
function isDangerous(key: (typeof TEXTS)[number], text: string): boolean {
  const isPath = key === 'identity' || key === 'knownHosts'
  return text.startsWith('-') || /\p{Cc}/u.test(text) || (!isPath && /\s/.test(text))
}
