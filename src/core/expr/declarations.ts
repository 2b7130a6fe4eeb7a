import type { Environment } from '@marcbachmann/cel-js'
import { createCelEnvironment } from './cel-environment.ts'

/**
 * Names that an expression may use, with their CEL types: `string`, `int`, `bool`, `double`, `dyn`,
 * `list<string>`, `map`, `Host`, `Datacenter`, `Inventory`, `Secret`, … or a record of fields.
 */
export type Declarations = { readonly [name: string]: DeclaredType }
export type DeclaredType = string | { readonly fields: Declarations }

/** The types of parameters as expressions see them. */
const PARAM_CEL_TYPES: { readonly [type: string]: string } = {
  int: 'int',
  bool: 'bool',
  secret: 'Secret',
  list: 'list',
  map: 'map',
}

const RUN_FIELDS: Declarations = { id: 'string', dir: 'string', operator: 'string', started: 'string' }

/** Roots of the format, and types and words of CEL: a parameter of such a name would be hidden by it. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(
  (
    'inventory dc rack host hosts prober params run captures captured it cel google optional ' +
    'bool bytes double int list map null_type string type uint dyn true false null in as break const continue ' +
    'else for function if import let loop package namespace return var void while prototype constructor'
  ).split(' '),
)

/** Whether a parameter may not have this name, since expressions would read something else by it. */
export function isReservedName(name: string): boolean {
  return RESERVED_NAMES.has(name)
}

/** Where an expression stands decides which names it has. */
export type DeclareOptions = {
  readonly params?: readonly { readonly name: string; readonly type: string }[]
  /** Names of captures; absent: any. */
  readonly captures?: readonly string[]
  /** `host`, `dc`, `rack`, `hosts`: in a step. */
  readonly host?: boolean
  /** `run`, `captures`, `captured`, `prober`: in what is rendered at the host's turn. */
  readonly late?: boolean
  /** `it`: in a rule with `each`. */
  readonly item?: boolean
}

/** The declarations of one place: parameters by bare name and under `params`, and the roots of the format. */
export function declareScope(options: DeclareOptions = {}): Declarations {
  const params: { [name: string]: DeclaredType } = {}
  for (const { name, type } of options.params ?? []) params[name] = PARAM_CEL_TYPES[type] ?? 'string'
  return {
    ...params,
    params: { fields: params },
    inventory: 'Inventory',
    ...(options.host === true ? { host: 'Host', hosts: 'list<Host>', dc: 'Datacenter', rack: 'Rack' } : {}),
    ...(options.late === true ? lateRoots(options.captures) : {}),
    ...(options.item === true ? { it: 'dyn' } : {}),
  }
}

function lateRoots(captures: readonly string[] | undefined): Declarations {
  const roots: Declarations = { run: { fields: RUN_FIELDS }, prober: 'Host' }
  if (captures === undefined) return { ...roots, captures: 'map', captured: 'map' }
  const each = (type: string) => ({ fields: Object.fromEntries(captures.map((name) => [name, type])) })
  return { ...roots, captures: each('map<string, string>'), captured: each('string') }
}

const environments = new WeakMap<Declarations, Environment>()

/** The checking environment of a set of declarations; made once for each set. */
export function environmentFor(declarations: Declarations): Environment {
  const known = environments.get(declarations)
  if (known !== undefined) return known
  const environment = createCelEnvironment({ unknownNamesAllowed: false })
  registerRecords(environment)
  for (const [name, type] of Object.entries(declarations)) {
    if (typeof type === 'string') environment.registerVariable(name, type)
    else environment.registerVariable(name, registerFields(environment, name, type.fields))
  }
  environments.set(declarations, environment)
  return environment
}

function registerFields(environment: Environment, name: string, fields: Declarations): string {
  const typeName = `Of_${name}`
  const types = Object.entries(fields).map(([field, type]) => [
    field,
    typeof type === 'string' ? type : registerFields(environment, `${name}_${field}`, type.fields),
  ])
  environment.registerType(typeName, { fields: Object.fromEntries(types) as { [field: string]: string } })
  return typeName
}

/** Fields of the format's records. Every host has all of them; what an inventory leaves out is an empty text. */
export const RECORD_FIELDS: { readonly [type: string]: { readonly [field: string]: string } } = {
  Address: { private: 'string', public: 'string' },
  Dial: { host: 'string', user: 'string', port: 'int' },
  Host: {
    name: 'string',
    dc: 'string',
    rack: 'string',
    address: 'Address',
    fqdn: 'string',
    ssh: 'Dial',
    roles: 'map<string, dyn>',
    tags: 'list<string>',
    vars: 'map<string, dyn>',
  },
  Rack: { name: 'string', dc: 'string', hosts: 'list<Host>' },
  Datacenter: { name: 'string', racks: 'list<string>', vars: 'map<string, dyn>', hosts: 'list<Host>' },
  Environment: { name: 'string', level: 'string' },
  Inventory: {
    name: 'string',
    environment: 'Environment',
    vars: 'map<string, dyn>',
    datacenters: 'list<Datacenter>',
    hosts: 'list<Host>',
  },
}

function registerRecords(environment: Environment): void {
  for (const [name, fields] of Object.entries(RECORD_FIELDS)) {
    environment.registerType(name, { fields })
    // Records are plain maps when they are evaluated; here only the types count.
    environment.registerOperator(`${name} == ${name}: bool`, () => false)
  }
}
