import type { NodeState } from './cluster-state.ts'
import { invalidRequest, syntaxError, unauthorized, unavailableError } from './cql-result.ts'
import type { CqlError, CqlResult, CqlValue } from './cql-result.ts'
import type { CqlReader } from './cql-text.ts'
import type { CqlContext } from './cql-context.ts'
import { selectTable } from './system-tables.ts'
import { readAllRoles } from './role-storage.ts'
import { traitsOf } from './world.ts'

/** A table's columns in their order, and its rows. */
export type CqlTable = {
  readonly columns: readonly string[]
  readonly rows: readonly Readonly<Record<string, CqlValue>>[]
}

type Query = {
  readonly isJson: boolean
  readonly columns: readonly string[] | '*' | 'count'
  readonly keyspace: string
  readonly table: string
  readonly conditions: readonly { readonly column: string; readonly values: readonly string[] }[]
  readonly limit: number
}

/** SELECT over the system tables. */
export function runSelect(context: CqlContext): CqlResult {
  const query = readQuery(context)
  if ('kind' in query) return query
  const table = readTable(context, query)
  if ('kind' in table) return table
  const wanted = query.columns === '*' || query.columns === 'count' ? table.columns : query.columns
  const unknown = [...wanted, ...query.conditions.map((each) => each.column)].find(
    (name) => !table.columns.includes(name),
  )
  if (unknown !== undefined) return refuseColumn(context.node, unknown)
  const rows = table.rows
    .filter((row) => query.conditions.every((each) => each.values.includes(String(row[each.column]))))
    .slice(0, query.limit)
  if (query.columns === 'count') return { kind: 'rows', columns: ['count'], rows: [[rows.length]] }
  const cells = rows.map((row) => wanted.map((name) => row[name] ?? null))
  if (!query.isJson) return { kind: 'rows', columns: wanted, rows: cells }
  const json = cells.map((row) => [
    `{${row.map((cell, index) => `"${wanted[index] ?? ''}": ${formatJson(cell)}`).join(', ')}}`,
  ])
  return { kind: 'rows', columns: ['[json]'], rows: json }
}

function readTable({ world, node, session }: CqlContext, query: Query): CqlTable | CqlError {
  if (query.keyspace === 'system_auth' && query.table === 'roles') {
    if (node.config?.authorizer === 'CassandraAuthorizer' && session.role?.superuser !== true) {
      const user = session.role?.name ?? 'anonymous'
      return unauthorized(
        `User ${user} has no SELECT permission on <table system_auth.roles> or any of its parents`,
      )
    }
    const read = readAllRoles(world, node, session.consistency)
    if (read.kind === 'unavailable') return unavailableError(read)
    return {
      columns: ['role', 'can_login', 'is_superuser', 'member_of', 'salted_hash'],
      rows: read.rows.map((row) => ({
        role: row.name,
        can_login: row.login,
        is_superuser: row.superuser,
        member_of: null,
        salted_hash: row.passwordHash ?? null,
      })),
    }
  }
  const table = selectTable(world, node, query)
  return table ?? invalidRequest(refuseTable(node, query))
}

function refuseTable(node: NodeState, query: Query): string {
  if (traitsOf(node).isModern) return `table ${query.table} does not exist`
  return `unconfigured table ${query.table}`
}

function refuseColumn(node: NodeState, name: string): CqlError {
  const isOld = !traitsOf(node).hasSchemaKeyspace
  return invalidRequest(
    isOld ? `Undefined name ${name} in selection clause` : `Undefined column name ${name}`,
  )
}

function readQuery({ reader, session }: CqlContext): Query | CqlError {
  const isJson = reader.take('JSON')
  const columns = readColumns(reader)
  if (columns === undefined || !reader.take('FROM')) return unexpected(reader)
  const first = reader.name()
  const second = reader.take('.') ? reader.name() : undefined
  if (first === undefined) return unexpected(reader)
  const keyspace = second === undefined ? session.keyspace : first
  if (keyspace === undefined) {
    return invalidRequest(
      'No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename',
    )
  }
  const conditions = readConditions(reader)
  if ('kind' in conditions) return conditions
  const limit = reader.take('LIMIT') ? Number(reader.next()?.text ?? '0') : Number.MAX_SAFE_INTEGER
  reader.take('ALLOW', 'FILTERING')
  if (!reader.isAtEnd()) return unexpected(reader)
  return { isJson, columns, keyspace, table: second ?? first, conditions: conditions.list, limit }
}

function readColumns(reader: CqlReader): Query['columns'] | undefined {
  if (reader.take('*')) return '*'
  if (reader.take('COUNT', '(', '*', ')')) return 'count'
  const names: string[] = []
  do {
    const name = reader.name()
    if (name === undefined) return undefined
    names.push(name)
  } while (reader.take(','))
  return names
}

function readConditions(reader: CqlReader): { list: Query['conditions'] } | CqlError {
  const list: { column: string; values: string[] }[] = []
  if (!reader.take('WHERE')) return { list }
  do {
    const column = reader.name()
    const values: string[] = []
    if (column === undefined) return unexpected(reader)
    if (reader.take('=')) values.push(reader.next()?.text ?? '')
    else if (reader.take('IN', '(')) {
      do values.push(reader.next()?.text ?? '')
      while (reader.take(','))
      if (!reader.take(')')) return unexpected(reader)
    } else return unexpected(reader)
    list.push({ column, values })
  } while (reader.take('AND'))
  return { list }
}

function unexpected(reader: CqlReader): CqlError {
  const token = reader.peek()
  if (token === undefined) return syntaxError("line 1:0 no viable alternative at input '<EOF>'")
  return syntaxError(`line 1:${token.at} no viable alternative at input '${token.text}'`)
}

function formatJson(value: CqlValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((each) => JSON.stringify(each)).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${JSON.stringify(each)}`)
    .join(', ')}}`
}
