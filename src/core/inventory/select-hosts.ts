import type { Diagnostic, Parsed } from '../base/diagnostic.ts'
import { LOCAL_HOST } from '../base/ids.ts'
import { diagnosticAt, positionAt } from '../base/place.ts'
import { suggestName } from '../base/suggest-name.ts'
import type { Host, Inventory } from './model.ts'
import type { NameIndex } from './name-index.ts'
import { indexNames } from './name-index.ts'
import type { Pick, Selector, SelectorTree } from './selector-model.ts'

/** The operator's own machine, as a host. */
export const LOCAL: Host = {
  name: LOCAL_HOST,
  address: {},
  ssh: { transport: 'local' },
  roles: {},
  tags: [],
  vars: {},
}

/**
 * The hosts that a selector means, in inventory order, `local` first. An unknown name is an error with a
 * suggestion; `file` is named in it. No host is no error.
 */
export function selectHosts(selector: Selector, inventory: Inventory, file: string): Parsed<readonly Host[]> {
  const work: Work = { selector, inventory, file, index: indexNames(inventory), diagnostics: [] }
  const selected = select(selector.tree, work)
  const value = [LOCAL, ...inventory.hosts].filter((host) => selected.has(host))
  return { value, diagnostics: work.diagnostics }
}

/** Applies `pick`. For `any` all candidates stay: the first healthy one is chosen when the step begins. */
export function pickHosts(pick: Pick, hosts: readonly Host[]): readonly Host[] {
  switch (pick) {
    case 'all':
    case 'any':
      return hosts
    case 'first':
      return hosts.slice(0, 1)
    case 'one-per-dc':
      return firstOfEach(hosts, (host) => host.dc ?? '')
    case 'one-per-rack':
      return firstOfEach(hosts, (host) => `${host.dc ?? ''}\n${host.rack ?? ''}`)
  }
}

type Work = {
  readonly selector: Selector
  readonly inventory: Inventory
  readonly file: string
  readonly index: NameIndex
  readonly diagnostics: Diagnostic[]
}

function select(tree: SelectorTree, work: Work): ReadonlySet<Host> {
  switch (tree.kind) {
    case 'local':
      return new Set([LOCAL])
    case 'all':
      return new Set(work.inventory.hosts)
    case 'not': {
      const operand = select(tree.operand, work)
      return new Set(work.inventory.hosts.filter((host) => !operand.has(host)))
    }
    case 'and': {
      const right = select(tree.right, work)
      return new Set([...select(tree.left, work)].filter((host) => right.has(host)))
    }
    case 'or':
      return new Set([...select(tree.left, work), ...select(tree.right, work)])
    case 'name':
      return selectName(tree, work)
  }
}

function selectName(tree: SelectorTree & { kind: 'name' }, work: Work): ReadonlySet<Host> {
  const { names, flags, rolesOfFlag } = work.index
  const whole = tree.flag === undefined ? tree.name : `${tree.name}.${tree.flag}`
  const found = names.get(whole) ?? flags.get(whole)
  if (found !== undefined) return found
  const roles = tree.flag === undefined ? (rolesOfFlag.get(tree.name) ?? []) : []
  if (roles.length === 1) return flags.get(`${roles[0]}.${tree.name}`) ?? new Set()
  if (roles.length > 1) {
    const choices = roles.map((role) => `\`${role}.${tree.name}\``).join(' or ')
    complain(tree.offset, work, {
      code: 'HR2003',
      message: `Several roles have a flag \`${tree.name}\`.`,
      hint: `Write ${choices}.`,
    })
    return new Set()
  }
  const near = suggestName(whole, [...names.keys(), ...flags.keys(), ...rolesOfFlag.keys(), 'local', 'all'])
  complain(tree.offset, work, {
    code: 'HR2002',
    message: `\`${whole}\` is no host, role, flag, datacenter, rack or tag of ${work.inventory.path}.`,
    hint: near === undefined ? '`handrail inventory` lists the names.' : `Did you mean \`${near}\`?`,
  })
  return new Set()
}

function complain(offset: number, work: Work, words: { code: string; message: string; hint: string }): void {
  const { source, span } = work.selector
  const position = positionAt({ file: work.file, start: span.start }, source, offset)
  work.diagnostics.push(diagnosticAt(work.file, position, words))
}

function firstOfEach(hosts: readonly Host[], keyOf: (host: Host) => string): readonly Host[] {
  const seen = new Set<string>()
  return hosts.filter((host) => {
    const key = keyOf(host)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
