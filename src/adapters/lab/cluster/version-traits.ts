/** The release lines whose behaviour differs. */
export type ReleaseLine = '2.2' | '3.11' | '4.0' | '4.1' | '5.0'

/** What one Cassandra version does differently from another, as far as an operator can see it. */
export type VersionTraits = {
  readonly version: string
  readonly line: ReleaseLine
  /** `KB` up to 3.0, `KiB` since. */
  readonly kilobyte: 'KB' | 'KiB'
  /** Major versions of Java that it starts on. */
  readonly javaMajors: readonly number[]
  /** `system.schema_keyspaces` before 3.0, `system_schema.keyspaces` since. */
  readonly hasSchemaKeyspace: boolean
  /** Extended describecluster, `datacenters` of LIST ROLES, refusal of unknown datacenters and of ALTER while a node joins. */
  readonly isModern: boolean
  readonly hasThrift: boolean
  /** Refuses to start as root without `-R`. */
  readonly refusesRoot: boolean
  /** Says on ALTER that a raised factor needs a full repair. */
  readonly warnsOnRaisedFactor: boolean
  /** Since 4.1 roles are read at LOCAL_QUORUM and written at EACH_QUORUM. */
  readonly hasQuorumAuth: boolean
  /** The internode TLS port is 7001 up to 3.11; since 4.0 TLS runs on the storage port. */
  readonly hasSeparateTlsPort: boolean
  readonly cqlsh: { readonly version: string; readonly spec: string; readonly protocol: string }
}

/** The traits of a version such as `2.2.8`; unknown ones are taken for their nearest release line. */
export function selectTraits(version: string): VersionTraits {
  const line = selectLine(version)
  const rank = ['2.2', '3.11', '4.0', '4.1', '5.0'].indexOf(line)
  return {
    version,
    line,
    kilobyte: rank >= 1 ? 'KiB' : 'KB',
    javaMajors: JAVA_MAJORS[line],
    hasSchemaKeyspace: rank >= 1,
    isModern: rank >= 2,
    hasThrift: rank <= 1,
    refusesRoot: rank >= 1,
    warnsOnRaisedFactor: rank >= 1,
    hasQuorumAuth: rank >= 3,
    hasSeparateTlsPort: rank <= 1,
    cqlsh: CQLSH[line],
  }
}

const JAVA_MAJORS: Readonly<Record<ReleaseLine, readonly number[]>> = {
  '2.2': [7, 8],
  '3.11': [8],
  '4.0': [8, 11],
  '4.1': [8, 11],
  '5.0': [11, 17],
}

const CQLSH: Readonly<Record<ReleaseLine, VersionTraits['cqlsh']>> = {
  '2.2': { version: '5.0.1', spec: '3.3.1', protocol: 'v4' },
  '3.11': { version: '5.0.1', spec: '3.4.4', protocol: 'v4' },
  '4.0': { version: '6.0.0', spec: '3.4.5', protocol: 'v5' },
  '4.1': { version: '6.1.0', spec: '3.4.6', protocol: 'v5' },
  '5.0': { version: '6.2.0', spec: '3.4.7', protocol: 'v5' },
}

function selectLine(version: string): ReleaseLine {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  if (major <= 2) return '2.2'
  if (major === 3) return '3.11'
  if (major === 4) return minor === 0 ? '4.0' : '4.1'
  return '5.0'
}
