import type { ProgramContext } from '../program.ts'
import { parseIni } from './ini-text.ts'

/** What a call of cqlsh asks for, from its arguments, its settings file and the environment. */
export type CqlshOptions = {
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly password: string | undefined
  readonly ssl: boolean
  readonly certificates: {
    readonly certfile: boolean
    readonly validate: boolean
    readonly userkey: boolean
    readonly usercert: boolean
  }
  readonly keyspace: string | undefined
  readonly execute: string | undefined
  readonly file: string | undefined
  readonly showVersion: boolean
  /** The password came from the settings file, which newer versions warn about. */
  readonly hasOldCredentials: boolean
}

export type CqlshOptionsResult =
  | { readonly ok: true; readonly options: CqlshOptions }
  | { readonly ok: false; readonly message: string }

type Given = { values: Map<string, string>; flags: Set<string>; positional: string[] }

/** Reads the arguments and the files that they name; `hasCredentialsFile` since 4.1. */
export function parseCqlshOptions(
  context: Pick<ProgramContext, 'args' | 'env' | 'fs' | 'user'>,
  hasCredentialsFile: boolean,
): CqlshOptionsResult {
  const given = parseArguments(context.args)
  if (typeof given === 'string') return { ok: false, message: given }
  const read = (path: string): ReadonlyMap<string, ReadonlyMap<string, string>> => {
    const file = context.fs.readFile(path.replace(/^~/, context.user.home))
    return parseIni(file.ok ? file.value : '')
  }
  const rc = read(given.values.get('cqlshrc') ?? '~/.cassandra/cqlshrc')
  const credentialsPath = given.values.get('credentials') ?? rc.get('authentication')?.get('credentials')
  const credentials = hasCredentialsFile ? read(credentialsPath ?? '~/.cassandra/credentials') : undefined
  const stored = credentials?.get('plain_text_auth')
  const authentication = rc.get('authentication')
  const connection = rc.get('connection')
  const tls = rc.get('ssl')
  const password = given.values.get('password') ?? stored?.get('password')
  const options: CqlshOptions = {
    host: given.positional[0] ?? context.env.get('CQLSH_HOST') ?? connection?.get('hostname') ?? '127.0.0.1',
    port: Number(given.positional[1] ?? context.env.get('CQLSH_PORT') ?? connection?.get('port') ?? 9042),
    user: given.values.get('username') ?? stored?.get('username') ?? authentication?.get('username'),
    password: password ?? authentication?.get('password'),
    ssl:
      given.flags.has('ssl') ||
      connection?.get('ssl') === 'true' ||
      connection?.get('factory')?.includes('ssl') === true,
    certificates: {
      certfile: tls?.has('certfile') ?? context.env.has('SSL_CERTFILE'),
      validate: tls?.get('validate') !== 'false',
      userkey: tls?.has('userkey') ?? false,
      usercert: tls?.has('usercert') ?? false,
    },
    keyspace: given.values.get('keyspace'),
    execute: given.values.get('execute'),
    file: given.values.get('file'),
    showVersion: given.flags.has('version'),
    hasOldCredentials:
      hasCredentialsFile && password === undefined && authentication?.has('password') === true,
  }
  return { ok: true, options }
}

const SHORT: Readonly<Record<string, string>> = {
  u: 'username',
  p: 'password',
  k: 'keyspace',
  e: 'execute',
  f: 'file',
}
const WITH_VALUE = [
  'username',
  'password',
  'keyspace',
  'execute',
  'file',
  'cqlshrc',
  'credentials',
  'encoding',
  'cqlversion',
  'connect-timeout',
  'request-timeout',
  'protocol-version',
]
const FLAGS = [
  'ssl',
  'no-color',
  'color',
  'debug',
  'version',
  'tty',
  'insecure-password-without-warning',
  'disable-history',
]

function parseArguments(args: readonly string[]): Given | string {
  const given: Given = { values: new Map(), flags: new Set(), positional: [] }
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    const long = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(arg)
    const short = /^-([a-zA-Z])([\s\S]*)$/.exec(arg)
    const name = long?.[1] ?? SHORT[short?.[1] ?? ''] ?? ''
    if (!arg.startsWith('-')) given.positional.push(arg)
    else if (arg === '-C') given.flags.add('color')
    else if (FLAGS.includes(name)) given.flags.add(name)
    else if (!WITH_VALUE.includes(name)) return `no such option: ${arg}`
    else {
      const attached = long === null ? short?.[2] : long[2]
      given.values.set(
        name,
        attached === undefined || attached === '' ? (args[(index += 1)] ?? '') : attached,
      )
    }
  }
  return given.positional.length > 2 ? 'too many arguments' : given
}
