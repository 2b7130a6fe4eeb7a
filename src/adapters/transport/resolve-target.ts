import { existsSync } from 'node:fs'
import { LOCAL_HOST } from '../../core/base/ids.ts'
import type { ConnectionOptions, Host } from '../../core/inventory/model.ts'
import { isCertificateOnly } from './known-hosts.ts'
import type { KnownHostEntry } from './known-hosts.ts'
import { findOpensshReasons } from './openssh-reasons.ts'
import { isSafeHost, isSafeUser } from './ssh-config.ts'
import type { ResolvedSettings, SshConfigReader, SshSettings } from './ssh-config.ts'
import type { Hop, Target } from './target.ts'

/** Jump hosts that may be chained; OpenSSH has no limit, a loop in the configuration must end. */
const MAX_HOPS = 8

export type ResolveDeps = {
  readonly readConfig: SshConfigReader
  readonly readKnownHosts: (files: readonly string[]) => Promise<KnownHostEntry[]>
  readonly knownHostsFile: string
  readonly home: string
  readonly localUser: string
  readonly agentSocket: string | undefined
  readonly hosts: readonly Host[]
}

export type ResolvedTarget =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly message: string }

type Wanted = {
  readonly label: string
  readonly address: string
  readonly ssh: ConnectionOptions
  readonly hasJump: boolean
}

/** Works out how to reach a host: the inventory's words first, then what the user's own `ssh` would do. */
export async function resolveTarget(host: Host, deps: ResolveDeps): Promise<ResolvedTarget> {
  if (host.name === LOCAL_HOST || host.ssh.transport === 'local')
    return { ok: true, target: { host, kind: 'local', hops: [], notes: [] } }
  const address = await chooseAddress(host, deps)
  const found = await resolveChain({ label: host.name, address, ssh: host.ssh, hasJump: false }, deps, 0)
  if (!found.ok) return found
  const { hops, notes, reasons } = found
  const last = hops.at(-1)
  if (last !== undefined && isCertificateOnly(await deps.readKnownHosts(last.knownHostsFiles), last.knownAs))
    reasons.push('its host key is vouched for by a certificate authority')
  const wanted = host.ssh.transport ?? (reasons.length > 0 ? 'openssh' : 'ssh2')
  const kind = wanted === 'openssh' ? 'openssh' : 'ssh2'
  const chosen =
    kind === 'openssh' ? [`the system's ssh is used: ${reasons.join('; ') || 'the inventory says so'}`] : []
  return { ok: true, target: { host, kind, hops, notes: [...notes, ...chosen] } }
}

/** The address to dial: the inventory's own words, or the host's name where that is an alias of the user's. */
async function chooseAddress(host: Host, deps: ResolveDeps): Promise<string> {
  if (host.ssh.host !== undefined) return host.ssh.host
  const plain = host.address.private ?? host.address.public ?? host.fqdn
  if (plain === undefined) return host.name
  const { settings } = await deps.readConfig({ host: host.name })
  const hostname = settings?.first('hostname')
  return hostname !== undefined && hostname.toLowerCase() !== host.name.toLowerCase() ? host.name : plain
}

type Chain =
  | { readonly ok: true; readonly hops: Hop[]; readonly notes: string[]; readonly reasons: string[] }
  | { readonly ok: false; readonly message: string }

async function resolveChain(wanted: Wanted, deps: ResolveDeps, depth: number): Promise<Chain> {
  if (depth > MAX_HOPS)
    return { ok: false, message: `${wanted.label}: more than ${MAX_HOPS} jump hosts in a row` }
  const { ssh, address } = wanted
  if (!isSafeHost(address))
    return { ok: false, message: `${wanted.label}: ${JSON.stringify(address)} is not a host name` }
  if (ssh.user !== undefined && !isSafeUser(ssh.user))
    return { ok: false, message: `${wanted.label}: ${JSON.stringify(ssh.user)} is not a user name` }
  const resolved = await deps.readConfig({
    host: address,
    ...(ssh.user === undefined ? {} : { user: ssh.user }),
    ...(ssh.port === undefined ? {} : { port: ssh.port }),
  })
  const hop = await buildHop(wanted, resolved, deps)
  const judged = findOpensshReasons(resolved.settings, hop)
  const jump = wanted.hasJump ? undefined : (ssh.jump ?? judged.jump)
  const notes = resolved.note === undefined ? [] : [resolved.note]
  if (jump === undefined || jump === 'none') return { ok: true, hops: [hop], notes, reasons: judged.reasons }
  const before = await resolveJumps(jump, { wanted, deps, depth })
  if (!before.ok) return before
  return {
    ok: true,
    hops: [...before.hops, hop],
    notes: [...new Set([...before.notes, ...notes])],
    reasons: [...before.reasons, ...judged.reasons],
  }
}

async function resolveJumps(
  jump: string,
  given: { wanted: Wanted; deps: ResolveDeps; depth: number },
): Promise<Chain> {
  const all: { hops: Hop[]; notes: string[]; reasons: string[] } = { hops: [], notes: [], reasons: [] }
  for (const [index, part] of jump.split(',').entries()) {
    const next = describeJump(part.trim(), given)
    if (next === undefined)
      return { ok: false, message: `${given.wanted.label}: ${JSON.stringify(part)} is not a jump host` }
    // As with OpenSSH, only the first hop may have jump hosts of its own.
    const chain = await resolveChain({ ...next, hasJump: index > 0 }, given.deps, given.depth + 1)
    if (!chain.ok) return chain
    all.hops.push(...chain.hops)
    all.notes.push(...chain.notes)
    all.reasons.push(...chain.reasons.map((reason) => `jump host ${part.trim()}: ${reason}`))
  }
  return { ok: true, ...all }
}

function describeJump(
  part: string,
  given: { wanted: Wanted; deps: ResolveDeps },
): Omit<Wanted, 'hasJump'> | undefined {
  const matched = /^(?:ssh:\/\/)?(?:(.+)@)?(\[[^\]]+\]|[^:@]+)(?::(\d{1,5}))?$/.exec(part)
  if (matched === null) return undefined
  const [, user, bracketed = '', port] = matched
  const address = bracketed.replace(/^\[|\]$/g, '')
  const listed = given.deps.hosts.find((host) => host.name === address)
  const { identity, knownHosts, passphrase } = given.wanted.ssh
  const inherited: ConnectionOptions = {
    ...(identity === undefined ? {} : { identity }),
    ...(knownHosts === undefined ? {} : { knownHosts }),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
  const said = {
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  }
  if (listed === undefined) return { label: part, address, ssh: { ...inherited, ...said } }
  const own = listed.ssh.host ?? listed.address.private ?? listed.address.public ?? listed.fqdn ?? listed.name
  const { jump, ...direct } = listed.ssh
  // A jump host must not be sent through itself by the inventory's defaults.
  const onward = jump === undefined || jump === given.wanted.ssh.jump ? {} : { jump }
  return { label: listed.name, address: own, ssh: { ...direct, ...onward, ...said } }
}

async function buildHop(wanted: Wanted, resolved: ResolvedSettings, deps: ResolveDeps): Promise<Hop> {
  const { ssh } = wanted
  const { settings } = resolved
  const hostname = settings?.first('hostname') ?? wanted.address
  const port = ssh.port ?? Number(settings?.first('port') ?? 22)
  const user = ssh.user ?? settings?.first('user') ?? deps.localUser
  const alias = settings?.first('hostkeyalias')
  const expand = (path: string) => expandPath(path, { home: deps.home, hostname, user, port })
  const pinned = ssh.identity === undefined ? undefined : expand(ssh.identity)
  const listed = (settings?.all('identityfile') ?? defaultIdentities())
    .filter((path) => path !== 'none')
    .map(expand)
  const identities = [...new Set([...(pinned === undefined ? [] : [pinned]), ...listed])].filter(
    (path) => existsSync(path) || existsSync(`${path}.pub`),
  )
  const agentSocket = findAgent(settings, deps, expand)
  return {
    label: wanted.label,
    alias: wanted.address,
    hostname,
    port,
    user,
    knownAs: { host: hostname, port, ...(alias === undefined || alias === 'none' ? {} : { alias }) },
    knownHostsFiles: listKnownHostsFiles(ssh, settings, {
      own: deps.knownHostsFile,
      home: deps.home,
      expand,
    }),
    identities,
    ...(pinned === undefined ? {} : { pinned }),
    identitiesOnly: settings?.first('identitiesonly') === 'yes',
    ...(agentSocket === undefined ? {} : { agentSocket }),
    ...(ssh.password === undefined ? {} : { password: ssh.password }),
    ...(ssh.passphrase === undefined ? {} : { passphrase: ssh.passphrase }),
  }
}

function listKnownHostsFiles(
  ssh: ConnectionOptions,
  settings: SshSettings | undefined,
  given: { own: string; home: string; expand: (path: string) => string },
): string[] {
  const user =
    ssh.knownHosts === undefined
      ? split(settings?.first('userknownhostsfile'), ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'])
      : [ssh.knownHosts]
  const global = split(settings?.first('globalknownhostsfile'), [
    '/etc/ssh/ssh_known_hosts',
    '/etc/ssh/ssh_known_hosts2',
  ])
  return [given.own, ...[...user, ...global].filter((path) => path !== 'none').map(given.expand)]
}

function split(value: string | undefined, fallback: string[]): string[] {
  return value === undefined ? fallback : value.split(/\s+/)
}

function findAgent(
  settings: SshSettings | undefined,
  deps: ResolveDeps,
  expand: (path: string) => string,
): string | undefined {
  const said = settings?.first('identityagent')
  if (said === undefined || said === 'SSH_AUTH_SOCK') return deps.agentSocket
  return said === 'none' ? undefined : expand(said)
}

function defaultIdentities(): string[] {
  return ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa']
}

function expandPath(
  path: string,
  given: { home: string; hostname: string; user: string; port: number },
): string {
  const tokens: { readonly [token: string]: string } = {
    d: given.home,
    h: given.hostname,
    r: given.user,
    p: String(given.port),
    '%': '%',
  }
  const expanded = path.replace(/%([dhrp%])/g, (whole, token: string) => tokens[token] ?? whole)
  return expanded.replace(/^~(?=\/|$)/, given.home)
}
