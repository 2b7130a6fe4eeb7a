import { seededPasswordHash, seededUuid } from '../cluster/seeded-ids.ts'
import type { Program, ProgramContext } from '../program.ts'
import {
  fingerprintOf,
  formatCertificate,
  formatKeyStore,
  parseCertificate,
  parseKeyStore,
} from './key-store.ts'
import type { KeyEntry, KeyStore, PracticeCertificate } from './key-store.ts'

/** keytool: -genkeypair, -certreq, -gencert, -exportcert, -importcert, -list and -delete. */
export function keytoolProgram(): Program {
  return async (context) => {
    const call = await readCall(context)
    const command = COMMANDS.get(call.command)
    if (command === undefined)
      return fail(context, `Illegal option:  ${call.command}`, 'keytool error: java.lang.Exception')
    if (call.store !== undefined && call.store.passwordHash !== seededPasswordHash(call.password)) {
      return fail(context, 'keystore password was incorrect')
    }
    return command(call)
  }
}

type Call = {
  readonly context: ProgramContext
  readonly command: string
  readonly options: ReadonlyMap<string, string>
  readonly path: string
  readonly password: string
  readonly alias: string
  readonly store: KeyStore | undefined
}

type Command = (call: Call) => number | Promise<number>

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['-genkeypair', generate],
  ['-genkey', generate],
  ['-certreq', (call) => writeOut(call, 'NEW CERTIFICATE REQUEST')],
  ['-exportcert', (call) => writeOut(call, 'CERTIFICATE')],
  ['-export', (call) => writeOut(call, 'CERTIFICATE')],
  ['-gencert', sign],
  ['-importcert', importCertificate],
  ['-import', importCertificate],
  ['-list', list],
  ['-delete', remove],
])

const DAY_MS = 24 * 60 * 60 * 1000

async function readCall(context: ProgramContext): Promise<Call> {
  const options = new Map<string, string>()
  const { args } = context
  for (let index = 1; index < args.length; index += 1) {
    const name = args[index] ?? ''
    const isFlag = ['-noprompt', '-rfc', '-v', '-trustcacerts'].includes(name)
    options.set(
      name.replace(/:(env|file)$/, ''),
      isFlag ? '' : resolveValue(context, name, args[(index += 1)] ?? ''),
    )
  }
  const path = options.get('-keystore') ?? `${context.user.home}/.keystore`
  const read = context.fs.readFile(path)
  const password = options.get('-storepass') ?? (await context.stdin.readLine())?.text ?? ''
  const store = read.ok ? parseKeyStore(read.value) : undefined
  return {
    context,
    command: args[0] ?? '',
    options,
    path,
    password,
    alias: (options.get('-alias') ?? 'mykey').toLowerCase(),
    store,
  }
}

/** `-storepass:env NAME` and `-storepass:file PATH` keep a password off the command line. */
function resolveValue(context: ProgramContext, name: string, value: string): string {
  if (name.endsWith(':env')) return context.env.get(value) ?? ''
  if (!name.endsWith(':file')) return value
  const read = context.fs.readFile(value)
  return read.ok ? (read.value.split('\n')[0] ?? '') : ''
}

function generate(call: Call): number {
  const { context, alias, options, store } = call
  if (store?.entries[alias] !== undefined)
    return fail(
      context,
      `Key pair not generated, alias <${alias}> already exists`,
      'keytool error: java.lang.Exception',
    )
  const subject = options.get('-dname') ?? 'CN=Unknown'
  const nowMs = context.clock.nowMs()
  const key = seededUuid(`${context.host.name}:${call.path}:${alias}:${nowMs}`)
  const certificate = {
    subject,
    issuer: subject,
    notAfterMs: nowMs + Number(options.get('-validity') ?? 90) * DAY_MS,
    key,
  }
  return save(call, {
    ...store?.entries,
    [alias]: { kind: 'PrivateKeyEntry', certificate, createdMs: nowMs },
  })
}

function writeOut(call: Call, label: string): number {
  const { context, alias, options, store } = call
  const entry = store?.entries[alias]
  if (entry === undefined)
    return fail(context, `Alias <${alias}> does not exist`, 'keytool error: java.lang.Exception')
  return put(context, options.get('-file'), formatCertificate(entry.certificate, label))
}

async function sign(call: Call): Promise<number> {
  const { context, alias, options, store } = call
  const authority = store?.entries[alias]
  const request = await readCertificate(call, '-infile')
  if (authority === undefined)
    return fail(context, `Alias <${alias}> does not exist`, 'keytool error: java.lang.Exception')
  if (request === undefined)
    return fail(context, 'Input not an X.509 certificate request', 'keytool error: java.lang.Exception')
  const notAfterMs = context.clock.nowMs() + Number(options.get('-validity') ?? 90) * DAY_MS
  const certificate = { ...request, issuer: authority.certificate.subject, notAfterMs }
  return put(context, options.get('-outfile'), formatCertificate(certificate, 'CERTIFICATE'))
}

async function importCertificate(call: Call): Promise<number> {
  const { context, alias, store } = call
  const certificate = await readCertificate(call, '-file')
  if (certificate === undefined)
    return fail(context, 'Input not an X.509 certificate', 'keytool error: java.lang.Exception')
  const own = store?.entries[alias]
  const isReply = own?.kind === 'PrivateKeyEntry'
  if (own !== undefined && !isReply) {
    return fail(
      context,
      `Certificate not imported, alias <${alias}> already exists`,
      'keytool error: java.lang.Exception',
    )
  }
  if (
    isReply &&
    !Object.values(store?.entries ?? {}).some((entry) => entry.certificate.subject === certificate.issuer)
  ) {
    return fail(context, 'Failed to establish chain from reply', 'keytool error: java.lang.Exception')
  }
  const kind: KeyEntry['kind'] = isReply ? 'PrivateKeyEntry' : 'trustedCertEntry'
  context.writeError(
    isReply ? 'Certificate reply was installed in keystore\n' : 'Certificate was added to keystore\n',
  )
  return save(call, { ...store?.entries, [alias]: { kind, certificate, createdMs: context.clock.nowMs() } })
}

function list({ context, options, path, store }: Call): number {
  if (store === undefined)
    return fail(context, `Keystore file does not exist: ${path}`, 'keytool error: java.lang.Exception')
  const wanted = options.get('-alias')?.toLowerCase()
  const entries = Object.entries(store.entries).filter(([alias]) => wanted === undefined || alias === wanted)
  if (wanted !== undefined && entries.length === 0)
    return fail(context, `Alias <${wanted}> does not exist`, 'keytool error: java.lang.Exception')
  if (wanted === undefined) {
    context.write(
      `Keystore type: PKCS12\nKeystore provider: SUN\n\nYour keystore contains ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}\n\n`,
    )
  }
  for (const [alias, entry] of entries) {
    const day = new Date(entry.createdMs).toISOString().slice(0, 10)
    context.write(
      `${alias}, ${day}, ${entry.kind}, \nCertificate fingerprint (SHA-256): ${fingerprintOf(entry.certificate)}\n`,
    )
    if (options.has('-v')) {
      const until = new Date(entry.certificate.notAfterMs).toUTCString()
      context.write(
        `Owner: ${entry.certificate.subject}\nIssuer: ${entry.certificate.issuer}\nValid until: ${until}\n`,
      )
    }
  }
  return 0
}

function remove(call: Call): number {
  const { context, alias, store } = call
  if (store?.entries[alias] === undefined)
    return fail(context, `Alias <${alias}> does not exist`, 'keytool error: java.lang.Exception')
  const left = Object.entries(store.entries).filter(([name]) => name !== alias)
  return save(call, Object.fromEntries(left))
}

async function readCertificate(
  { context, options }: Call,
  option: string,
): Promise<PracticeCertificate | undefined> {
  const path = options.get(option)
  if (path === undefined) return parseCertificate(await context.stdin.readAll())
  const read = context.fs.readFile(path)
  return read.ok ? parseCertificate(read.value) : undefined
}

function save({ context, path, password, store }: Call, entries: KeyStore['entries']): number {
  const passwordHash = store?.passwordHash ?? seededPasswordHash(password)
  return put(context, path, formatKeyStore({ passwordHash, entries }))
}

function put(context: ProgramContext, path: string | undefined, text: string): number {
  if (path === undefined) context.write(text)
  else if (!context.fs.writeFile(path, text).ok)
    return fail(context, `${path} (Permission denied)`, 'keytool error: java.io.FileNotFoundException')
  return 0
}

function fail(
  context: ProgramContext,
  message: string,
  prefix = 'keytool error: java.io.IOException',
): number {
  context.write(`${prefix}: ${message}\n`)
  return 1
}
