import { LOCAL_HOST, type HostName, type StepId } from '../../../src/core/base/ids.ts'
import type { Host, Inventory } from '../../../src/core/inventory/model.ts'
import type {
  ActionWork,
  CommandWork,
  HostStepWork,
  Plan,
  PlanStep,
  PlanUnit,
  ProbeWork,
  RenderHostStep,
  RepeatClass,
} from '../../../src/core/plan/model.ts'
import type { EventOf } from '../../../src/core/run/events.ts'
import type { OutlineStep, PlanOutline } from '../../../src/core/run/outline.ts'
import type { Danger, Fence, FenceVerb } from '../../../src/core/runbook/model.ts'
import { hash } from './hash.ts'

/** A step of a plan without Markdown. Bodies may hold `HOST`, which stands for the host's name. */
export type StepSpec = {
  readonly id: string
  readonly hosts: readonly string[]
  readonly danger?: Danger
  readonly order?: PlanStep['order']
  readonly batch?: number
  readonly maxFailures?: number
  readonly groups?: readonly number[]
  readonly pickAny?: boolean
  readonly confirmEach?: boolean
  readonly confirmWord?: string
  readonly skipped?: PlanStep['skipped']
  readonly check?: string
  readonly require?: string
  readonly verify?: string
  /** Polling of check and verify. */
  readonly forMs?: number
  readonly run?: readonly string[]
  readonly repeatSafe?: boolean
  readonly file?: { readonly path: string; readonly content: string }
  readonly http?: string
  readonly undo?: string
  readonly manual?: readonly string[]
  readonly eachHost?: boolean
  readonly repeat?: RepeatClass
  readonly reconnectMs?: number
  readonly timeoutMs?: number
  readonly idleTimeoutMs?: number
  readonly onTimeout?: 'ask' | 'kill'
  readonly from?: string
}

export type BuiltPlan = {
  readonly plan: Plan
  readonly renderStep: RenderHostStep
  readonly outline: PlanOutline
  readonly created: EventOf<'run-created'>
  readonly specs: ReadonlyMap<string, StepSpec>
}

/** Builds plan, outline and the rendering of steps out of short specifications. */
export function buildTestPlan(
  specs: readonly StepSpec[],
  options: { readonly units?: readonly PlanUnit[]; readonly level?: Inventory['environment']['level'] } = {},
): BuiltPlan {
  const names = [...new Set(specs.flatMap(({ hosts }) => hosts))].filter((name) => name !== LOCAL_HOST)
  const steps = specs.map(buildStep)
  const plan: Plan = {
    runbook: { path: 'test.md', sha256: hash('test'), title: 'Test' },
    inventory: buildInventory(names, options.level ?? 'lab'),
    params: {},
    steps,
    units: options.units ?? steps.map(({ id }) => ({ kind: 'step', step: id })),
    digest: hash(JSON.stringify(specs)),
  }
  const byId = new Map(specs.map((spec) => [spec.id, spec]))
  const outline = buildTestOutline(plan)
  return {
    plan,
    outline,
    specs: byId,
    created: buildCreated(plan, outline),
    renderStep: (_, { step, host }) => renderSpec(byId.get(step)!, host),
  }
}

function buildCreated(plan: Plan, outline: PlanOutline): EventOf<'run-created'> {
  return {
    type: 'run-created',
    runbook: plan.runbook,
    inventory: {
      path: 'inventory.yaml',
      name: plan.inventory.name,
      sha256: plan.inventory.sha256,
      environment: plan.inventory.environment.name,
      level: plan.inventory.environment.level,
    },
    outlineDigest: hash(JSON.stringify(outline)),
    outline,
    params: {},
    operator: 'ann',
    options: { onFailure: 'ask' },
    toolVersion: '0.0.0',
    waivers: [],
  }
}

function buildInventory(names: readonly string[], level: Inventory['environment']['level']): Inventory {
  const hosts = names.map((name): Host => ({
    name: name as HostName,
    address: {},
    ssh: {},
    roles: {},
    tags: [],
    vars: {},
  }))
  return {
    path: 'inventory.yaml',
    sha256: hash('inventory'),
    name: 'test',
    environment: { name: 'testing', level },
    vars: {},
    connection: {},
    datacenters: [],
    hosts,
    secrets: new Map(),
    ruleFiles: [],
    waivers: [],
  }
}

function buildStep(spec: StepSpec, index: number): PlanStep {
  const actions =
    (spec.run?.length ?? 0) + (spec.file === undefined ? 0 : 1) + (spec.http === undefined ? 0 : 1)
  return {
    id: spec.id as StepId,
    index,
    title: `Step ${spec.id}`,
    phaseTitles: [],
    phases: [],
    danger: spec.danger ?? (actions === 0 ? 'read' : 'change'),
    order: spec.order ?? 'parallel',
    ...(spec.batch === undefined ? {} : { batch: spec.batch }),
    ...(spec.maxFailures === undefined ? {} : { maxFailures: spec.maxFailures }),
    hosts: spec.hosts as readonly HostName[],
    groups: spec.groups ?? [0],
    ...(spec.skipped === undefined ? {} : { skipped: spec.skipped }),
    pickAny: spec.pickAny ?? false,
    ...(spec.confirmWord === undefined ? {} : { confirmWord: spec.confirmWord }),
    confirmEach: spec.confirmEach ?? false,
    covers: [],
    manual: (spec.manual ?? []).map((text, item) => ({ text, span: SPAN, number: item + 1 })),
    eachHost: spec.eachHost ?? false,
    repeat: spec.repeat ?? selectRepeat(spec, actions),
    touches: {
      files: 0,
      actions,
      checks: spec.check === undefined ? 0 : 1,
      verifies: spec.verify === undefined ? 0 : 1,
      requires: spec.require === undefined ? 0 : 1,
      undos: spec.undo === undefined ? 0 : 1,
      fixtures: 0,
    },
    hash: hash(JSON.stringify(spec)),
    content: [],
  }
}

function selectRepeat(spec: StepSpec, actions: number): RepeatClass {
  if (actions === 0) return 'probe-only'
  if (spec.run === undefined && spec.http === undefined) return 'idempotent'
  if (spec.repeatSafe === true) return 'safe'
  return spec.check === undefined ? 'once' : 'guarded'
}

const SPAN = { file: 'test.md', line: 1, column: 1, endLine: 1, endColumn: 1 } as unknown as Fence['span']

function buildFence(verb: FenceVerb, spec: StepSpec): Fence {
  return {
    verb,
    language: 'sh',
    body: { source: '', span: SPAN, parts: [] },
    span: SPAN,
    bodySpan: SPAN,
    options: {
      interactive: false,
      repeatSafe: spec.repeatSafe ?? false,
      when: [],
      passes: 1,
      warn: false,
      fail: [1],
      status: 200,
      ...(spec.reconnectMs === undefined ? {} : { reconnectMs: spec.reconnectMs }),
    },
    expectations: [],
  }
}

function renderSpec(spec: StepSpec, host: HostName): HostStepWork {
  const fill = (text: string): string => text.replaceAll('HOST', host)
  const probe = (verb: ProbeWork['verb'], index: number, text: string | undefined): ProbeWork[] =>
    text === undefined ? [] : [buildProbe(spec, { verb, index, body: fill(text), host })]
  return {
    step: spec.id as StepId,
    host,
    fixtures: [],
    checks: probe('check', 1, spec.check),
    requires: probe('require', 2, spec.require),
    verifies: probe('verify', 3, spec.verify),
    actions: buildActions(spec, fill),
    undos:
      spec.undo === undefined
        ? []
        : [buildAction(spec, { index: 1, kind: 'run', command: buildCommand(fill(spec.undo)) })],
  }
}

function buildActions(spec: StepSpec, fill: (text: string) => string): ActionWork[] {
  const actions: Pick<ActionWork, 'kind' | 'command' | 'file' | 'http'>[] = (spec.run ?? []).map((body) => ({
    kind: 'run',
    command: buildCommand(fill(body)),
  }))
  if (spec.file !== undefined) {
    const { path, content } = spec.file
    actions.push({ kind: 'file', command: buildCommand(fill(content)), file: { path: fill(path) } })
  }
  if (spec.http !== undefined) {
    const http = { request: [`POST ${fill(spec.http)}\n`], status: 200, local: false }
    actions.push({ kind: 'http', command: buildCommand(''), http })
  }
  return actions.map((action, index) => buildAction(spec, { ...action, index: index + 1 }))
}

function buildCommand(body: string): CommandWork {
  return { language: 'sh', body: [body] }
}

function buildAction(
  spec: StepSpec,
  parts: Pick<ActionWork, 'index' | 'kind' | 'command' | 'file' | 'http'>,
): ActionWork {
  return {
    fence: buildFence('run', spec),
    interactive: false,
    repeatSafe: spec.repeatSafe ?? false,
    timeoutMs: spec.timeoutMs ?? 30 * 60_000,
    idleTimeoutMs: spec.idleTimeoutMs ?? 10 * 60_000,
    reconnectMs: spec.reconnectMs ?? 15 * 60_000,
    onTimeout: spec.onTimeout ?? 'ask',
    ...parts,
  }
}

function buildProbe(
  spec: StepSpec,
  { verb, index, body, host }: { verb: ProbeWork['verb']; index: number; body: string; host: HostName },
): ProbeWork {
  return {
    index,
    verb,
    fence: buildFence(verb, spec),
    kind: 'command',
    command: buildCommand(body),
    probers: [(spec.from ?? host) as HostName],
    expectations: [],
    fail: [1],
    everyMs: 5000,
    forMs: verb === 'require' ? 0 : (spec.forMs ?? 0),
    passes: 1,
    warn: false,
    timeoutMs: 60_000,
  }
}

/** The outline of a plan, as clients see it. */
export function buildTestOutline(plan: Plan): PlanOutline {
  return {
    title: plan.runbook.title,
    digest: plan.digest,
    units: plan.units.map((unit) =>
      unit.kind === 'step' ? { steps: [unit.step] } : { steps: unit.steps, hosts: unit.hosts },
    ),
    steps: plan.steps.map((step): OutlineStep => {
      const {
        touches,
        manual,
        phaseTitles,
        takes: _,
        window: __,
        content: ___,
        noUndoReason: ____,
        index: _____,
        by: ______,
        ...rest
      } = step
      return {
        ...rest,
        phases: phaseTitles,
        actions: touches.actions,
        undos: touches.undos,
        manual: manual.map(({ text }) => text),
      }
    }),
  }
}
