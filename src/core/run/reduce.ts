import { assert } from '../base/errors.ts'
import type { HostName } from '../base/ids.ts'
import type { CheckResult } from './check-result.ts'
import type { EventOf, RunEvent } from './events.ts'
import type { PlanOutline } from './outline.ts'
import { endRun, isRunOver } from './end-run.ts'
import { CHANGED_AFTER, forgetOldTexts } from './forget-old-texts.ts'
import { baseKey } from './base-key.ts'
import { reduceJobEvent } from './reduce-job.ts'
import { dropQuestions, reduceQuestionEvent } from './reduce-question.ts'
import { tallyHostStep, tallyRun } from './tally.ts'
import { createStepState, type HostStepState, type RunState, type StepState } from './state.ts'

/**
 * Applies one durable event to the state, in place. Total over every event of every released version:
 * an event about a step or host that the outline does not hold is ignored.
 */
export function reduceEvent(state: RunState, event: RunEvent, wallMs?: number): void {
  state.version += 1
  if (wallMs !== undefined) {
    state.startedWallMs ??= wallMs
    state.lastWallMs = wallMs
  }
  if (event.type === 'job-running') forgetLoss(state, event.host)
  const isDone =
    reduceJobEvent(state, event) ||
    reduceQuestionEvent(state, event) ||
    reduceRunEvent(state, event) ||
    reduceConnectionEvent(state, event, wallMs)
  if (!isDone) reduceStepEvent(state, event)
  tallyEvent(state, event)
}

/** Counts anew what the event was about; an answer counts its host-steps itself. */
function tallyEvent(state: RunState, event: RunEvent): void {
  if (event.type === 'run-created' || event.type === 'plan-adopted') return tallyRun(state)
  const place = event.type === 'question-asked' ? event.question : event
  if (!('step' in place) || !('host' in place) || place.step === undefined || place.host === undefined) return
  const step = state.steps.get(place.step)
  const hostStep = step?.hosts.get(place.host)
  if (step !== undefined && hostStep !== undefined) tallyHostStep(state, step, hostStep)
}

function reduceRunEvent(state: RunState, event: RunEvent): boolean {
  switch (event.type) {
    case 'run-created':
      createRun(state, event)
      return true
    case 'run-confirmed':
      state.confirmed = true
      state.status = 'open'
      return true
    case 'session-opened':
      state.operator = event.operator
      return true
    case 'run-paused':
      if (state.status === 'open') state.status = 'paused'
      state.locked = new Set(selectBusy(state))
      state.pause = { reason: event.reason, ...(event.detail === undefined ? {} : { detail: event.detail }) }
      return true
    case 'run-resumed':
      state.status = state.confirmed ? 'open' : 'draft'
      state.pause = undefined
      state.operator = event.operator
      return true
    case 'run-finished':
      endRun(state, 'finished')
      state.failed = event.failed
      return true
    case 'abort-requested':
      state.aborting = { by: event.by, reason: event.reason }
      return true
    case 'run-aborted':
      endRun(state, 'aborted')
      state.failed = true
      return true
    case 'plan-adopted':
      adoptOutline(state, event)
      return true
    default:
      return false
  }
}

function reduceConnectionEvent(state: RunState, event: RunEvent, wallMs: number | undefined): boolean {
  switch (event.type) {
    case 'base-chosen':
      state.bases.set(baseKey(event.host, event.as), event)
      forgetLoss(state, event.host)
      return true
    case 'link-lost':
      if (isRunOver(state)) return true
      state.lostLinks.set(event.host, event.reason)
      // It is waited for again: the last contact is as long ago as before.
      if (!state.unawaited.delete(event.host) && wallMs !== undefined)
        state.lostWallMs.set(event.host, wallMs)
      return true
    case 'link-given-up':
      if (state.lostLinks.has(event.host)) state.unawaited.set(event.host, event.by)
      return true
    case 'link-restored':
      forgetLoss(state, event.host)
      return true
    case 'param-changed':
      correctParam(state, event)
      return true
    case 'journal-recovered':
    case 'clock-jumped':
      return true
    default:
      return false
  }
}

/** The host was reached; a session that did not lose it says so only by what it did there. */
function forgetLoss(state: RunState, host: HostName): void {
  state.lostLinks.delete(host)
  state.lostWallMs.delete(host)
  state.unawaited.delete(host)
}

/** Accounts where a job may run. */
function* selectBusy({ jobs }: RunState): Iterable<string> {
  for (const { state, host, as } of jobs.values())
    if (state === 'intent' || state === 'running') yield baseKey(host, as)
}

/** What is shown of the parameters is what the run goes by. */
function correctParam(state: RunState, event: EventOf<'param-changed'>): void {
  const { created } = state
  if (created === undefined) return
  state.created = { ...created, params: { ...created.params, [event.name]: event.after } }
}

function createRun(state: RunState, event: EventOf<'run-created'>): void {
  assert(event.outline !== undefined, 'run-created reached the reducer without its outline')
  const { type: _, ...created } = event
  state.created = created
  state.operator = event.operator
  setOutline(state, event.outline)
  for (const waiver of event.waivers)
    state.deviations.push({ kind: 'waiver', by: event.operator, reason: waiver })
  if (event.options.overrideNeeds !== undefined)
    state.deviations.push({ kind: 'override', by: event.operator, reason: event.options.overrideNeeds })
}

function setOutline(state: RunState, outline: PlanOutline): void {
  state.outline = outline
  const before = state.steps
  state.steps = new Map(
    outline.steps.map((step) => [step.id, mergeStep(before.get(step.id), createStepState(step))]),
  )
}

/** Keeps what already happened on the hosts that both know. */
function mergeStep(old: StepState | undefined, fresh: StepState): StepState {
  if (old === undefined) return fresh
  for (const [host, hostStep] of old.hosts) if (fresh.hosts.has(host)) fresh.hosts.set(host, hostStep)
  return { ...old, outline: fresh.outline, hosts: fresh.hosts }
}

function adoptOutline(state: RunState, event: EventOf<'plan-adopted'>): void {
  assert(event.outline !== undefined, 'plan-adopted reached the reducer without its outline')
  const before = new Map([...state.steps].map(([id, { outline }]) => [id, outline.hash]))
  setOutline(state, event.outline)
  forgetOldTexts(state, before)
  for (const id of event.stale) {
    for (const hostStep of state.steps.get(id)?.hosts.values() ?? []) {
      if (hostStep.phase === 'ended') hostStep.stale = CHANGED_AFTER
    }
  }
}

function reduceStepEvent(state: RunState, event: RunEvent): void {
  if (!('step' in event) || event.step === undefined) return
  const step = state.steps.get(event.step)
  if (step === undefined) return
  switch (event.type) {
    case 'step-began':
      step.began = true
      return
    case 'host-picked':
      step.picked = event.host
      return
    case 'step-confirmed':
      if (event.host === undefined) step.confirmed = true
      else step.confirmedHosts.add(event.host)
      return
    case 'step-skipped':
      step.skipped = { by: event.by, detail: event.detail }
      if (event.by === 'person')
        state.deviations.push({ kind: 'skip', step: step.id, by: state.operator, reason: event.detail })
      return
    case 'manual-ticked':
      tickItem(state, step, event)
      return
    default:
      reduceHostEvent(state, step, event)
  }
}

function tickItem(state: RunState, step: StepState, event: EventOf<'manual-ticked'>): void {
  const key = event.host === undefined ? String(event.item) : `${event.item}@${event.host}`
  step.ticks.set(key, event)
  if (event.acceptedBecause !== undefined) {
    state.deviations.push({
      kind: 'accept',
      step: step.id,
      by: event.by,
      reason: event.acceptedBecause,
      ...(event.host && { host: event.host }),
    })
  }
}

function reduceHostEvent(state: RunState, step: StepState, event: RunEvent): void {
  if (!('host' in event) || event.host === undefined) return
  const hostStep = step.hosts.get(event.host as HostName)
  if (hostStep === undefined) return
  switch (event.type) {
    case 'host-began':
      hostStep.phase = 'evaluating'
      return
    case 'checks-evaluated':
      hostStep.checks = new Map([
        ...hostStep.checks,
        ...event.results.map((result) => [checkKey(result), result] as const),
      ])
      if (event.moment === 'after') hostStep.phase = 'verifying'
      return
    case 'edit-shown':
      hostStep.shownEdits = new Map(hostStep.shownEdits).set(event.action, event)
      return
    case 'value-captured': {
      const byHost = state.captures.get(event.name) ?? new Map<HostName, string>()
      state.captures.set(event.name, byHost.set(event.host, event.value))
      return
    }
    case 'host-ended':
      endHost(state, hostStep, event)
      return
    case 'host-stale':
      hostStep.stale = event.reason
      return
    default:
  }
}

function checkKey(result: CheckResult): string {
  const place = `${result.verb}/${result.index}`
  return result.prober === undefined ? place : `${place}/${result.prober}`
}

const DEVIATING: ReadonlySet<string> = new Set(['accepted', 'skipped', 'excluded', 'undone'])
const DEVIATION_KIND = { accepted: 'accept', skipped: 'skip', excluded: 'exclude', undone: 'undo' } as const

function endHost(state: RunState, hostStep: HostStepState, event: EventOf<'host-ended'>): void {
  dropQuestions(state, event)
  hostStep.phase = 'ended'
  hostStep.question = undefined
  hostStep.outcome = event.outcome
  hostStep.failure = event.failure
  hostStep.durationMs = event.durationMs
  hostStep.decision = undefined
  hostStep.stale = undefined
  hostStep.by = event.by
  hostStep.reason = event.reason
  if (event.by !== undefined && event.outcome === 'unknown') {
    state.deviations.push({
      kind: 'exclude',
      step: event.step,
      host: event.host,
      by: event.by,
      reason: event.reason ?? '',
    })
  }
  if (event.by !== undefined && DEVIATING.has(event.outcome)) {
    const kind = DEVIATION_KIND[event.outcome as keyof typeof DEVIATION_KIND]
    state.deviations.push({
      kind,
      step: event.step,
      host: event.host,
      by: event.by,
      reason: event.reason ?? '',
    })
  }
}
