import { buildNode } from '../fs/disk.ts'
import type { Disk, DiskNode } from '../fs/disk.ts'
import type { LabProcess } from '../program.ts'
import type { ProcessTable } from './process-table.ts'

/** Keeps `/proc/PID/stat`, `cmdline` and `comm` true to the process table from now on. */
export function showProcesses(host: {
  readonly disk: Disk
  readonly table: ProcessTable
  readonly bootedAtMs: number
}): void {
  const proc = host.disk.root.entries.get('proc')
  if (proc === undefined) return
  for (const name of proc.entries.keys()) if (isProcessName(name)) proc.entries.delete(name)
  host.table.onRow = (pid, process) => {
    if (process === undefined) proc.entries.delete(String(pid))
    else proc.entries.set(String(pid), buildEntry(host, process))
  }
  proc.entries.set('self', buildEntry(host, selfRow))
}

/** Whether a name in `/proc` is a process's, which no snapshot keeps. */
export function isProcessName(name: string): boolean {
  return /^\d+$/.test(name) || name === 'self'
}

/** Whoever reads `/proc/self` of a practice host sees that there is one, and no more. */
const selfRow: LabProcess = {
  pid: 0,
  ppid: 0,
  group: 0,
  user: 'root',
  command: 'self',
  startedAtMs: 0,
  ports: [],
}

function buildEntry(
  host: { readonly disk: Disk; readonly bootedAtMs: number },
  process: LabProcess,
): DiskNode {
  const shared = { uid: 0, gid: 0, mtimeMs: process.startedAtMs }
  const directory = buildNode(host.disk, { ...shared, kind: 'directory', mode: 0o555 })
  const files = {
    stat: formatStat(process, host.bootedAtMs),
    cmdline: `${process.command.replaceAll(' ', '\0')}\0`,
    comm: `${nameOf(process)}\n`,
  }
  for (const [name, text] of Object.entries(files)) {
    const file = buildNode(host.disk, { ...shared, kind: 'file', mode: 0o444 })
    file.text = text
    directory.entries.set(name, file)
  }
  return directory
}

/** The line of `/proc/PID/stat`: of its 52 fields those that a script looks at are true, the others 0. */
function formatStat(process: LabProcess, bootedAtMs: number): string {
  const startTicks = Math.max(0, Math.round((process.startedAtMs - bootedAtMs) / msPerTick))
  const before = [
    'S',
    process.ppid,
    process.group,
    process.group,
    0,
    -1,
    ...Array.from({ length: 13 }, () => 0),
  ]
  return `${process.pid} (${nameOf(process)}) ${[...before, startTicks, ...Array.from({ length: 30 }, () => 0)].join(' ')}\n`
}

function nameOf(process: LabProcess): string {
  return (process.command.split(' ')[0] ?? '').split('/').at(-1)?.slice(0, 15) ?? ''
}

/** USER_HZ is 100 on Linux. */
const msPerTick = 10
