import type { HashText } from '../core/base/hash.ts'
import type { HostName, JobId, RunId, StepId } from '../core/base/ids.ts'
import { BugError } from '../core/base/errors.ts'
import type { Host } from '../core/inventory/model.ts'
import { LARGE_JOURNAL_EVENTS, MAX_JOURNAL_EVENTS } from '../core/journal/limits.ts'
import type { EvaluateCelProbe, HostStepWork, Plan, PlanStep, RenderHostStep } from '../core/plan/model.ts'
import type { CheckResult } from '../core/run/check-result.ts'
import { buildPlanOutline } from '../core/run/build-plan-outline.ts'
import type { RunEvent } from '../core/run/events.ts'
import { reduceEvent } from '../core/run/reduce.ts'
import type { HostStepState, RunState } from '../core/run/state.ts'
import type { HostLink } from './link/link-model.ts'
import type { Clock } from './ports/clock.ts'
import type { Planner } from './ports/planner.ts'
import type { RunStore } from './ports/run-store.ts'
import type { Secrets } from './ports/secrets.ts'
import type { Terminal } from './ports/terminal.ts'
import type { Transport } from './ports/transport.ts'
import { createTerminalTurns, type TerminalTurns } from './terminal-turns.ts'

/** What an engine is made of. */
export type EnginePorts = {
  readonly run: RunId
  readonly plan: Plan
  readonly state: RunState
  readonly store: RunStore
  readonly transport: Transport
  readonly clock: Clock
  readonly secrets: Secrets
  readonly hash: HashText
  readonly renderStep: RenderHostStep
  readonly evaluateCel: EvaluateCelProbe
  /** The person's terminal, for interactive steps; absent off a terminal. */
  readonly terminal?: Terminal
  readonly operator: string
  /** Raises by one with every takeover; the hosts refuse lower ones. */
  readonly epoch: number
  /** Told after each durable event, and for live output; never awaited. */
  readonly observer: EngineObserver
  /** Whether the window is open long enough for a step that takes up to `upToMs`; the reason when it is not. */
  readonly windowRefusal?: (window: string, upToMs: number) => string | undefined
  /** Makes the plan anew with corrected parameters; absent: they cannot be corrected here. */
  readonly planner?: Planner
  readonly limits?: Partial<EngineLimits>
}

export type EngineObserver = {
  readonly onEvent: (event: RunEvent) => void
  readonly onOutput: (job: JobId, stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  /** What goes on and is not worth a record: a poll, a wait, an attempt to reconnect. */
  readonly onProgress: (progress: Progress) => void
  /** Whether nothing is under way and only a person can move the run on; may repeat itself. */
  readonly onRest?: (isResting: boolean) => void
  /** Whether somebody looks on, so that looking at hosts for them is worth while; absent: yes. */
  readonly isWatched?: () => boolean
}

export type Progress = {
  readonly step?: StepId
  readonly host?: HostName
  readonly text: string
  /** What the probes of an open manual item said just now. */
  readonly seen?: readonly CheckResult[]
  /** A lost connection: the next attempt begins after so long, in milliseconds. */
  readonly retryMs?: number
}

export type EngineLimits = {
  /** Hosts that are worked on at the same time. */
  readonly hostsAtOnce: number
  /** How long one follow exchange stays before it comes back. */
  readonly followMs: number
  /** Longest pause between two attempts to reconnect. */
  readonly reconnectMaxMs: number
  /** How long the first contact with a host may take, all attempts together. */
  readonly firstContactMs: number
}

const LARGE_JOURNAL_TEXT = `this run has ${LARGE_JOURNAL_EVENTS} events and ends at ${MAX_JOURNAL_EVENTS}: split its runbook`

const DEFAULT_LIMITS: EngineLimits = {
  hostsAtOnce: 64,
  followMs: 20_000,
  reconnectMaxMs: 30_000,
  firstContactMs: 30_000,
}

/** Ports, state and the few things that every part of the engine shares. */
export type EngineContext = Omit<EnginePorts, 'limits' | 'plan'> & {
  /** These three are replaced together, by `usePlan` only, while nothing is under way. */
  plan: Plan
  planSteps: ReadonlyMap<StepId, PlanStep>
  hosts: ReadonlyMap<HostName, Host>
  readonly limits: EngineLimits
  /** Aborts when the tool detaches or stops: nothing on a host is ended by it. */
  readonly detach: AbortSignal
  readonly links: Map<HostName, HostLink>
  /** Open manual items that are being looked at, by question; each resolves when nothing of it is under way. */
  readonly readBacks: Map<string, Promise<void>>
  readonly terminalTurns: TerminalTurns
  /** Makes events durable, then applies them to the state and tells the observer. */
  readonly record: (...events: readonly RunEvent[]) => Promise<void>
}

/** Builds the shared context of an engine. */
export function buildContext(ports: EnginePorts, detach: AbortSignal): EngineContext {
  const limits = { ...DEFAULT_LIMITS, ...ports.limits }
  const record = async (...events: readonly RunEvent[]): Promise<void> => {
    if (events.length === 0) return
    for (const recorded of await ports.store.append(events)) {
      // The journal names an outline by its digest; it is that of the plan in use.
      const event: RunEvent =
        recorded.type === 'plan-adopted' ? { ...recorded, outline: buildPlanOutline(context.plan) } : recorded
      reduceEvent(ports.state, event, ports.clock.wallMs())
      ports.observer.onEvent(event)
      if (ports.state.version === LARGE_JOURNAL_EVENTS)
        ports.observer.onProgress({ text: LARGE_JOURNAL_TEXT })
    }
  }
  const maps = buildPlanMaps(ports.plan)
  const context: EngineContext = {
    ...ports,
    ...maps,
    limits,
    detach,
    links: new Map(),
    readBacks: new Map(),
    terminalTurns: createTerminalTurns(),
    record,
  }
  return context
}

/** Goes by this plan from now on: parameters were corrected while nothing was under way. */
export function usePlan(context: EngineContext, plan: Plan): void {
  Object.assign(context, { plan, ...buildPlanMaps(plan) })
}

function buildPlanMaps(plan: Plan): Pick<EngineContext, 'planSteps' | 'hosts'> {
  return {
    planSteps: new Map(plan.steps.map((step) => [step.id, step])),
    hosts: new Map(plan.inventory.hosts.map((host) => [host.name, host])),
  }
}

/** The plan's step; a step that the state knows and the plan does not is a bug. */
export function selectPlanStep(context: EngineContext, step: StepId): PlanStep {
  const found = context.planSteps.get(step)
  if (found === undefined) throw new BugError(`the plan has no step ${step}`)
  return found
}

/** The inventory's host, or the operator's own machine. */
export function selectHost(context: EngineContext, name: HostName): Host {
  return (
    context.hosts.get(name) ?? {
      name,
      address: {},
      ssh: { transport: 'local' },
      roles: {},
      tags: [],
      vars: {},
    }
  )
}

/** The state of a host-step; one that the state does not hold is a bug. */
export function requireHostStep(context: EngineContext, step: StepId, host: HostName): HostStepState {
  const found = context.state.steps.get(step)?.hosts.get(host)
  if (found === undefined) throw new BugError(`no host-step ${step} on ${host}`)
  return found
}

/** Renders a host-step with what is known by now: captures, the run's id and directory. */
export function renderWork(
  context: EngineContext,
  place: { step: StepId; host: HostName; prober?: HostName },
): HostStepWork {
  return context.renderStep(context.plan, { ...place, late: buildLateScope(context, place.host) })
}

/** Of what the names of a running run are made. */
export type LateContext = Pick<EngineContext, 'state' | 'run' | 'operator'>

/** Names that are known only while the run goes on. */
export function buildLateScope(context: LateContext, host: HostName): Record<string, never> {
  const { state } = context
  const captures = Object.fromEntries(
    [...state.captures].map(([name, byHost]) => [name, Object.fromEntries(byHost)]),
  )
  const captured = Object.fromEntries(
    [...state.captures].flatMap(([name, byHost]) => (byHost.has(host) ? [[name, byHost.get(host)!]] : [])),
  )
  const dir = selectRunDirectory(context, host)
  const run = {
    id: context.run,
    operator: context.operator,
    started: formatStarted(state.startedWallMs),
    ...(dir === undefined ? {} : { dir }),
  }
  return { captures, captured, run } as unknown as Record<string, never>
}

/** The run's private directory on that host (0700) below `base`, by default the login user's once it was chosen. */
export function selectRunDirectory(context: LateContext, host: HostName, base?: string): string | undefined {
  const chosen = base ?? context.state.bases.get(host)?.base
  return chosen === undefined ? undefined : `${chosen}/${host}/runs/${context.run}`
}

/** Seconds since 1970, as text: the engine has no calendar. */
function formatStarted(wallMs: number | undefined): string {
  return wallMs === undefined ? '' : String(Math.floor(wallMs / 1000))
}
