import type { HostName, StepId } from '../../../../src/core/base/ids.ts'
import type { PlanUnit } from '../../../../src/core/plan/model.ts'
import { buildTestPlan, type BuiltPlan, type StepSpec } from '../plan-builder.ts'
import type { Random } from './random.ts'

/** A plan with a mix of all that a step can be, over one to five hosts. */
export function buildRandomPlan(random: Random): BuiltPlan {
  const hosts = Array.from({ length: random.between(1, 5) }, (_, index) => `h${index + 1}`)
  const count = random.between(2, 20)
  const specs = Array.from({ length: count }, (_, index) =>
    buildRandomStep(random, { id: `s${index + 1}`, hosts }),
  )
  const level = random.chance(0.2) ? 'production' : 'lab'
  if (count > 4 && random.chance(0.3)) return withSerialPhase(random, specs, hosts)
  return buildTestPlan(specs, { level })
}

/** Two or three neighbours become a phase that runs host by host. */
function withSerialPhase(random: Random, specs: readonly StepSpec[], hosts: readonly string[]): BuiltPlan {
  const first = random.int(specs.length - 3)
  const inPhase = specs.slice(first, first + random.between(2, 3)).map(({ id }) => id as StepId)
  const changed = specs.map((spec) =>
    inPhase.includes(spec.id as StepId)
      ? { ...spec, order: 'parallel' as const, groups: [0], pickAny: false }
      : spec,
  )
  const units: PlanUnit[] = []
  for (const { id } of changed) {
    const step = id as StepId
    if (!inPhase.includes(step)) units.push({ kind: 'step', step })
    else if (step === inPhase[0]) {
      units.push({
        kind: 'serial-phase',
        phase: 'phase' as StepId,
        steps: inPhase,
        hosts: hosts as readonly HostName[],
      })
    }
  }
  return buildTestPlan(changed, { units })
}

function buildRandomStep(random: Random, { id, hosts }: { id: string; hosts: readonly string[] }): StepSpec {
  const chosen = random.chance(0.7) ? hosts : hosts.slice(0, random.between(1, hosts.length))
  const common: StepSpec = {
    id,
    hosts: chosen,
    order: random.pick(['parallel', 'serial', 'first-then-parallel']),
    ...(random.chance(0.3) ? { batch: random.between(1, 3) } : {}),
    ...(random.chance(0.6) ? { maxFailures: random.between(1, 2) } : {}),
    ...(chosen.length > 2 && random.chance(0.2) ? { groups: [0, random.between(1, chosen.length - 1)] } : {}),
    ...(random.chance(0.08) ? { pickAny: true, groups: [0] } : {}),
    ...(random.chance(0.1) ? { confirmEach: true } : {}),
    ...(random.chance(0.3) ? { reconnectMs: random.pick([1000, 60_000]) } : {}),
    ...(random.chance(0.1) ? { idleTimeoutMs: 2000, timeoutMs: random.pick([4000, 60_000]) } : {}),
  }
  return { ...common, ...buildKind(random, id, hosts) }
}

function buildKind(random: Random, id: string, hosts: readonly string[]): Partial<StepSpec> {
  const body = (key: string): string => buildBody(random, key)
  const undo = random.chance(0.3) ? { undo: `print 1\nreset ${id}` } : {}
  const danger = random.pick(['change', 'change', 'disruptive', 'irreversible'] as const)
  const word = danger === 'irreversible' ? { confirmWord: 'yes' } : {}
  switch (random.int(9)) {
    case 0:
    case 1:
      return {
        check: `test ${id}`,
        run: [body(id)],
        danger,
        ...word,
        ...undo,
        forMs: random.pick([0, 0, 15_000]),
      }
    case 2:
      return { run: [body(id)], danger, ...word, ...undo }
    case 3:
      return {
        run: [body(id), body(`${id}b`)],
        ...undo,
        ...(random.chance(0.5) ? { verify: `test ${id}b` } : {}),
      }
    case 4:
      return { run: [body(id)], repeatSafe: true }
    case 5:
      return {
        file: { path: `/etc/${id}`, content: `content of ${id} on HOST\n` },
        ...(random.chance(0.4) ? { run: [body(id)] } : {}),
      }
    case 6:
      return {
        verify: `sleep ${random.pick([1, 500])}\nexit 0`,
        ...(random.chance(0.3) ? { from: random.pick(hosts) } : {}),
      }
    case 7:
      return {
        manual: random.chance(0.5) ? ['look at it'] : ['look', 'look again'],
        eachHost: random.chance(0.5),
        ...(random.chance(0.4) ? { run: [body(id)] } : {}),
      }
    default:
      if (random.chance(0.4)) return { http: `http://HOST/add/${id}` }
      if (random.chance(0.5)) return { skipped: { kind: 'condition', detail: 'not wanted' } }
      return { check: `test ${id}`, require: 'maybe-exit 1 0.2', run: [body(id)], ...undo }
  }
}

function buildBody(random: Random, key: string): string {
  const lines = [`print ${random.pick([0, 1, 3, 40])}`, `add ${key}`]
  if (random.chance(0.4)) lines.unshift(`sleep ${random.pick([5, 300, 5000, 70_000])}`)
  if (random.chance(0.4)) lines.push(`sleep ${random.pick([5, 300, 30_000])}`, 'print 2')
  if (random.chance(0.25)) lines.unshift(`maybe-exit ${random.pick([1, 2, 137])} 0.3`)
  return lines.join('\n')
}
