import type { TransportLimits } from './limits.ts'
import type { Target } from './target.ts'

export type ConfigGiven = {
  readonly target: Target
  readonly controlPath: string
  readonly limits: TransportLimits
  /** Configuration files of the user and the system, read after ours; the first value of a keyword wins. */
  readonly includes: readonly string[]
}

/**
 * Writes the configuration for the system's `ssh`: for the master, and for the clients that only go through its
 * socket. A client whose master is gone must fail rather than open a connection of its own.
 */
export function formatOpensshConfig(role: 'master' | 'client', given: ConfigGiven): string {
  const { target, limits } = given
  const hop = target.hops.at(-1)
  const { ssh } = target.host
  const forAll = [
    'BatchMode yes',
    'StrictHostKeyChecking yes',
    `ServerAliveInterval ${Math.max(1, Math.round(limits.keepaliveIntervalMs / 1000))}`,
    `ServerAliveCountMax ${limits.keepaliveCount}`,
    'ForwardAgent no',
    'ForwardX11 no',
    'ClearAllForwardings yes',
    'PermitLocalCommand no',
    'EscapeChar none',
    'RemoteCommand none',
    ...(hop === undefined ? [] : [`UserKnownHostsFile ${hop.knownHostsFiles.map(quotePath).join(' ')}`]),
  ]
  const jump = ssh.jump === undefined ? [] : [`ProxyJump ${describeJumps(target)}`]
  const own = [
    `ControlPath ${quotePath(given.controlPath)}`,
    `ControlMaster ${role === 'master' ? 'yes' : 'no'}`,
    'ControlPersist no',
    ...(ssh.user === undefined ? [] : [`User ${ssh.user}`]),
    ...(ssh.port === undefined ? [] : [`Port ${ssh.port}`]),
    ...(hop?.pinned === undefined ? [] : [`IdentityFile ${quotePath(hop.pinned)}`]),
    ...(role === 'client' ? ['ProxyCommand /bin/false'] : jump),
  ]
  return [
    `Host ${target.alias ?? target.host.name}`,
    ...own.map((line) => `  ${line}`),
    'Host *',
    ...forAll.map((line) => `  ${line}`),
    ...given.includes.map((file) => `  Include ${quotePath(file)}`),
    '',
  ].join('\n')
}

function describeJumps(target: Target): string {
  return target.hops
    .slice(0, -1)
    .map((hop) => `${hop.user}@${hop.hostname}:${hop.port}`)
    .join(',')
}

function quotePath(path: string): string {
  return `"${path.replaceAll('%', '%%').replaceAll('"', '')}"`
}
