// Handrail's own side of the comparison: engine, run store on disk and transport, as the program joins them.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRun, type RunStore as DiskStore } from '../src/adapters/journal/run-store.ts'
import { openStateDirectory } from '../src/adapters/journal/state-directory.ts'
import { createTransport } from '../src/adapters/transport/create-transport.ts'
import type { Digest } from '../src/core/base/ids.ts'
import { parseInventory } from '../src/core/inventory/parse-inventory.ts'
import type { JournalEvent } from '../src/core/journal/record.ts'
import { buildPlan } from '../src/core/plan/build-plan.ts'
import { evaluateCelProbe } from '../src/core/plan/evaluate-cel-probe.ts'
import type { Plan } from '../src/core/plan/model.ts'
import { renderHostStep } from '../src/core/plan/render-host-step.ts'
import { resolveParams } from '../src/core/plan/resolve-params.ts'
import type { RunEvent } from '../src/core/run/events.ts'
import type { PlanOutline } from '../src/core/run/outline.ts'
import { reduceEvent } from '../src/core/run/reduce.ts'
import { createRunState } from '../src/core/run/state.ts'
import { linkRunbook } from '../src/core/runbook/link.ts'
import { parseRunbook } from '../src/core/runbook/parse-runbook.ts'
import { checkPlan } from '../src/engine/check-plan.ts'
import type { EnginePorts } from '../src/engine/context.ts'
import { createEngine } from '../src/engine/engine.ts'
import type { Clock } from '../src/engine/ports/clock.ts'
import type { RunStore } from '../src/engine/ports/run-store.ts'
import type { Secrets } from '../src/engine/ports/secrets.ts'
import type { Transport } from '../src/engine/ports/transport.ts'

/** What runs here keeps its connections warm and its journals on the temporary directory's disk. */
export type EngineBench = {
  readonly directory: string
  readonly transport: Transport
  /** Opens a run whose plan is only checked: `check` evaluates every probe once and throws unless it passes. */
  readonly openChecks: (plan: Plan) => Promise<OpenChecks>
  /** Runs the plan as a new run to its end; throws unless it finishes. */
  readonly run: (plan: Plan) => Promise<void>
  readonly close: () => Promise<void>
}

export type OpenChecks = { readonly check: () => Promise<void>; readonly close: () => Promise<void> }

/** Opens a bench with a state directory and SSH settings of its own. */
export async function openEngineBench(): Promise<EngineBench> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'hr-bench-')))
  const sshConfigFile = join(directory, 'ssh_config')
  writeFileSync(sshConfigFile, '', { mode: 0o600 })
  const state = await openStateDirectory(join(directory, 'state'))
  const transport = createTransport({
    secrets: noSecrets,
    prompter: {
      askSecret: async () => undefined,
      confirmHostKey: async () => undefined,
      askInteractive: async () => undefined,
    },
    clock,
    knownHostsFile: join(directory, 'known_hosts'),
    home: directory,
    localUser: userInfo().username,
    env: { PATH: process.env['PATH'] },
    sshConfigFile,
  })
  return {
    directory,
    transport,
    openChecks: async (plan) => {
      const { ports, close } = await openPorts({ state, transport, plan })
      return { check: () => checkAll(ports), close }
    },
    run: async (plan) => {
      const { ports, close } = await openPorts({ state, transport, plan })
      try {
        await runAll(ports)
      } finally {
        await close()
      }
    },
    close: async () => {
      await transport.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Builds a plan out of the texts of an inventory and a runbook; throws on any diagnostic that is an error. */
export function planOf(inventoryText: string, runbookText: string): Plan {
  const inventory = parseInventory(inventoryText, 'inventory.yaml', hash)
  if (inventory.value === undefined) throw new Error(inventory.diagnostics[0]?.message)
  const runbook = parseRunbook(runbookText, 'book.md', hash(runbookText)).value
  const linked = linkRunbook(runbook, () => undefined).value
  const request = { params: linked.params, given: {}, inventory: inventory.value, file: 'book.md' }
  const params = resolveParams({ ...request, missing: 'error' }).value
  const built = buildPlan({ linked, inventory: inventory.value, params, hash })
  const problem = built.diagnostics.find(({ severity }) => severity === 'error')
  if (problem !== undefined) throw new Error(problem.message)
  return built.value
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex') as Digest

const clock: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
  sleep: async (durationMs, signal) => {
    const options = signal === undefined ? {} : { signal: signal as AbortSignal }
    await delay(durationMs, undefined, options).catch(() => {})
  },
  randomToken: (length) => Array.from(randomBytes(length), (byte) => (byte % 36).toString(36)).join(''),
}

const noSecrets: Secrets = {
  resolve: async (name) => ({ ok: false, reason: `no secret ${name}`, hint: '' }),
  reject: () => undefined,
  known: () => [],
}

type Given = { readonly state: string; readonly transport: Transport; readonly plan: Plan }

function onPoisoned({ error }: { readonly error: Error }): never {
  throw error
}

async function openPorts({ state, transport, plan }: Given) {
  const holder = { pid: process.pid, host: 'bench', operator: 'bench', since: '' }
  const runState = createRunState()
  const first = describeRun(plan)
  const options = { session: 'bench', actor: 'bench', holder, onPoisoned }
  const { store } = await createRun(state, options, (_run, { putValue }) =>
    putValue(JSON.stringify(first.outline)).then(() => [withoutOutline(first)]),
  )
  reduceEvent(runState, first, clock.wallMs())
  const ports: EnginePorts = {
    run: store.run,
    plan,
    state: runState,
    store: wrapStore(store),
    transport,
    clock,
    secrets: noSecrets,
    hash,
    renderStep: renderHostStep,
    evaluateCel: evaluateCelProbe,
    operator: 'bench',
    epoch: 1,
    observer: { onEvent: () => undefined, onOutput: () => undefined, onProgress: () => undefined },
  }
  return { ports, close: store.close }
}

async function checkAll(ports: EnginePorts): Promise<void> {
  await checkPlan(ports, new AbortController().signal, ({ host, answer, reason }) => {
    if (answer !== 'satisfied') throw new Error(`${host}: ${answer}, ${reason}`)
  })
}

async function runAll(ports: EnginePorts): Promise<void> {
  const engine = createEngine({
    ...ports,
    staysOpen: false,
    answers: ({ id, kind }) =>
      kind === 'plan' || kind === 'confirm'
        ? { type: 'answer', question: id, choice: 'go', by: 'bench', how: 'option' }
        : undefined,
  })
  const stop = await engine.run()
  if (stop.kind === 'finished') return
  const question = [...engine.state.questions.values()][0]
  throw new Error(`the run came to rest: ${stop.kind}, ${question?.text ?? ''}`)
}

type Created = Extract<RunEvent, { readonly type: 'run-created' }> & { readonly outline: PlanOutline }

function describeRun(plan: Plan): Created {
  const outline = buildOutline(plan)
  const { inventory } = plan
  return {
    type: 'run-created',
    runbook: plan.runbook,
    inventory: {
      path: 'inventory.yaml',
      name: inventory.name,
      sha256: hash(inventory.name),
      environment: inventory.environment.name,
      level: inventory.environment.level,
    },
    outlineDigest: hash(JSON.stringify(outline)),
    outline,
    params: {},
    operator: 'bench',
    options: { onFailure: 'ask' },
    toolVersion: 'bench',
    waivers: [],
  }
}

/** The journal names the outline by its digest. */
function withoutOutline(event: Created): JournalEvent {
  return Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'outline')) as JournalEvent
}

function buildOutline(plan: Plan): PlanOutline {
  return {
    title: plan.runbook.title,
    digest: plan.digest,
    units: plan.units.map((unit) =>
      unit.kind === 'step' ? { steps: [unit.step] } : { steps: unit.steps, hosts: unit.hosts },
    ),
    steps: plan.steps.map(({ touches, phaseTitles, manual, ...step }) => ({
      ...step,
      phases: phaseTitles,
      manual: manual.map(({ text }) => text),
      actions: touches.actions,
      undos: touches.undos,
    })),
  }
}

function wrapStore(store: DiskStore): RunStore {
  return {
    append: async (events) => {
      const records = await store.append(events as unknown as readonly JournalEvent[])
      return records.map(({ event }) => event as unknown as RunEvent)
    },
    putValue: store.putValue,
    getValue: (digest) => store.getValue(digest),
    openOutput: async (job, stream) => {
      const writer = await store.openOutput(job, stream)
      return {
        offset: writer.offset,
        append: writer.append,
        flush: async () => void (await writer.flush()),
        close: async () => {
          const { bytes, digest } = await writer.finish()
          return { bytes, digest }
        },
      }
    },
  }
}
