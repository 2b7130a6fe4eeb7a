import type { HashText } from '../base/hash.ts'
import type { Digest } from '../base/ids.ts'
import { canonicalText } from '../expr/canonical-text.ts'
import { templateExpressions } from '../expr/parse-template.ts'
import type { Expression, Template } from '../expr/value.ts'
import { hostScope, inventoryScope } from '../inventory/inventory-scope.ts'
import type { Inventory } from '../inventory/model.ts'
import type { PlanStep, PlanUnit } from './model.ts'
import type { PlanSource, StepSource } from './plan-source.ts'
import { interpreterOf } from './render-fence.ts'

/** Works out digests of steps; what many steps share is hashed once. */
export type Digester = {
  readonly step: (step: StepSource, planned: Omit<PlanStep, 'hash' | 'content'>) => Digest
  readonly plan: (steps: readonly PlanStep[], units: readonly PlanUnit[]) => Digest
}

/** Builds the digests over everything that decides what runs: texts, options, hosts and the values they read. */
export function buildDigester(source: Omit<PlanSource, 'steps'>, hash: HashText): Digester {
  const { inventory } = source
  const inventoryDigest = hash(canonicalText(inventoryScope(inventory).inventory!))
  const hostDigests = new Map<string, Digest>()
  const digestHosts = (names: readonly string[]) => {
    const key = names.join('\n')
    const known = hostDigests.get(key)
    if (known !== undefined) return known
    const digest = hash(names.map((name) => digestHost(name, { inventory, hash, hostDigests })).join('\n'))
    hostDigests.set(key, digest)
    return digest
  }
  return {
    step: (step, planned) => {
      const roots = rootsOf(step)
      const reads = [...roots].toSorted().map((root) => {
        if (root === 'host' || root === 'prober') return [root, digestHosts(planned.hosts)]
        if (SPREAD.has(root)) return [root, inventoryDigest]
        const value = source.scope[root]
        return [root, value === undefined ? null : canonicalText(value)]
      })
      return hash(JSON.stringify([describe(planned), definition(step), reads], replaceTexts))
    },
    plan: (steps, units) => {
      const described = steps.map((step) => [step.id, step.hash, step.skipped?.kind ?? null])
      return hash(JSON.stringify([described, units, canonicalText(source.scope.params!)]))
    },
  }
}

/** Names whose values hold many hosts. */
const SPREAD: ReadonlySet<string> = new Set(['inventory', 'hosts', 'dc', 'rack'])

type HostContext = {
  readonly inventory: Inventory
  readonly hash: HashText
  readonly hostDigests: Map<string, Digest>
}

function digestHost(name: string, { inventory, hash, hostDigests }: HostContext): Digest {
  const key = `${name}\0`
  const known = hostDigests.get(key)
  if (known !== undefined) return known
  const digest = hash(canonicalText(hostScope(inventory, name).host!))
  hostDigests.set(key, digest)
  return digest
}

/** Fields of a planned step that decide what runs; not its title or its place. */
function describe(planned: Omit<PlanStep, 'hash' | 'content'>) {
  const { danger, order, by, batch, maxFailures, hosts, groups, pickAny, confirmWord, confirmEach } = planned
  const { eachHost, repeat, manual } = planned
  const tasks = manual.map((item) => item.text)
  return [
    danger,
    order,
    by,
    batch,
    maxFailures,
    hosts,
    groups,
    pickAny,
    confirmWord,
    confirmEach,
    eachHost,
    repeat,
    tasks,
  ]
}

function definition(step: StepSource) {
  const { options, fences } = step.linked.step
  const interpreters = fences.map((fence) => interpreterOf(fence, { step })?.source ?? null)
  return [options.when ?? [], options.onTimeout, fences, step.fixtures, interpreters]
}

/** Templates, conditions and selectors count by their text; where they stand in the file does not count. */
function replaceTexts(key: string, value: unknown): unknown {
  if (key === 'span' || key === 'bodySpan') return undefined
  if (typeof value !== 'object' || value === null) return value
  if ('source' in value && 'span' in value) return value.source
  return value
}

/** Names that anything of a step reads. */
export function rootsOf(step: StepSource): ReadonlySet<string> {
  const roots = new Set<string>()
  for (const expression of expressionsOf(step)) for (const root of expression.roots) roots.add(root)
  return roots
}

function expressionsOf(step: StepSource): readonly Expression[] {
  const { options, fences, confirm } = step.linked.step
  const templates: (Template | undefined)[] = [options.as, confirm]
  const conditions: Expression[] = [...(options.when ?? [])]
  for (const fence of [...fences, ...step.fixtures]) {
    const { as, cwd, path, owner, group, ca, when } = fence.options
    const wanted = fence.expectations.map((each) => each.wanted)
    templates.push(fence.body, as, cwd, path, owner, group, ca, interpreterOf(fence, { step }), ...wanted)
    conditions.push(...when)
  }
  return [
    ...conditions,
    ...templates.flatMap((each) => (each === undefined ? [] : templateExpressions(each))),
  ]
}
