import type { RoleRow } from './cluster-state.ts'
import { CQL_DONE, invalidRequest, syntaxError, unauthorized, unavailableError } from './cql-result.ts'
import type { CqlError, CqlResult } from './cql-result.ts'
import type { CqlReader } from './cql-text.ts'
import type { CqlContext } from './cql-context.ts'
import { readAllRoles, readConsistencyOf, readRole, writeRole } from './role-storage.ts'
import { seededPasswordHash } from './seeded-ids.ts'
import { traitsOf } from './world.ts'

/** CREATE, ALTER, DROP and LIST of roles (and users, their older name); undefined where it is another statement. */
export function runRoleStatement(context: CqlContext): CqlResult | undefined {
  const { reader } = context
  if (reader.take('CREATE', 'ROLE') || reader.take('CREATE', 'USER')) return createRole(context)
  if (reader.take('ALTER', 'ROLE') || reader.take('ALTER', 'USER')) return alterRole(context)
  if (reader.take('DROP', 'ROLE') || reader.take('DROP', 'USER')) return dropRole(context)
  if (reader.take('LIST', 'ROLES') || reader.take('LIST', 'USERS')) return listRoles(context)
  return undefined
}

function createRole(context: CqlContext): CqlResult {
  const { reader, session } = context
  const ifNotExists = reader.take('IF', 'NOT', 'EXISTS')
  const name = readRoleName(reader)
  const options = readOptions(reader)
  if ('kind' in options) return options
  if (session.role === undefined) return unauthorized(ANONYMOUS)
  if (!session.role.superuser) {
    return unauthorized(
      `User ${session.role.name} has no CREATE permission on <all roles> or any of its parents`,
    )
  }
  const found = lookUp(context, name)
  if (found.kind === 'unavailable') return unavailableError(found)
  if (found.row !== undefined) return ifNotExists ? CQL_DONE : invalidRequest(`${name} already exists`)
  const blank = { superuser: false, login: false, passwordHash: undefined, grants: [], deleted: false }
  return storeRole(context, { name, ...blank, ...options })
}

function alterRole(context: CqlContext): CqlResult {
  const { reader, session } = context
  const ifExists = reader.take('IF', 'EXISTS')
  const name = readRoleName(reader)
  const options = readOptions(reader)
  if ('kind' in options) return options
  const actor = session.role
  if (actor === undefined) return unauthorized(ANONYMOUS)
  const found = lookUp(context, name)
  if (found.kind === 'unavailable') return unavailableError(found)
  if (found.row === undefined) return ifExists ? CQL_DONE : invalidRequest(`${name} doesn't exist`)
  if (options.superuser !== undefined && actor.name === name) {
    return unauthorized(
      "You aren't allowed to alter your own superuser status or that of a role granted to you",
    )
  }
  if (options.superuser !== undefined && !actor.superuser) {
    return unauthorized('Only superusers are allowed to alter superuser status')
  }
  if (!actor.superuser && actor.name !== name) {
    return unauthorized(
      `User ${actor.name} does not have sufficient privileges to perform the requested operation`,
    )
  }
  return storeRole(context, { ...found.row, ...options })
}

function dropRole(context: CqlContext): CqlResult {
  const { reader, session } = context
  const ifExists = reader.take('IF', 'EXISTS')
  const name = readRoleName(reader)
  if (session.role === undefined) return unauthorized(ANONYMOUS)
  if (session.role.name === name) return invalidRequest('Cannot DROP primary role for current login')
  if (!session.role.superuser) {
    return unauthorized(
      `User ${session.role.name} has no DROP permission on <role ${name}> or any of its parents`,
    )
  }
  const found = lookUp(context, name)
  if (found.kind === 'unavailable') return unavailableError(found)
  if (found.row === undefined) return ifExists ? CQL_DONE : invalidRequest(`${name} doesn't exist`)
  return storeRole(context, { ...found.row, deleted: true })
}

function listRoles(context: CqlContext): CqlResult {
  const { world, node, session } = context
  if (session.role === undefined && node.config?.authenticator === 'PasswordAuthenticator')
    return unauthorized(ANONYMOUS)
  const read = readAllRoles(world, node, 'QUORUM')
  if (read.kind === 'unavailable') return unavailableError(read)
  const rows = read.rows.filter(
    (row) => session.role === undefined || session.role.superuser || row.name === session.role.name,
  )
  const isModern = traitsOf(node).isModern
  return {
    kind: 'rows',
    columns: ['role', 'super', 'login', 'options', ...(isModern ? ['datacenters'] : [])],
    rows: rows.map((row) => [row.name, row.superuser, row.login, {}, ...(isModern ? ['ALL'] : [])]),
  }
}

const ANONYMOUS = 'You have to be logged in and not anonymous to perform this request'

function lookUp({ world, node }: CqlContext, name: string): ReturnType<typeof readRole> {
  return readRole(world, node, { role: name, consistency: readConsistencyOf(node, name), repair: true })
}

function storeRole({ world, node }: CqlContext, row: Omit<RoleRow, 'writtenAt'>): CqlResult {
  const written = writeRole(world, node, row)
  return written.kind === 'unavailable' ? unavailableError(written) : CQL_DONE
}

function readRoleName(reader: CqlReader): string {
  const token = reader.peek()
  if (token?.kind !== 'string') return reader.name() ?? ''
  reader.next()
  return token.text
}

type RoleOptions = { passwordHash?: string; superuser?: boolean; login?: boolean }

/** `WITH PASSWORD = '…' AND SUPERUSER = true AND LOGIN = true`; for users `WITH PASSWORD '…' SUPERUSER`. */
function readOptions(reader: CqlReader): RoleOptions | CqlError {
  const options: RoleOptions = {}
  if (!reader.take('WITH')) return readUserFlag(reader, options)
  do {
    const option = reader.name()
    const hasSign = reader.take('=')
    const value = reader.next()
    if (option === 'password' && value?.kind === 'string') {
      options.passwordHash = seededPasswordHash(value.text)
      if (!hasSign) options.login = true
    } else if ((option === 'superuser' || option === 'login') && /^(true|false)$/i.test(value?.text ?? '')) {
      options[option] = value?.text.toLowerCase() === 'true'
    } else if (option === 'options' || option === 'access') {
      return syntaxError(`line 1:0 ${option} is not part of the practice cluster`)
    } else {
      return syntaxError(
        `line 1:${value?.at ?? 0} no viable alternative at input '${value?.text ?? option ?? ''}'`,
      )
    }
  } while (reader.take('AND'))
  return readUserFlag(reader, options)
}

function readUserFlag(reader: CqlReader, options: RoleOptions): RoleOptions | CqlError {
  if (reader.take('SUPERUSER')) return { ...options, superuser: true }
  if (reader.take('NOSUPERUSER')) return { ...options, superuser: false }
  const token = reader.peek()
  if (token === undefined) return options
  return syntaxError(`line 1:${token.at} missing EOF at '${token.text}'`)
}
