import { randomUUID } from 'node:crypto'
import { buildAccounts } from '../fs/accounts.ts'
import { buildDisk } from '../fs/disk.ts'
import type { Disk } from '../fs/disk.ts'
import { buildDiskSnapshot, restoreDisk } from '../fs/disk-snapshot.ts'
import type { DiskSnapshot } from '../fs/disk-snapshot.ts'
import { openFsView } from '../fs/fs-view.ts'
import type {
  LabClock,
  LabFs,
  LabHostFacts,
  LabHostHandle,
  LabNetwork,
  LabUser,
  ProgramTable,
} from '../program.ts'
import type { Machine } from '../shell/machine.ts'
import { startShell } from '../shell/start-shell.ts'
import { layOutBaseFiles } from './base-files.ts'
import { ProcessTable } from './process-table.ts'

export type LabHostOptions = {
  readonly facts: LabHostFacts
  readonly users: readonly LabUser[]
  readonly groups?: ReadonlyMap<string, number>
  readonly programs: ProgramTable
  readonly clock: LabClock
  readonly network?: LabNetwork
  readonly capacityBytes?: number
  /** What an earlier host of this name looked like; absent: a fresh disk. */
  readonly snapshot?: HostSnapshot
}

/** A host's lasting state as plain JSON: the disk and the boot; processes do not last. */
export type HostSnapshot = {
  readonly disk: DiskSnapshot
  readonly bootId: string
  readonly bootedAtMs: number
}

/** A practice host without its SSH server. */
export type LabHost = {
  readonly handle: LabHostHandle
  readonly machine: Machine
  readonly disk: Disk
  /** The file system as one user sees it, from the root directory; for root unless told. */
  fs(user?: LabUser): LabFs
  user(name: string): LabUser | undefined
  /** Ends all processes, changes the boot id and starts again; what asked to know is then told. */
  reboot(): void
  onBoot(listener: () => void): void
  snapshot(): HostSnapshot
}

/** Builds a practice host with its disk, accounts and process table. */
export function buildLabHost(options: LabHostOptions): LabHost {
  const { clock, facts } = options
  const accounts = buildAccounts(options.users, options.groups)
  const boot = {
    id: options.snapshot?.bootId ?? randomUUID(),
    atMs: options.snapshot?.bootedAtMs ?? clock.nowMs(),
  }
  const disk =
    options.snapshot === undefined ? buildDisk(diskOptions(options)) : restoreDisk(options.snapshot.disk)
  if (options.snapshot === undefined) {
    layOutBaseFiles({ disk, accounts, facts, programs: options.programs, nowMs: clock.nowMs() })
  }
  const table = new ProcessTable(() => clock.nowMs())
  const listeners: (() => void)[] = []
  const handle = buildHandle({ options, table, boot, users: accounts.users })
  const root = accounts.users.find((user) => user.uid === 0)
  const fs = (user = root): LabFs => {
    const viewer = user ?? options.users[0]
    if (viewer === undefined) throw new Error('a host has at least root')
    return openFsView({
      disk,
      accounts,
      user: viewer,
      cwd: () => '/',
      umask: () => 0o022,
      nowMs: () => clock.nowMs(),
    })
  }
  const writeBootFiles = (): void => {
    fs().mkdir('/proc/sys/kernel/random', { parents: true })
    fs().writeFile('/proc/sys/kernel/random/boot_id', `${boot.id}\n`)
  }
  writeBootFiles()
  return {
    handle,
    disk,
    machine: { host: handle, accounts, disk, clock, programs: options.programs, startShell },
    fs,
    user: (name) => accounts.users.find((user) => user.name === name),
    reboot: () => {
      table.endAll({ kind: 'reboot' })
      boot.id = randomUUID()
      boot.atMs = clock.nowMs()
      writeBootFiles()
      for (const listener of listeners) listener()
    },
    onBoot: (listener) => void listeners.push(listener),
    snapshot: () => ({ disk: buildDiskSnapshot(disk), bootId: boot.id, bootedAtMs: boot.atMs }),
  }
}

type HandleParts = {
  readonly options: LabHostOptions
  readonly table: ProcessTable
  readonly boot: { id: string; atMs: number }
  readonly users: readonly LabUser[]
}

function buildHandle({ options, table, boot, users }: HandleParts): LabHostHandle {
  return {
    name: options.facts.hostname,
    facts: options.facts,
    network: options.network ?? emptyNetwork,
    bootId: () => boot.id,
    bootedAtMs: () => boot.atMs,
    users: () => users,
    processes: () => table.list(),
    startProcess: (process) => table.start(process),
    endProcess: (pid) => table.end(pid),
    signalProcess: (pid, signal) => table.signal(pid, signal),
    listen: (port, service) => table.listen(port, service),
    unlisten: (port) => table.unlisten(port),
    ports: () => table.ports(),
    service: (port) => table.service(port),
  }
}

const emptyNetwork: LabNetwork = { find: () => undefined, reaches: () => false }

function diskOptions({ capacityBytes, clock }: LabHostOptions): { capacityBytes?: number; mtimeMs: number } {
  return { ...(capacityBytes === undefined ? {} : { capacityBytes }), mtimeMs: clock.nowMs() }
}
