import { randomUUID } from 'node:crypto'
import { buildAccounts, rootUser } from '../fs/accounts.ts'
import type { Accounts } from '../fs/accounts.ts'
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
import { showProcesses } from './proc-files.ts'
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

/** A host's lasting state as plain JSON. Processes do not last, so a restored host has been booted again. */
export type HostSnapshot = { readonly disk: DiskSnapshot }

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
  /** Sets this host's clock apart from the lab's. */
  skewClock(byMs: number): void
  onBoot(listener: () => void): void
  snapshot(): HostSnapshot
}

/** Builds a practice host with its disk, accounts and process table. */
export function buildLabHost(options: LabHostOptions): LabHost {
  const { clock, skewClock } = buildHostClock(options.clock)
  const accounts = buildAccounts(options.users, options.groups)
  const boot = { id: randomUUID(), atMs: clock.nowMs() }
  const disk = buildHostDisk(options, accounts, clock)
  const table = new ProcessTable(() => clock.nowMs())
  const listeners: (() => void)[] = []
  const handle = buildHandle({ options, table, boot, users: accounts.users })
  const fs = (user: LabUser = rootUser): LabFs =>
    openFsView({ disk, accounts, user, cwd: () => '/', umask: () => 0o022, nowMs: () => clock.nowMs() })
  const startUp = (): void => {
    showProcesses({ disk, table, bootedAtMs: boot.atMs })
    table.start({ pid: 1, ppid: 0, user: 'root', command: '/sbin/init' })
    table.start({ pid: sshdPid, user: 'root', command: 'sshd: /usr/sbin/sshd -D [listener]' })
    fs().mkdir('/proc/sys/kernel/random', { parents: true })
    fs().writeFile('/proc/sys/kernel/random/boot_id', `${boot.id}\n`)
  }
  startUp()
  return {
    handle,
    disk,
    machine: { host: handle, accounts, disk, clock, programs: options.programs, startShell },
    fs,
    user: (name) => accounts.users.find((user) => user.name === name),
    reboot: () => {
      table.endAll({ kind: 'reboot' })
      Object.assign(boot, { id: randomUUID(), atMs: clock.nowMs() })
      startUp()
      for (const listener of listeners) listener()
    },
    skewClock,
    onBoot: (listener) => void listeners.push(listener),
    snapshot: () => ({ disk: buildDiskSnapshot(disk) }),
  }
}

function buildHostClock(base: LabClock): { readonly clock: LabClock; skewClock(byMs: number): void } {
  let skewMs = 0
  return {
    clock: {
      nowMs: () => base.nowMs() + skewMs,
      sleep: (durationMs, signal) => base.sleep(durationMs, signal),
    },
    skewClock: (byMs) => {
      skewMs = byMs
    },
  }
}

function buildHostDisk(options: LabHostOptions, accounts: Accounts, clock: LabClock): Disk {
  if (options.snapshot !== undefined) return restoreDisk(options.snapshot.disk)
  const { capacityBytes, facts, programs } = options
  const nowMs = clock.nowMs()
  const disk = buildDisk({ mtimeMs: nowMs, ...(capacityBytes === undefined ? {} : { capacityBytes }) })
  layOutBaseFiles({ disk, accounts, facts, programs, nowMs })
  return disk
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
    changeProcess: (pid, change) => table.change(pid, change),
    endProcess: (pid) => table.end(pid),
    signalProcess: (pid, signal) => table.signal(pid, signal),
    listen: (port, service) => table.listen(port, service),
    unlisten: (port) => table.unlisten(port),
    ports: () => table.ports(),
    service: (port) => table.service(port),
  }
}

/** The SSH server's number in the process table. */
const sshdPid = 512

const emptyNetwork: LabNetwork = { find: () => undefined, reaches: () => false }
