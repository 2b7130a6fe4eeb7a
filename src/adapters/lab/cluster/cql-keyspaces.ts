import type { Keyspace } from './cluster-state.ts'
import { mayUseKeyspace } from './cql-grants.ts'
import { CQL_DONE, configurationError, invalidRequest, syntaxError, unauthorized } from './cql-result.ts'
import type { CqlError, CqlResult } from './cql-result.ts'
import type { CqlReader } from './cql-text.ts'
import type { CqlContext } from './cql-context.ts'
import { addressOf, selectRing, selectSeenNodes } from './gossip-view.ts'
import { changeKeyspace, replicationFactor, schemaOf } from './schema.ts'
import { traitsOf } from './world.ts'

/** CREATE, ALTER and DROP KEYSPACE; undefined where the statement is another one. */
export function runKeyspaceStatement(context: CqlContext): CqlResult | undefined {
  const { reader } = context
  if (reader.take('ALTER', 'KEYSPACE')) return alterKeyspace(context)
  if (reader.take('CREATE', 'KEYSPACE')) return createKeyspace(context)
  if (reader.take('DROP', 'KEYSPACE')) return dropKeyspace(context)
  return undefined
}

function alterKeyspace(context: CqlContext): CqlResult {
  const { world, node, reader } = context
  const traits = traitsOf(node)
  const name = reader.name() ?? ''
  const wanted = readReplication(reader)
  if ('kind' in wanted) return wanted
  const before = schemaOf(world, node).keyspaces[name]
  if (before === undefined) {
    return traits.isModern
      ? invalidRequest(`Keyspace '${name}' doesn't exist`)
      : configurationError(`Cannot alter non existing keyspace '${name}'.`)
  }
  const refusal = refuseAccess(context, name, 'ALTER')
  if (refusal !== undefined) return refusal
  const after = buildKeyspace(context, { name, before, ...wanted })
  if ('kind' in after) return after
  const joining = selectSeenNodes(world, node).filter((seen) => seen.letter !== 'N')
  if (traits.isModern && joining.length > 0) {
    const list = joining
      .map((seen) => `/${addressOf(seen.node)}:${seen.node.config?.storagePort ?? 7000}`)
      .join(', ')
    return configurationError(
      `Cannot alter RF while some endpoints are not in normal state (no range movements): [${list}]`,
    )
  }
  changeKeyspace(world, node, { name, keyspace: after })
  return { kind: 'done', warnings: warnAboutReplication(context, before, after) }
}

function createKeyspace(context: CqlContext): CqlResult {
  const { world, node, reader } = context
  const ifNotExists = reader.take('IF', 'NOT', 'EXISTS')
  const name = reader.name() ?? ''
  const wanted = readReplication(reader)
  if ('kind' in wanted) return wanted
  if (schemaOf(world, node).keyspaces[name] !== undefined) {
    if (ifNotExists) return CQL_DONE
    const message = `Cannot add existing keyspace "${name}"`
    return { kind: 'error', name: 'AlreadyExists', code: '2400', title: 'Keyspace already exists', message }
  }
  const refusal = refuseAccess(context, name, 'CREATE')
  if (refusal !== undefined) return refusal
  const keyspace = buildKeyspace(context, { name, before: undefined, ...wanted })
  if ('kind' in keyspace) return keyspace
  changeKeyspace(world, node, { name, keyspace })
  return { kind: 'done', warnings: warnAboutReplication(context, undefined, keyspace) }
}

function dropKeyspace(context: CqlContext): CqlResult {
  const { world, node, reader } = context
  const ifExists = reader.take('IF', 'EXISTS')
  const name = reader.name() ?? ''
  if (schemaOf(world, node).keyspaces[name] === undefined) {
    return ifExists ? CQL_DONE : configurationError(`Cannot drop non existing keyspace '${name}'.`)
  }
  if (name.startsWith('system')) return unauthorized(`Cannot DROP <keyspace ${name}>`)
  const refusal = refuseAccess(context, name, 'DROP')
  if (refusal !== undefined) return refusal
  changeKeyspace(world, node, { name, keyspace: undefined })
  return CQL_DONE
}

type Wanted = { replication: Record<string, string> | undefined; durableWrites: boolean | undefined }

/** `WITH replication = {…} AND durable_writes = true`. */
function readReplication(reader: CqlReader): Wanted | CqlError {
  const wanted: Wanted = { replication: undefined, durableWrites: undefined }
  if (!reader.take('WITH')) return syntaxErrorAt(reader)
  do {
    const option = reader.name()
    if (option === undefined || !reader.take('=')) return syntaxErrorAt(reader)
    if (option === 'replication') {
      const map = readMap(reader)
      if (map === undefined) return syntaxErrorAt(reader)
      wanted.replication = map
    } else if (option === 'durable_writes') {
      wanted.durableWrites = reader.next()?.text.toLowerCase() === 'true'
    } else return syntaxError(`Unknown property '${option}'`)
  } while (reader.take('AND'))
  return reader.isAtEnd() ? wanted : syntaxErrorAt(reader)
}

function readMap(reader: CqlReader): Record<string, string> | undefined {
  const map: Record<string, string> = {}
  if (!reader.take('{')) return undefined
  do {
    const key = reader.next()
    if (key?.kind !== 'string' || !reader.take(':')) return undefined
    const value = reader.next()
    if (value?.kind !== 'string' && value?.kind !== 'number') return undefined
    map[key.text] = value.text
  } while (reader.take(','))
  return reader.take('}') ? map : undefined
}

function syntaxErrorAt(reader: CqlReader): CqlError {
  const token = reader.peek()
  if (token === undefined) return syntaxError("line 1:0 mismatched input '<EOF>'")
  return syntaxError(`line 1:${token.at} no viable alternative at input '${token.text}'`)
}

type Definition = Wanted & { readonly name: string; readonly before: Keyspace | undefined }

function buildKeyspace(context: CqlContext, wanted: Definition): Keyspace | CqlError {
  const { name, before, replication } = wanted
  const durableWrites = wanted.durableWrites ?? before?.durableWrites ?? true
  if (replication === undefined) {
    return before === undefined ? configurationError(MISSING_CLASS) : { ...before, durableWrites }
  }
  const { class: className, ...texts } = replication
  if (className === undefined) return configurationError(MISSING_CLASS)
  const strategy = className.slice(className.lastIndexOf('.') + 1)
  if (strategy !== 'SimpleStrategy' && strategy !== 'NetworkTopologyStrategy') {
    return configurationError(
      `Unable to find replication strategy class 'org.apache.cassandra.locator.${strategy}'`,
    )
  }
  const wrong = Object.values(texts).find((text) => !/^\d+$/.test(text))
  if (wrong !== undefined) return configurationError(`Replication factor must be numeric; found ${wrong}`)
  const options = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Number(text)]))
  const refusal = refuseOptions(context, { name, strategy, options })
  if (refusal !== undefined) return refusal
  return { name, strategy, options: expandFactor(context, strategy, options), durableWrites }
}

const MISSING_CLASS = 'Missing mandatory replication strategy class'

type Options = {
  readonly name: string
  readonly strategy: string
  readonly options: Readonly<Record<string, number>>
}

function refuseOptions({ world, node }: CqlContext, wanted: Options): CqlError | undefined {
  const isModern = traitsOf(node).isModern
  const keys = Object.keys(wanted.options)
  if (wanted.strategy === 'SimpleStrategy') {
    if (keys.includes('replication_factor')) return undefined
    return configurationError('SimpleStrategy requires a replication_factor strategy option.')
  }
  if (keys.includes('replication_factor') && !isModern) {
    return configurationError(
      'replication_factor is an option for SimpleStrategy, not NetworkTopologyStrategy',
    )
  }
  if (!isModern) return undefined
  const dcs = new Set(selectRing(world, node).map((member) => member.dc))
  const unknown = keys.filter((key) => key !== 'replication_factor' && !dcs.has(key))
  if (unknown.length === 0) return undefined
  return configurationError(
    `Unrecognized strategy option {${unknown.join(', ')}} passed to NetworkTopologyStrategy for keyspace ${wanted.name}`,
  )
}

/** Since 4.0 `replication_factor` of NetworkTopologyStrategy stands for every datacenter. */
function expandFactor(
  { world, node }: CqlContext,
  strategy: string,
  options: Readonly<Record<string, number>>,
): Record<string, number> {
  const { replication_factor: factor, ...rest } = options
  if (strategy === 'SimpleStrategy' || factor === undefined) return { ...options }
  const dcs = [...new Set(selectRing(world, node).map((member) => member.dc))]
  return { ...Object.fromEntries(dcs.map((dc) => [dc, factor])), ...rest }
}

function warnAboutReplication(
  { world, node }: CqlContext,
  before: Keyspace | undefined,
  after: Keyspace,
): string[] {
  const traits = traitsOf(node)
  const ring = selectRing(world, node)
  const warnings: string[] = []
  for (const [dc, factor] of Object.entries(after.options)) {
    const members = dc === 'replication_factor' ? ring : ring.filter((member) => member.dc === dc)
    if (!traits.isModern || factor <= members.length) continue
    const where = dc === 'replication_factor' ? '' : ` for datacenter ${dc}`
    warnings.push(
      `Your replication factor ${factor} for keyspace ${after.name} is higher than the number of nodes ${members.length}${where}`,
    )
  }
  if (
    traits.warnsOnRaisedFactor &&
    before !== undefined &&
    replicationFactor(after) > replicationFactor(before)
  ) {
    warnings.push(
      'When increasing replication factor you need to run a full (-full) repair to distribute the data.',
    )
  }
  return warnings
}

function refuseAccess(context: CqlContext, keyspace: string, permission: string): CqlError | undefined {
  const { node, session } = context
  if (keyspace === 'system' || keyspace === 'system_schema') {
    return unauthorized(`${keyspace} keyspace is not user-modifiable.`)
  }
  const target = permission === 'CREATE' ? undefined : keyspace
  if (node.config?.authorizer !== 'CassandraAuthorizer' || mayUseKeyspace(session.role, permission, target)) {
    return undefined
  }
  const user = session.role?.name ?? 'anonymous'
  const resource = permission === 'CREATE' ? '<all keyspaces>' : `<keyspace ${keyspace}>`
  return unauthorized(`User ${user} has no ${permission} permission on ${resource} or any of its parents`)
}
