// How long a plan of 500 steps on 1,000 hosts takes, and one host-step of it on demand.
import { createHash } from 'node:crypto'
import type { Digest } from '../src/core/base/ids.ts'
import { parseInventory } from '../src/core/inventory/parse-inventory.ts'
import { buildPlan } from '../src/core/plan/build-plan.ts'
import { renderHostStep } from '../src/core/plan/render-host-step.ts'
import { resolveParams } from '../src/core/plan/resolve-params.ts'
import { linkRunbook } from '../src/core/runbook/link.ts'
import { parseRunbook } from '../src/core/runbook/parse-runbook.ts'

const hash = (text: string) => createHash('sha256').update(text).digest('hex') as Digest

/** Figures in milliseconds; `planMs` is the one with a limit (1,000). */
export type PlanFigures = {
  readonly steps: number
  readonly hosts: number
  readonly parseInventoryMs: number
  readonly parseRunbookMs: number
  readonly planMs: number
  readonly renderHostStepMs: number
}

/** Measures one plan; `steps` and `hosts` as asked, every step on every host with host-dependent expressions. */
export function measurePlan(size = { steps: 500, hosts: 1000 }): PlanFigures {
  const inventoryText = inventoryOf(size.hosts)
  const runbookText = runbookOf(size.steps)
  const [inventory, parseInventoryMs] = timed(() => parseInventory(inventoryText, 'inventory.yaml', hash))
  if (inventory.value === undefined) throw new Error(inventory.diagnostics[0]?.message)
  const [runbook, parseRunbookMs] = timed(() => parseRunbook(runbookText, 'book.md', hash(runbookText)))
  const linked = linkRunbook(runbook.value, () => undefined).value
  const host = inventory.value
  const [built, planMs] = timed(() => {
    const request = {
      params: linked.params,
      given: {},
      inventory: host,
      file: 'book.md',
      missing: 'error' as const,
    }
    const params = resolveParams(request)
    return buildPlan({ linked, inventory: host, params: params.value, hash })
  })
  if (built.diagnostics.length > 0) throw new Error(built.diagnostics[0]?.message)
  const { steps } = built.value
  const last = steps.at(-1)!
  const [, manyMs] = timed(() => {
    for (const name of last.hosts.slice(0, 1000)) renderHostStep(built.value, { step: last.id, host: name })
  })
  return {
    steps: steps.length,
    hosts: last.hosts.length,
    parseInventoryMs,
    parseRunbookMs,
    planMs,
    renderHostStepMs: manyMs / last.hosts.length,
  }
}

function timed<T>(work: () => T): [T, number] {
  const began = performance.now()
  const result = work()
  return [result, Math.round((performance.now() - began) * 1000) / 1000]
}

function inventoryOf(count: number): string {
  const hosts = Array.from({ length: count }, (_, index) => {
    const address = `10.${Math.floor(index / 65_536)}.${Math.floor(index / 256) % 256}.${index % 256}`
    return `  - { name: h${index}, dc: DC${index % 4}, rack: R${index % 3}, address: { private: ${address} }, roles: { db: { seed: ${index % 10 === 0} } }, vars: { port: 9042 } }`
  })
  const centers = [0, 1, 2, 3].map((index) => `  - { name: DC${index}, racks: [R0, R1, R2] }`)
  return `handrail: 1\nname: bench\ndatacenters:\n${centers.join('\n')}\nhosts:\n${hosts.join('\n')}\n`
}

function runbookOf(count: number): string {
  const steps = Array.from(
    { length: count },
    (_, index) => `## Step ${index}
<!-- handrail on=db by=dc when="host.vars.port > ${index}" -->

\`\`\`sh check
probe ${index} {{ host.address.private }} {{ nofile }}
\`\`\`
\`\`\`text expect
ok {{ nofile + ${index} }}
\`\`\`

\`\`\`sh run
change ${index} --dc {{ host.dc }} --seeds {{ hosts.size() }} --limit {{ nofile }}
\`\`\`
`,
  )
  return `---\nhandrail: 1\nparams: { nofile: { type: int, default: 100000 } }\n---\n\n# Bench\n\n${steps.join('\n')}`
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(measurePlan(), null, 2))
