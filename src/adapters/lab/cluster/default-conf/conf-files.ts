import type { ReleaseLine } from '../version-traits.ts'
import { selectTraits } from '../version-traits.ts'
import { YAML_2_2, YAML_3_11 } from './cassandra-yaml-2-2.ts'
import { YAML_4_0, YAML_4_1, YAML_5_0 } from './cassandra-yaml-5-0.ts'

/** The text files of an unpacked distribution, by path below its top directory; `bin` holds programs and is not among them. */
export function distributionFiles(version: string): ReadonlyMap<string, string> {
  const traits = selectTraits(version)
  const topologyName = traits.isModern
    ? 'cassandra-topology.properties.example'
    : 'cassandra-topology.properties'
  return new Map([
    ['conf/cassandra.yaml', YAML[traits.line]],
    ['conf/cassandra-rackdc.properties', RACKDC],
    [`conf/${topologyName}`, TOPOLOGY],
    ['conf/cassandra-env.sh', ENV_SH],
    ['conf/cqlshrc.sample', traits.line === '2.2' ? CQLSHRC_OLD : CQLSHRC],
    ['conf/logback.xml', LOGBACK],
    [
      `conf/${traits.line === '2.2' ? 'jvm-options.txt' : 'jvm.options'}`,
      '# Options of the JVM, one a line.\n-ea\n',
    ],
    [`lib/apache-cassandra-${version}.jar`, `Implementation-Version: ${version}\n`],
    ['LICENSE.txt', 'A practice copy: it holds no code of the real program.\n'],
    ['NEWS.txt', `${version}\n`],
  ])
}

/** The version of an installation, told by its jar; undefined where nothing is installed. */
export function versionOfJar(fileNames: readonly string[]): string | undefined {
  const jar = fileNames
    .map((name) => /^apache-cassandra-(\d[\w.-]*)\.jar$/.exec(name))
    .find((match) => match !== null)
  return jar?.[1]
}

const YAML: Readonly<Record<ReleaseLine, string>> = {
  '2.2': YAML_2_2,
  '3.11': YAML_3_11,
  '4.0': YAML_4_0,
  '4.1': YAML_4_1,
  '5.0': YAML_5_0,
}

const RACKDC = `# Datacenter and rack of this node, for GossipingPropertyFileSnitch.
# Names are case-sensitive; a blank after a name becomes part of it.
dc=dc1
rack=rack1

# Appended to the datacenter's name by the cloud snitches.
#dc_suffix=

# Use the private address inside the own datacenter.
# prefer_local=true
`

const TOPOLOGY = `# Address=Datacenter:Rack, for PropertyFileSnitch (the same on all nodes).
192.168.1.100=DC1:RAC1
192.168.2.200=DC2:RAC2

10.0.0.10=DC1:RAC1
10.0.0.11=DC1:RAC1
10.20.114.10=DC2:RAC1

# Nodes that are not listed
default=DC1:r1
`

const ENV_SH = `# Sets the options of the JVM; read by bin/cassandra.
#MAX_HEAP_SIZE="4G"
#HEAP_NEWSIZE="800M"

# JMX is open on this machine only; use ssh to reach it.
if [ "x$LOCAL_JMX" = "x" ]; then
    LOCAL_JMX=yes
fi
JMX_PORT="7199"

# JVM_OPTS="$JVM_OPTS -Dcassandra.replace_address=<address>"
JVM_OPTS="$JVM_OPTS $JVM_EXTRA_OPTS"
`

const CQLSHRC = `; Settings of cqlsh; copy to ~/.cassandra/cqlshrc.

[authentication]
;username = fred
;password = !!bang!!$

[ui]
color = on
completekey = tab

[connection]
hostname = 127.0.0.1
port = 9042
;ssl = true
timeout = 10

[ssl]
;certfile = ~/keys/cassandra.cert
;validate = true
;userkey = ~/key.pem
;usercert = ~/cert.pem
`

const CQLSHRC_OLD = CQLSHRC.replace(';ssl = true', ';factory = cqlshlib.ssl.ssl_transport_factory').replace(
  ';validate = true',
  ';validate = true\n;version = TLSv1_2',
)

const LOGBACK = `<configuration scan="true">
  <!-- writes logs/system.log -->
  <root level="INFO">
    <appender-ref ref="SYSTEMLOG" />
  </root>
</configuration>
`
