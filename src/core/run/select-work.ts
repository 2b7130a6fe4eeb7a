import type { HostName, StepId } from '../base/ids.ts'
import { DANGERS } from '../runbook/model.ts'
import { buildQuestion, selectOpenQuestion } from './build-question.ts'
import { isOverThreshold, selectHostsToStart } from './select-hosts.ts'
import type { Question } from './question.ts'
import { isFailing, isSettled, isStepComplete, isUnderWay, selectDeferred, workHosts } from './settled.ts'
import type { HostStepState, RunState, StepState } from './state.ts'

/** What the engine may do now. Pure: the same state always gives the same work. */
export type Work =
  | { readonly kind: 'confirm-run' }
  | { readonly kind: 'begin-step'; readonly step: StepId }
  | {
      readonly kind: 'skip-step'
      readonly step: StepId
      readonly by: 'condition' | 'no-host' | 'limit'
      readonly detail: string
    }
  | { readonly kind: 'confirm-step'; readonly step: StepId; readonly host?: HostName }
  | { readonly kind: 'run-host'; readonly step: StepId; readonly host: HostName }
  | { readonly kind: 'exclude-host'; readonly step: StepId; readonly host: HostName }
  | { readonly kind: 'ask'; readonly question: Question }
  /** It failed, and the question about it is missing: a crash came between the two. */
  | { readonly kind: 'ask-about'; readonly step: StepId; readonly host: HostName }
  | { readonly kind: 'finish' }
  /** Everything that was begun is settled; `undo` lists what may be undone, last first. */
  | {
      readonly kind: 'end-aborted'
      readonly undo: readonly { readonly step: StepId; readonly host: HostName }[]
    }

/** Selects all work that may begin now; what runs already is in it too, so that a new engine takes it up again. */
export function selectWork(state: RunState): Work[] {
  if (
    state.created === undefined ||
    state.status === 'finished' ||
    state.status === 'aborted' ||
    state.status === 'sealed'
  )
    return []
  if (state.aborting !== undefined) return selectAbort(state)
  const settling = selectSettling(state)
  if (state.status === 'draft') return selectPlanQuestion(state)
  if (state.status !== 'open') return settling
  if (settling.some(({ kind }) => kind === 'ask-about')) return settling
  const stale = selectStaleQuestions(state)
  if (stale.length > 0 || hasOpenStale(state)) return [...settling, ...stale]
  return [...settling, ...selectNewWork(state)]
}

/** What was begun or waits for somebody is closed on its host first; then the run ends. */
function selectAbort(state: RunState): Work[] {
  const open = [...state.open].filter(
    (hostStep) => (isUnderWay(hostStep) || hostStep.phase === 'awaiting') && !isBeingUndone(state, hostStep),
  )
  return open.length > 0 ? open.map(runHost) : [{ kind: 'end-aborted', undo: selectUndoable(state) }]
}

/** The end of an aborted run drives its undos itself. */
function isBeingUndone({ aborting }: RunState, { attempt }: HostStepState): boolean {
  return aborting?.undo === true && attempt?.kind === 'undo'
}

/** What was begun is settled under every status: it may have left traces on a host. */
function selectSettling(state: RunState): Work[] {
  const work: Work[] = []
  for (const hostStep of state.open) {
    if (isUnderWay(hostStep)) work.push(runHost(hostStep))
    else if (hostStep.phase === 'ended' && isFailing(hostStep))
      work.push({ kind: 'ask-about', step: hostStep.step, host: hostStep.host })
  }
  return work
}

function runHost({ step, host }: HostStepState): Work {
  return { kind: 'run-host', step, host }
}

function selectPlanQuestion(state: RunState): Work[] {
  if (state.confirmed) return []
  return selectOpenQuestion(state, 'plan', {}) === undefined ? [{ kind: 'confirm-run' }] : []
}

function selectStaleQuestions(state: RunState): Work[] {
  const stale = [...state.open].filter(({ stale, phase }) => stale !== undefined && phase === 'ended')
  return stale.map((hostStep) => {
    const { step, host } = hostStep
    const question = buildQuestion(state, {
      kind: 'stale',
      step,
      host,
      text: `${state.steps.get(step)!.outline.title} on ${host} was done and no longer counts: ${hostStep.stale}`,
      choices: ['recheck', 'retry', 'accept', 'abort'],
    })
    return { kind: 'ask', question }
  })
}

function hasOpenStale(state: RunState): boolean {
  for (const question of state.questions.values()) if (question.kind === 'stale') return true
  return false
}

function selectNewWork(state: RunState): Work[] {
  for (const unit of state.outline.units) {
    const steps = unit.steps.map((id) => state.steps.get(id)).filter((step) => step !== undefined)
    if (steps.every(isStepComplete)) continue
    return unit.hosts === undefined
      ? selectStepWork(state, steps[0]!)
      : selectPhaseWork(state, steps, unit.hosts)
  }
  return selectEnd(state)
}

function selectStepWork(state: RunState, step: StepState): Work[] {
  const gate = selectStepGate(state, step)
  if (gate !== undefined) return gate
  const excluded = selectExclusions(state, step)
  if (excluded.length > 0) return excluded
  return selectHostsToStart(step).flatMap((hostStep) => selectHostWork(state, step, hostStep))
}

/** A phase in serial order: all its steps on one host, then the next host. */
function selectPhaseWork(state: RunState, steps: readonly StepState[], hosts: readonly HostName[]): Work[] {
  for (const host of hosts) {
    for (const step of steps) {
      if (step.skipped !== undefined) continue
      if (step.outline.skipped !== undefined) return selectStepGate(state, step) ?? []
      const hostStep = step.hosts.get(host)
      if (hostStep === undefined || isSettled(hostStep)) continue
      const gate = selectStepGate(state, step)
      if (gate !== undefined) return gate
      const excluded = selectExclusions(state, step)
      if (excluded.length > 0) return excluded
      return hostStep.phase === 'pending' && !isOverThreshold(step)
        ? selectHostWork(state, step, hostStep)
        : []
    }
  }
  return []
}

/** What stands before the first host of a step: its condition, its beginning, its confirmation. */
function selectStepGate(state: RunState, step: StepState): Work[] | undefined {
  const { outline } = step
  if (outline.skipped !== undefined)
    return [{ kind: 'skip-step', step: step.id, by: outline.skipped.kind, detail: outline.skipped.detail }]
  if (!step.began) return [{ kind: 'begin-step', step: step.id }]
  const someToDo = step.counts.pending > 0 && workHosts(step).some((hostStep) => hostStep.phase === 'pending')
  if (!someToDo || !needsConfirmation(step) || step.confirmed || outline.confirmEach) return undefined
  if (selectOpenQuestion(state, 'confirm', { step: step.id }) !== undefined) return []
  return [{ kind: 'confirm-step', step: step.id }]
}

function needsConfirmation({ outline }: StepState): boolean {
  return DANGERS.indexOf(outline.danger) >= DANGERS.indexOf('change') && outline.actions > 0
}

function selectExclusions(state: RunState, step: StepState): Work[] {
  if (state.excluded.size === 0) return []
  return workHosts(step)
    .filter((hostStep) => hostStep.phase === 'pending' && state.excluded.has(hostStep.host))
    .map(({ host }) => ({ kind: 'exclude-host', step: step.id, host }))
}

function selectHostWork(state: RunState, step: StepState, hostStep: HostStepState): Work[] {
  const { host } = hostStep
  const asks = step.outline.confirmEach && needsConfirmation(step) && !step.confirmedHosts.has(host)
  if (!asks) return [runHost(hostStep)]
  if (selectOpenQuestion(state, 'confirm', { step: step.id, host }) !== undefined) return []
  return [{ kind: 'confirm-step', step: step.id, host }]
}

function selectEnd(state: RunState): Work[] {
  const deferred = selectDeferred(state)
  if (deferred.length === 0) return [...state.questions.values()].every(isMoot) ? [{ kind: 'finish' }] : []
  return deferred.map((hostStep) => {
    const title = state.steps.get(hostStep.step)?.outline.title ?? hostStep.step
    const question = buildQuestion(state, {
      kind: 'deferred',
      step: hostStep.step,
      host: hostStep.host,
      text: `${title} on ${hostStep.host} was deferred: ${hostStep.reason ?? ''}`,
      choices: ['retry', 'accept', 'skip', 'abort'],
    })
    return { kind: 'ask', question }
  })
}

/** Asked about a whole step, which has ended since on all its hosts. */
function isMoot({ kind, step, host }: Question): boolean {
  return step !== undefined && host === undefined && (kind === 'confirm' || kind === 'manual')
}

/** Host-steps whose actions ran and that have a way back, last first. */
export function selectUndoable(state: RunState): { readonly step: StepId; readonly host: HostName }[] {
  return [...state.steps.values()]
    .filter(({ outline }) => outline.undos > 0)
    .flatMap((step) =>
      [...step.hosts.values()].filter(
        (hostStep) => hostStep.attempts > 0 && hostStep.outcome !== 'undone' && !isUndoGivenUp(hostStep),
      ),
    )
    .map(({ step, host }) => ({ step, host }))
    .toReversed()
}

function isUndoGivenUp({ attempt, phase, by }: HostStepState): boolean {
  return attempt?.kind === 'undo' && phase === 'ended' && by !== undefined
}
