import type { Grant, RoleRow } from './cluster-state.ts'
import type { CqlContext } from './cql-context.ts'
import { CQL_DONE, invalidRequest, syntaxError, unauthorized, unavailableError } from './cql-result.ts'
import type { CqlResult } from './cql-result.ts'
import type { CqlReader } from './cql-text.ts'
import { readAllRoles, readConsistencyOf, readRole, writeRole } from './role-storage.ts'

/** GRANT, REVOKE and LIST ALL PERMISSIONS; undefined where it is another statement. */
export function runGrantStatement(context: CqlContext): CqlResult | undefined {
  const { reader } = context
  if (reader.take('GRANT')) return changeGrants(context, 'TO')
  if (reader.take('REVOKE')) return changeGrants(context, 'FROM')
  if (reader.take('LIST', 'ALL')) return listPermissions(context)
  return undefined
}

/** Whether a role may do something with a keyspace (undefined: with all of them). */
export function mayUseKeyspace(
  role: RoleRow | undefined,
  permission: string,
  keyspace: string | undefined,
): boolean {
  if (role === undefined || role.superuser) return role !== undefined
  const resources = ['ALL KEYSPACES', ...(keyspace === undefined ? [] : [`KEYSPACE ${keyspace}`])]
  return role.grants.some((grant) => grant.permission === permission && resources.includes(grant.resource))
}

const KEYSPACE_PERMISSIONS = ['CREATE', 'ALTER', 'DROP', 'SELECT', 'MODIFY', 'AUTHORIZE']
const ROLE_PERMISSIONS = ['CREATE', 'ALTER', 'DROP', 'AUTHORIZE', 'DESCRIBE']

function changeGrants(context: CqlContext, word: 'TO' | 'FROM'): CqlResult {
  const { world, node, reader, session } = context
  const wanted = readPermission(reader)
  const resource = reader.take('ON') ? readResource(reader) : undefined
  const name = reader.take(word) ? reader.name() : undefined
  if (wanted === undefined || resource === undefined || name === undefined || !reader.isAtEnd()) {
    return syntaxError(`line 1:0 no viable alternative at input '${word === 'TO' ? 'GRANT' : 'REVOKE'}'`)
  }
  if (node.config?.authorizer !== 'CassandraAuthorizer') {
    return invalidRequest(
      `${word === 'TO' ? 'GRANT' : 'REVOKE'} operation is not supported by AllowAllAuthorizer`,
    )
  }
  if (session.role?.superuser !== true) {
    return unauthorized(
      `User ${session.role?.name ?? 'anonymous'} has no AUTHORIZE permission on <${resource.toLowerCase()}> or any of its parents`,
    )
  }
  const read = readRole(world, node, { role: name, consistency: readConsistencyOf(node, name), repair: true })
  if (read.kind === 'unavailable') return unavailableError(read)
  if (read.row === undefined) return invalidRequest(`Role ${name} doesn't exist`)
  const possible = /ROLES?\b/.test(resource) ? ROLE_PERMISSIONS : KEYSPACE_PERMISSIONS
  const changed = possible.filter((permission) => wanted === 'ALL' || permission === wanted)
  const rest = read.row.grants.filter(
    (grant) => grant.resource !== resource || !changed.includes(grant.permission),
  )
  const added: Grant[] = word === 'TO' ? changed.map((permission) => ({ resource, permission })) : []
  const written = writeRole(world, node, { ...read.row, grants: [...rest, ...added] })
  return written.kind === 'unavailable' ? unavailableError(written) : CQL_DONE
}

function readPermission(reader: CqlReader): string | undefined {
  const word = reader.name()?.toUpperCase()
  reader.take('PERMISSIONS')
  reader.take('PERMISSION')
  return word
}

function readResource(reader: CqlReader): string | undefined {
  if (reader.take('ALL', 'KEYSPACES')) return 'ALL KEYSPACES'
  if (reader.take('ALL', 'ROLES')) return 'ALL ROLES'
  const kind = ['KEYSPACE', 'ROLE', 'TABLE'].find((word) => reader.take(word)) ?? 'TABLE'
  const name = reader.name()
  if (name === undefined) return undefined
  return reader.take('.') ? `${kind} ${name}.${reader.name() ?? ''}` : `${kind} ${name}`
}

function listPermissions({ world, node, session, reader }: CqlContext): CqlResult {
  if (node.config?.authorizer !== 'CassandraAuthorizer') {
    return invalidRequest('LIST PERMISSIONS operation is not supported by AllowAllAuthorizer')
  }
  reader.take('PERMISSIONS')
  const of = reader.take('OF') ? reader.name() : undefined
  if (session.role?.superuser !== true && session.role?.name !== of) {
    return unauthorized("You are not authorized to view everyone's permissions")
  }
  const read = readAllRoles(world, node, 'QUORUM')
  if (read.kind === 'unavailable') return unavailableError(read)
  const rows = read.rows.filter((row) => of === undefined || row.name === of)
  return {
    kind: 'rows',
    columns: ['role', 'username', 'resource', 'permission'],
    rows: rows.flatMap((row) =>
      row.grants.map((grant) => [row.name, row.name, formatResource(grant.resource), grant.permission]),
    ),
  }
}

/** `<all keyspaces>`, `<keyspace k>`, `<role r>`. */
function formatResource(resource: string): string {
  const [kind = '', name = ''] = resource.split(' ')
  return resource.startsWith('ALL') ? `<${resource.toLowerCase()}>` : `<${kind.toLowerCase()} ${name}>`
}
