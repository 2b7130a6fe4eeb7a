import { identityOf } from '../fs/accounts.ts'
import type { Accounts } from '../fs/accounts.ts'
import { buildNode, nullDevice, setText } from '../fs/disk.ts'
import type { Disk, DiskNode } from '../fs/disk.ts'
import type { LabHostFacts, ProgramTable } from '../program.ts'
import { shellProgram } from '../shell/find-program.ts'

/** What a fresh host's disk is laid out from. */
export type BaseFiles = {
  readonly disk: Disk
  readonly accounts: Accounts
  readonly facts: LabHostFacts
  readonly programs: ProgramTable
  readonly nowMs: number
}

/** Lays out a fresh server: directories, accounts, the shell and the installed programs. */
export function layOutBaseFiles(base: BaseFiles): void {
  for (const [path, mode] of directories) placeDirectory(base, path, { mode })
  placeLink(base, '/bin', 'usr/bin')
  placeLink(base, '/sbin', 'usr/sbin')
  for (const user of base.accounts.users) {
    placeDirectory(base, user.home, { mode: user.uid === 0 ? 0o700 : 0o755, uid: user.uid, gid: user.gid })
  }
  const { facts } = base
  placeFile(base, '/dev/null', { program: nullDevice, mode: 0o666 })
  placeFile(base, '/etc/hostname', { text: `${facts.hostname}\n` })
  placeFile(base, '/etc/hosts', {
    text: `127.0.0.1\tlocalhost\n${facts.addresses[0] ?? '127.0.1.1'}\t${facts.fqdn} ${facts.hostname}\n`,
  })
  placeFile(base, '/etc/os-release', {
    text: `PRETTY_NAME="${facts.os.prettyName}"\nID=${facts.os.id}\nVERSION_ID="${facts.os.versionId}"\n`,
  })
  placeFile(base, '/etc/passwd', { text: passwdOf(base.accounts) })
  placeFile(base, '/etc/group', { text: groupsOf(base.accounts) })
  for (const name of ['sh', 'dash', 'bash'])
    placeFile(base, `/usr/bin/${name}`, { program: shellProgram, mode: 0o755 })
  for (const key of base.programs.keys()) {
    placeFile(base, key.startsWith('/') ? key : `/usr/bin/${key}`, { program: key, mode: 0o755 })
  }
}

/** The lines of `/etc/passwd`. */
export function passwdOf(accounts: Accounts): string {
  return accounts.users
    .map(({ name, uid, gid, home }) => `${name}:x:${uid}:${gid}:${name}:${home}:/bin/sh\n`)
    .join('')
}

/** The lines of `/etc/group`. */
export function groupsOf(accounts: Accounts): string {
  const lines: string[] = []
  for (const [name, gid] of accounts.groups) {
    const members = accounts.users.filter(
      (user) => user.gid !== gid && identityOf(accounts, user).gids.has(gid),
    )
    lines.push(`${name}:x:${gid}:${members.map((user) => user.name).join(',')}\n`)
  }
  return lines.join('')
}

const directories: readonly (readonly [string, number])[] = [
  ['/dev', 0o755],
  ['/etc', 0o755],
  ['/home', 0o755],
  ['/opt', 0o755],
  ['/proc/sys/kernel/random', 0o755],
  ['/run', 0o755],
  ['/srv', 0o755],
  ['/tmp', 0o1777],
  ['/usr/bin', 0o755],
  ['/usr/local/bin', 0o755],
  ['/usr/local/sbin', 0o755],
  ['/usr/sbin', 0o755],
  ['/var/lib', 0o755],
  ['/var/log', 0o755],
  ['/var/tmp', 0o1777],
]

type Placed = { readonly mode?: number; readonly uid?: number; readonly gid?: number }

function placeDirectory(base: BaseFiles, path: string, options: Placed): void {
  let node = base.disk.root
  for (const name of path.split('/').filter((part) => part !== '')) {
    const next = node.entries.get(name) ?? add(base, node, { name, kind: 'directory', mode: 0o755 })
    node = next
  }
  if (node === base.disk.root) return
  Object.assign(node, { mode: options.mode ?? 0o755, uid: options.uid ?? 0, gid: options.gid ?? 0 })
}

function placeFile(
  base: BaseFiles,
  path: string,
  options: Placed & { text?: string; program?: string },
): void {
  const cut = path.lastIndexOf('/')
  const parent = directoryAt(base, path.slice(0, cut))
  const node = add(base, parent, { name: path.slice(cut + 1), kind: 'file', mode: options.mode ?? 0o644 })
  setText(
    base.disk,
    node,
    options.text ?? (options.program === nullDevice ? '' : `\u007fELF ${options.program}\n`),
  )
  node.program = options.program
}

function placeLink(base: BaseFiles, path: string, target: string): void {
  add(base, base.disk.root, { name: path.slice(1), kind: 'symlink', mode: 0o777, target })
}

function directoryAt(base: BaseFiles, path: string): DiskNode {
  let node = base.disk.root
  for (const name of path.split('/').filter((part) => part !== '')) {
    node = node.entries.get(name) ?? add(base, node, { name, kind: 'directory', mode: 0o755 })
  }
  return node
}

type Added = {
  readonly name: string
  readonly kind: DiskNode['kind']
  readonly mode: number
  readonly target?: string
}

function add({ disk, nowMs }: BaseFiles, parent: DiskNode, { name, ...rest }: Added): DiskNode {
  const node = buildNode(disk, { ...rest, uid: 0, gid: 0, mtimeMs: nowMs })
  parent.entries.set(name, node)
  return node
}
