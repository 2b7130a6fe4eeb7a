import type { Keyspace } from './cluster-state.ts'
import { invalidRequest } from './cql-result.ts'
import type { CqlResult } from './cql-result.ts'
import type { CqlContext } from './cql-context.ts'
import { schemaOf } from './schema.ts'
import { traitsOf } from './world.ts'

/** DESCRIBE KEYSPACE, KEYSPACES and CLUSTER. */
export function describeThing({ world, node, session, reader }: CqlContext): CqlResult {
  const { keyspaces } = schemaOf(world, node)
  if (reader.take('KEYSPACES')) {
    return { kind: 'text', text: `\n${Object.keys(keyspaces).toSorted().join('  ')}\n` }
  }
  if (reader.take('CLUSTER')) {
    const snitch = traitsOf(node).isModern ? '\nSnitch: DynamicEndpointSnitch' : ''
    return {
      kind: 'text',
      text: `\nCluster: ${node.saved?.clusterName ?? ''}\nPartitioner: Murmur3Partitioner${snitch}\n`,
    }
  }
  reader.take('KEYSPACE')
  const name = reader.name() ?? session.keyspace ?? ''
  const keyspace = keyspaces[name]
  if (keyspace === undefined) {
    const message = `'${name}' not found in keyspaces`
    return invalidRequest(message)
  }
  return { kind: 'text', text: `\n${formatKeyspace(keyspace)}\n` }
}

function formatKeyspace(keyspace: Keyspace): string {
  const options = Object.entries(keyspace.options).map(([key, factor]) => `, '${key}': '${factor}'`)
  return `CREATE KEYSPACE ${keyspace.name} WITH replication = {'class': '${keyspace.strategy}'${options.join('')}}  AND durable_writes = ${keyspace.durableWrites};`
}
