import type { LabFs } from '../program.ts'

/** The part of a unit file that the practice hosts look at. */
export type SystemdUnit = {
  readonly name: string
  readonly path: string
  readonly description: string
  readonly user: string
  readonly command: readonly string[]
  readonly environment: ReadonlyMap<string, string>
}

export const UNIT_DIRECTORIES = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system']

/** The unit of a name such as `cassandra` or `cassandra.service`; undefined where there is no file. */
export function readUnit(fs: LabFs, name: string): SystemdUnit | undefined {
  const full = name.endsWith('.service') ? name : `${name}.service`
  for (const directory of UNIT_DIRECTORIES) {
    const path = `${directory}/${full}`
    const read = fs.readFile(path)
    if (read.ok) return parseUnit(read.value, { name: full, path })
  }
  return undefined
}

/** A unit file for an installation, as an administrator would write it. */
export function cassandraUnitText(options: { home: string; user: string; javaHome: string }): string {
  return `[Unit]
Description=Cassandra
After=network.target

[Service]
Type=forking
User=${options.user}
Environment=JAVA_HOME=${options.javaHome}
PIDFile=${options.home}/cassandra.pid
ExecStart=${options.home}/bin/cassandra -p ${options.home}/cassandra.pid
LimitNOFILE=100000
LimitMEMLOCK=infinity
LimitNPROC=32768

[Install]
WantedBy=multi-user.target
`
}

function parseUnit(text: string, file: { name: string; path: string }): SystemdUnit {
  const values = new Map<string, string>()
  const environment = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line)
    if (match?.[1] === undefined) continue
    values.set(match[1], match[2] ?? '')
    if (match[1] !== 'Environment') continue
    for (const pair of (match[2] ?? '').matchAll(/"?([A-Za-z_][A-Za-z0-9_]*)=([^"\s]*)"?/g)) {
      environment.set(pair[1] ?? '', pair[2] ?? '')
    }
  }
  return {
    ...file,
    description: values.get('Description') ?? file.name,
    user: values.get('User') ?? 'root',
    command: (values.get('ExecStart') ?? '').split(/\s+/).filter((word) => word !== ''),
    environment,
  }
}
