import type { CqlContext, CqlSession } from './cql-context.ts'
import { runGrantStatement } from './cql-grants.ts'
import { runKeyspaceStatement } from './cql-keyspaces.ts'
import { CQL_DONE, invalidRequest, syntaxError } from './cql-result.ts'
import type { CqlResult } from './cql-result.ts'
import { runRoleStatement } from './cql-roles.ts'
import { runSelect } from './cql-select.ts'
import { createCqlReader, parseCqlTokens } from './cql-text.ts'
import { describeThing } from './cql-describe.ts'
import type { Consistency } from './role-storage.ts'
import { schemaOf } from './schema.ts'
import { findNode } from './world.ts'
import type { World } from './world.ts'

/** Runs one statement; the session comes back since USE and CONSISTENCY change it. */
export function runCql(
  world: World,
  session: CqlSession,
  statement: string,
): { readonly result: CqlResult; readonly session: CqlSession } {
  const node = findNode(world, session.node)
  if (node === undefined || !node.isServingCql) {
    return { session, result: { ...invalidRequest('Connection is closed'), name: 'ConnectionShutdown' } }
  }
  const context = { world, node, session, reader: createCqlReader(parseCqlTokens(statement)) }
  const changed = changeSession(context)
  if (changed !== undefined) return changed
  return { session, result: runStatement(context, statement) }
}

function runStatement(context: CqlContext, statement: string): CqlResult {
  const { reader } = context
  if (reader.take('SELECT')) return runSelect(context)
  if (reader.take('DESCRIBE') || reader.take('DESC')) return describeThing(context)
  return (
    runKeyspaceStatement(context) ??
    runGrantStatement(context) ??
    runRoleStatement(context) ??
    refuseStatement(context, statement)
  )
}

function refuseStatement({ reader }: CqlContext, statement: string): CqlResult {
  const first = reader.peek()?.text ?? ''
  const known = [
    'CREATE',
    'ALTER',
    'DROP',
    'INSERT',
    'UPDATE',
    'DELETE',
    'GRANT',
    'REVOKE',
    'TRUNCATE',
    'BATCH',
  ]
  if (known.includes(first.toUpperCase())) {
    return invalidRequest(
      `The practice cluster cannot do this: ${statement.trim().split(/\s+/).slice(0, 2).join(' ')}`,
    )
  }
  return syntaxError(`line 1:0 no viable alternative at input '${first}' ([${first}]...)`)
}

function changeSession(context: CqlContext): { result: CqlResult; session: CqlSession } | undefined {
  const { world, node, session, reader } = context
  if (reader.take('USE')) {
    const keyspace = reader.name() ?? ''
    if (schemaOf(world, node).keyspaces[keyspace] !== undefined) {
      return { session: { ...session, keyspace }, result: CQL_DONE }
    }
    return { session, result: invalidRequest(`Keyspace '${keyspace}' does not exist`) }
  }
  if (!reader.take('CONSISTENCY')) return undefined
  const level = reader.next()?.text.toUpperCase()
  if (level === undefined) {
    return { session, result: { kind: 'text', text: `Current consistency level is ${session.consistency}.` } }
  }
  const consistency = LEVELS.find((each) => each === level)
  if (consistency === undefined) return { session, result: syntaxError(`Improper CONSISTENCY command.`) }
  const text = `Consistency level set to ${consistency}.`
  return { session: { ...session, consistency }, result: { kind: 'text', text } }
}

const LEVELS: readonly Consistency[] = ['ONE', 'LOCAL_ONE', 'QUORUM', 'LOCAL_QUORUM', 'EACH_QUORUM']
