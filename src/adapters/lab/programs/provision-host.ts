import type { JavaInfo } from '../cluster/cluster-state.ts'
import type { LabFs } from '../program.ts'
import { DEFAULT_JAVA_HOME } from './find-java.ts'
import { archiveText, PROGRAM_STORE, unpackDistribution } from './installation.ts'
import { cassandraUnitText } from './systemd-unit.ts'

export type HostProvision = {
  /** Versions whose archives lie ready as `/opt/stage/apache-cassandra-VERSION-bin.tar.gz`. */
  readonly archives?: readonly string[]
  /** By home, for example `/opt/jre8`; the first is also the machine's own. */
  readonly javas?: Readonly<Record<string, JavaInfo>>
  readonly pythons?: readonly ('python2.7' | 'python3')[]
  /** An installation that is there already. */
  readonly installed?: { readonly version: string; readonly home: string; readonly owner?: string }
  /** A unit file for systemctl. */
  readonly unit?: {
    readonly name: string
    readonly home: string
    readonly user: string
    readonly javaHome: string
  }
}

/** Where the archives lie. */
export const STAGE_DIRECTORY = '/opt/stage'

/** Puts on an empty machine what stands on it before a runbook begins; `fs` must have root's rights. */
export function provisionClusterHost(fs: LabFs, provision: HostProvision): void {
  fs.mkdir(STAGE_DIRECTORY, { parents: true })
  for (const version of provision.archives ?? []) {
    fs.writeFile(`${STAGE_DIRECTORY}/apache-cassandra-${version}-bin.tar.gz`, archiveText(version))
  }
  for (const [index, [home, java]] of Object.entries(provision.javas ?? {}).entries()) {
    provisionJava(fs, home, java)
    if (index === 0) provisionJava(fs, DEFAULT_JAVA_HOME, java)
  }
  fs.mkdir('/usr/bin', { parents: true })
  for (const python of provision.pythons ?? [])
    fs.writeProgram(`/usr/bin/${python}`, `${PROGRAM_STORE}/${python}`)
  if (Object.keys(provision.javas ?? {}).length > 0) fs.writeProgram('/usr/bin/java', `${PROGRAM_STORE}/java`)
  provisionInstallation(fs, provision)
  provisionKernel(fs)
}

function provisionJava(fs: LabFs, home: string, java: JavaInfo): void {
  fs.mkdir(`${home}/bin`, { parents: true })
  for (const name of ['java', 'jps', 'keytool'])
    fs.writeProgram(`${home}/bin/${name}`, `${PROGRAM_STORE}/${name}`)
  fs.writeFile(`${home}/release`, `JAVA_VERSION="${java.version}"\nIMPLEMENTOR="${java.vendor}"\n`)
}

function provisionInstallation(fs: LabFs, { installed, unit }: HostProvision): void {
  if (installed !== undefined) {
    unpackDistribution(fs, installed.version, installed.home)
    if (installed.owner !== undefined) chownTree(fs, installed.home, installed.owner)
  }
  if (unit === undefined) return
  fs.mkdir('/etc/systemd/system', { parents: true })
  fs.writeFile(`/etc/systemd/system/${unit.name}.service`, cassandraUnitText(unit))
}

function provisionKernel(fs: LabFs): void {
  for (const [path, text] of [
    ['/proc/swaps', 'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n'],
    ['/proc/sys/vm/swappiness', '30\n'],
    ['/proc/sys/vm/max_map_count', '65530\n'],
  ] as const) {
    fs.mkdir(path.slice(0, path.lastIndexOf('/')), { parents: true })
    fs.writeFile(path, text)
  }
}

function chownTree(fs: LabFs, path: string, owner: string): void {
  fs.chown(path, { owner })
  const names = fs.list(path)
  if (names.ok) for (const name of names.value) chownTree(fs, `${path}/${name}`, owner)
}
