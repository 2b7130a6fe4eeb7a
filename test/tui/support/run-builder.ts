import type { AttemptId, Digest, HostName, JobId, RunId, StepId } from '../../../src/core/base/ids.ts'
import type { CheckResult } from '../../../src/core/run/check-result.ts'
import type { RunEvent, RunOptions } from '../../../src/core/run/events.ts'
import type { Failure } from '../../../src/core/run/failure.ts'
import type { OutlineStep, PlanOutline } from '../../../src/core/run/outline.ts'
import type { Question } from '../../../src/core/run/question.ts'
import { reduceEvent } from '../../../src/core/run/reduce.ts'
import { createRunState, type RunState } from '../../../src/core/run/state.ts'

export const RUN = '7k2q-9fpm' as RunId
export const STARTED_MS = Date.UTC(2026, 2, 14, 3, 0, 0)
export const NOW_MS = STARTED_MS + 42 * 60_000 + 18_000
/** When a connection was lost. */
const LOST_MS = NOW_MS - 132_000

const digest = (text: string): Digest => text.padEnd(64, '0') as Digest

type StepParts = Partial<Omit<OutlineStep, 'id' | 'hosts'>> & { readonly hosts?: readonly string[] }

/** Builds a run from events, as a journal would tell it; each call appends. */
export class RunBuilder {
  readonly events: RunEvent[] = []
  readonly #steps: OutlineStep[] = []
  #attempts = 0
  #level = 'production'
  #environment = 'prod-eu'
  #title = 'Install Cassandra in two datacenters'
  #options: RunOptions = { onFailure: 'ask' }
  #params: { [name: string]: unknown } = {
    cluster: 'prod-eu',
    version: '5.0.4',
    admin_password: { secret: 'cassandra-admin' },
  }

  at(level: string, environment: string): this {
    this.#level = level
    this.#environment = environment
    return this
  }

  titled(title: string): this {
    this.#title = title
    return this
  }

  step(id: string, parts: StepParts = {}): this {
    this.#steps.push(buildStep(id, parts))
    return this
  }

  /** The first event, and the question about the plan. */
  created(): this {
    const outline: PlanOutline = {
      title: this.#title,
      digest: digest('ab'),
      units: this.#steps.map(({ id }) => ({ steps: [id] })),
      steps: this.#steps,
    }
    return this.add({
      type: 'run-created',
      runbook: { path: 'runbooks/cassandra.md', sha256: digest('3f9c1a2b77aa'), title: this.#title },
      inventory: {
        path: 'inventories/prod.yaml',
        name: 'prod',
        sha256: digest('cd'),
        environment: this.#environment,
        level: this.#level,
      },
      outlineDigest: digest('ab'),
      outline,
      params: this.#params,
      operator: 'alice',
      options: this.#options,
      toolVersion: '0.1.0',
      waivers: [],
    })
  }

  confirmed(): this {
    return this.created().add({ type: 'run-confirmed', by: 'alice', how: 'asked' })
  }

  add(...events: readonly RunEvent[]): this {
    this.events.push(...events)
    return this
  }

  began(step: string): this {
    return this.add(
      { type: 'step-began', step: step as StepId },
      { type: 'step-confirmed', step: step as StepId, by: 'alice', how: 'asked' },
    )
  }

  running(step: string, host: string): this {
    return this.add(...this.#attempt(step, host))
  }

  /** The attempt that is under way goes on with its second action. */
  nextAction(step: string, host: string): this {
    return this.add(...this.#job(step, host, 2))
  }

  #attempt(step: string, host: string): RunEvent[] {
    this.#attempts += 1
    const place = { step: step as StepId, host: host as HostName }
    const isOf = (event: RunEvent): boolean =>
      event.type === 'attempt-started' && event.step === place.step && event.host === place.host
    const number = this.events.filter(isOf).length + 1
    const attempt = `a${this.#attempts}` as AttemptId
    return [
      { type: 'host-began', ...place },
      { type: 'attempt-started', ...place, attempt, number, stepHash: digest('ee'), kind: 'action' },
      ...this.#job(step, host, 1),
    ]
  }

  #job(step: string, host: string, action: number): RunEvent[] {
    const attempt = `a${this.#attempts}` as AttemptId
    const job = `${attempt}.${action}` as JobId
    const place = { step: step as StepId, host: host as HostName }
    return [
      {
        type: 'job-intended',
        ...place,
        attempt,
        job,
        action,
        kind: 'run',
        command: digest('ff'),
        detached: true,
        epoch: 1,
      },
      {
        type: 'job-running',
        ...place,
        job,
        remote: { base: '/var/tmp/handrail-0', directory: 'x', pid: 4711, startTime: '1', boot: 'b' },
      },
    ]
  }

  /** The newest job of a host-step. */
  lastJob(): JobId {
    return `a${this.#attempts}.1` as JobId
  }

  ended(step: string, host: string, code: number): this {
    const job = this.lastJob()
    return this.add({
      type: 'job-ended',
      step: step as StepId,
      host: host as HostName,
      job,
      result: { kind: 'exited', code },
      outBytes: 10,
      errBytes: 0,
      durationMs: 4000,
    })
  }

  done(step: string, ...hosts: readonly string[]): this {
    for (const host of hosts) {
      this.running(step, host).ended(step, host, 0)
      this.add({
        type: 'host-ended',
        step: step as StepId,
        host: host as HostName,
        outcome: 'succeeded',
        durationMs: 31_000,
      })
    }
    return this
  }

  satisfied(step: string, ...hosts: readonly string[]): this {
    return this.add(
      ...hosts.map((host): RunEvent => ({
        type: 'host-ended',
        step: step as StepId,
        host: host as HostName,
        outcome: 'satisfied',
        durationMs: 900,
      })),
    )
  }

  checked(step: string, host: string, ...results: readonly CheckResult[]): this {
    return this.add({
      type: 'checks-evaluated',
      step: step as StepId,
      host: host as HostName,
      moment: 'after',
      results,
    })
  }

  failed(step: string, host: string, failure: Failure): this {
    const place = { step: step as StepId, host: host as HostName }
    const outcome = failure.kind === 'unknown' || failure.kind === 'unreachable' ? 'unknown' : 'failed'
    return this.add({ type: 'host-ended', ...place, outcome, failure, durationMs: 12_000 })
  }

  asked(question: Omit<Question, 'id'>): this {
    const id = `${question.kind}/${question.step ?? ''}${question.host === undefined ? '' : `@${question.host}`}#1`
    return this.add({ type: 'question-asked', question: { ...question, id } })
  }

  /** The state after all events; the clock moves evenly. */
  state(): RunState {
    const state = createRunState()
    for (const event of this.events)
      reduceEvent(state, event, event.type === 'link-lost' ? LOST_MS : STARTED_MS)
    state.startedWallMs = STARTED_MS
    return state
  }
}

function buildStep(
  id: string,
  { hosts = ['db1', 'db2', 'db3', 'db4', 'db5', 'db6'], ...parts }: StepParts,
): OutlineStep {
  return {
    id: id as StepId,
    title: id,
    phases: [],
    danger: 'change',
    order: 'parallel',
    groups: [0],
    pickAny: false,
    confirmEach: false,
    repeat: 'once',
    actions: 1,
    undos: 1,
    manual: [],
    eachHost: false,
    hash: digest('aa'),
    covers: [],
    hosts: hosts as HostName[],
    ...parts,
  }
}

export function aRun(): RunBuilder {
  return new RunBuilder()
}
