import type { TransportLimits } from './limits.ts'
import type { Hop } from './target.ts'

export type ConfigGiven = {
  readonly limits: TransportLimits
  /** Configuration files of the user and the system, read after ours; the first value of a keyword wins. */
  readonly includes: readonly string[]
  /** The hop before, with its own configuration. */
  readonly via: { readonly program: string; readonly config: string; readonly alias: string } | undefined
  /** The inventory says that the user's jump host is not wanted. */ readonly isDirect: boolean
  /** Set for the target: the master that logs in, or a client that only goes through the master's socket. */
  readonly control: { readonly role: 'master' | 'client'; readonly controlPath: string } | undefined
}

/**
 * Writes the configuration with which the system's `ssh` reaches one hop. A client whose master is gone must fail
 * rather than open a connection of its own.
 */
export function formatOpensshConfig(hop: Hop, given: ConfigGiven): string {
  const { limits, control } = given
  const lines = [
    `User ${hop.user}`,
    `Port ${hop.port}`,
    ...(hop.pinned === undefined ? [] : [`IdentityFile ${quotePath(hop.pinned)}`]),
    `UserKnownHostsFile ${hop.knownHostsFiles.map(quotePath).join(' ')}`,
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
    'ControlPersist no',
    `ControlMaster ${control?.role === 'master' ? 'yes' : 'no'}`,
    `ControlPath ${control === undefined ? 'none' : quotePath(control.controlPath)}`,
    ...formatWay(given),
  ]
  const includes = given.includes.map((file) => `Include ${quotePath(file)}`)
  return ['Host *', ...[...lines, ...includes].map((line) => `  ${line}`), ''].join('\n')
}

function formatWay({ control, via, isDirect }: ConfigGiven): string[] {
  if (control?.role === 'client') return ['ProxyCommand /bin/false']
  if (via !== undefined)
    return [`ProxyCommand ${via.program} -F ${quotePath(via.config)} -W [%h]:%p -- ${via.alias}`]
  return isDirect ? ['ProxyJump none'] : []
}

function quotePath(path: string): string {
  return `"${path.replaceAll('%', '%%').replaceAll('"', '')}"`
}
