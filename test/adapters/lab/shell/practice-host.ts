import { buildLabClock } from '../../../../src/adapters/lab/host/lab-clock.ts'
import { buildLabHost } from '../../../../src/adapters/lab/host/lab-host.ts'
import type { HostSnapshot, LabHost } from '../../../../src/adapters/lab/host/lab-host.ts'
import type { LabClock, LabUser, Program } from '../../../../src/adapters/lab/program.ts'
import { filePrograms } from '../../../../src/adapters/lab/shell/programs/table.ts'
import { runScript } from '../../../../src/adapters/lab/shell/run-script.ts'
import type { ScriptResult } from '../../../../src/adapters/lab/shell/run-script.ts'

/** The ordinary account of the test hosts. */
export const ops: LabUser = {
  name: 'ops',
  uid: 1000,
  gid: 1000,
  group: 'ops',
  groups: ['ops'],
  home: '/home/ops',
}

/** A practice host with the file programs and an account `ops`. */
export function buildPracticeHost(
  options: {
    readonly programs?: Readonly<Record<string, Program>>
    readonly clock?: LabClock
    readonly capacityBytes?: number
    readonly snapshot?: HostSnapshot
  } = {},
): LabHost {
  return buildLabHost({
    facts: {
      hostname: 'node1',
      fqdn: 'node1.lab.example',
      addresses: ['192.168.10.1'],
      os: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
      kernel: '6.1.0-18-amd64',
      cpus: 4,
      memoryBytes: 8 * 1024 ** 3,
    },
    users: [ops],
    programs: new Map([...filePrograms, ...Object.entries(options.programs ?? {})]),
    clock: options.clock ?? buildLabClock(),
    ...(options.snapshot === undefined ? {} : { snapshot: options.snapshot }),
    ...(options.capacityBytes === undefined ? {} : { capacityBytes: options.capacityBytes }),
  })
}

/** Runs `sh -c SCRIPT` as `ops` on a host (a fresh one unless given). */
export async function runShell(
  script: string,
  options: { readonly host?: LabHost; readonly stdin?: string; readonly user?: LabUser } = {},
): Promise<ScriptResult> {
  const host = options.host ?? buildPracticeHost()
  return runScript({
    machine: host.machine,
    user: options.user ?? ops,
    argv: ['sh', '-c', script],
    stdin: options.stdin ?? '',
  })
}
