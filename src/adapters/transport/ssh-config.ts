import { execa } from 'execa'

/** Characters a host may have on ssh's command line; no leading `-`, no shell or token characters. */
const SAFE_HOST = /^[A-Za-z0-9_[\]][A-Za-z0-9._:%[\]-]{0,254}$/
const SAFE_USER = /^[A-Za-z0-9_][A-Za-z0-9._@\\$-]{0,63}$/
/** Milliseconds for `ssh -G`: it takes about 10, but a `Match exec` of the user's may be slow. */
const RESOLVE_TIMEOUT_MS = 5_000

/** Milliseconds for which an answer holds: fifty hosts behind one jump host ask once, an edit is seen by the next try. */
const ANSWER_HOLDS_MS = 15_000

/** What `ssh -G` says of one destination: lower-case keyword to its values in order. */
export type SshSettings = {
  readonly first: (keyword: string) => string | undefined
  readonly all: (keyword: string) => readonly string[]
}

export type ResolvedSettings = {
  /** `undefined`: no ssh program, or it failed; plain inventory values hold. */ readonly settings:
    | SshSettings
    | undefined
  readonly note?: string
}

export type SshConfigReader = (destination: {
  readonly host: string
  readonly user?: string
  readonly port?: number
}) => Promise<ResolvedSettings>

/** Whether a host name may be handed to other programs. */
export function isSafeHost(host: string): boolean {
  return SAFE_HOST.test(host)
}

/** Whether a login name may be handed to other programs. */
export function isSafeUser(user: string): boolean {
  return SAFE_USER.test(user)
}

/** Asks the user's own OpenSSH how it would reach a destination; a question repeated soon is not asked again. */
export function buildSshConfigReader(options: {
  readonly program: string
  readonly configFile?: string
}): SshConfigReader {
  const answers = new Map<string, { readonly until: number; readonly answer: Promise<ResolvedSettings> }>()
  return (destination) => {
    const key = JSON.stringify(destination)
    const known = answers.get(key)
    if (known !== undefined && known.until > performance.now()) return known.answer
    const answer = ask(options, destination)
    answers.set(key, { until: performance.now() + ANSWER_HOLDS_MS, answer })
    return answer
  }
}

/** Reads the output of `ssh -G`. */
export function readSshSettings(text: string): SshSettings {
  const values = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ')
    if (space <= 0) continue
    const keyword = line.slice(0, space).toLowerCase()
    const list = values.get(keyword) ?? []
    list.push(line.slice(space + 1).trim())
    values.set(keyword, list)
  }
  return { first: (keyword) => values.get(keyword)?.[0], all: (keyword) => values.get(keyword) ?? [] }
}

async function ask(
  options: { readonly program: string; readonly configFile?: string },
  destination: { readonly host: string; readonly user?: string; readonly port?: number },
): Promise<ResolvedSettings> {
  const { host, user, port } = destination
  if (!isSafeHost(host))
    return { settings: undefined, note: `${JSON.stringify(host)} is not looked up in the SSH configuration` }
  const args = [
    '-G',
    ...(options.configFile === undefined ? [] : ['-F', options.configFile]),
    ...(user === undefined || !isSafeUser(user) ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
  ]
  const result = await execa(options.program, args, {
    reject: false,
    stdin: 'ignore',
    timeout: RESOLVE_TIMEOUT_MS,
  })
  if (result.exitCode === 0) return { settings: readSshSettings(result.stdout) }
  const missing = result.code === 'ENOENT'
  const why = missing ? 'there is no ssh program' : `ssh -G failed: ${firstLine(result.stderr)}`
  return { settings: undefined, note: `${why}; the SSH configuration is not used, only the inventory` }
}

function firstLine(text: string | undefined): string {
  return text?.split('\n')[0] ?? ''
}
