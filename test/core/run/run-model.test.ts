import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HostName, StepId } from '../../../src/core/base/ids.ts'
import { decideIntent } from '../../../src/core/run/decide-intent.ts'
import type { Outcome, RunEvent } from '../../../src/core/run/events.ts'
import type { Intent } from '../../../src/core/run/intents.ts'
import { reduceEvent } from '../../../src/core/run/reduce.ts'
import { selectWork, type Work } from '../../../src/core/run/select-work.ts'
import { isFailing, isSettled } from '../../../src/core/run/settled.ts'
import { createRunState, type HostStepPhase, type RunState } from '../../../src/core/run/state.ts'
import { buildTestPlan, type StepSpec } from '../../engine/support/plan-builder.ts'
import { normalize } from '../../engine/support/sim/oracle.ts'
import { acted, ended, failed } from './support.ts'

const HOSTS = ['h1', 'h2', 'h3']

const stepArbitrary = (id: string): fc.Arbitrary<StepSpec> =>
  fc.record(
    {
      id: fc.constant(id),
      hosts: fc.subarray(HOSTS, { minLength: 1 }),
      order: fc.constantFrom('parallel' as const, 'serial' as const, 'first-then-parallel' as const),
      batch: fc.integer({ min: 1, max: 3 }),
      maxFailures: fc.integer({ min: 1, max: 3 }),
      run: fc.constant(['x']),
      undo: fc.constant('y'),
      confirmEach: fc.boolean(),
      pickAny: fc.constant(false),
    },
    { requiredKeys: ['id', 'hosts', 'order', 'run'] },
  )

const planArbitrary = fc.tuple(stepArbitrary('a'), stepArbitrary('b'), stepArbitrary('c'))

/** Choices as numbers: which work is done, how it ends, what a person wants. They shrink well. */
const choicesArbitrary = fc.array(fc.nat(999), { maxLength: 120, size: 'max' })

/** What a phase may turn into by one event; a phase may always stay. */
const LEGAL: Record<HostStepPhase, readonly HostStepPhase[]> = {
  pending: ['evaluating', 'ended', 'awaiting'],
  evaluating: ['intent', 'verifying', 'awaiting', 'ended'],
  intent: ['running', 'verifying', 'awaiting', 'ended'],
  running: ['verifying', 'intent', 'awaiting', 'ended'],
  verifying: ['ended', 'awaiting', 'intent'],
  awaiting: ['decided', 'ended'],
  decided: ['intent', 'verifying', 'awaiting', 'ended'],
  ended: ['awaiting'],
}

type Model = {
  readonly state: RunState
  readonly events: RunEvent[]
  readonly tell: (events: readonly RunEvent[]) => void
}

function createModel(specs: readonly StepSpec[]): Model {
  const state = createRunState()
  const events: RunEvent[] = []
  const tell = (added: readonly RunEvent[]): void => {
    for (const event of added) {
      const before = phases(state)
      events.push(event)
      reduceEvent(state, event, 0)
      for (const [key, phase] of phases(state)) {
        const was = before.get(key)
        if (was !== undefined && was !== phase)
          expect(LEGAL[was], `${key}: ${was} by ${event.type}`).toContain(phase)
      }
    }
  }
  tell([buildTestPlan(specs).created])
  return { state, events, tell }
}

function phases(state: RunState): Map<string, HostStepPhase> {
  return new Map(
    [...state.steps.values()].flatMap((step) =>
      [...step.hosts.values()].map(({ host, phase }) => [`${step.id}@${host}`, phase] as const),
    ),
  )
}

/** What the engine would tell about one piece of work; `choice` says how it goes. */
function perform(state: RunState, work: Work, choice: number): RunEvent[] {
  switch (work.kind) {
    case 'confirm-run':
      return [
        {
          type: 'question-asked',
          question: { id: 'plan/#1', kind: 'plan', text: 'go?', choices: ['go', 'abort'] },
        },
      ]
    case 'begin-step':
      return [{ type: 'step-began', step: work.step }]
    case 'skip-step':
      return [{ type: 'step-skipped', step: work.step, by: work.by, detail: work.detail }]
    case 'confirm-step': {
      const place = work.host === undefined ? { step: work.step } : { step: work.step, host: work.host }
      const id = `confirm/${work.step}${work.host === undefined ? '' : `@${work.host}`}#${state.version}`
      return [
        {
          type: 'question-asked',
          question: { id, kind: 'confirm', text: 'go?', choices: ['go', 'skip', 'abort'], ...place },
        },
      ]
    }
    case 'run-host':
      return runHost(state, work, choice)
    case 'exclude-host':
      return [ended(work.step, work.host, 'excluded')]
    case 'ask':
      return [{ type: 'question-asked', question: work.question }]
    case 'ask-about':
      return failed(work.step, work.host).slice(-1)
    case 'finish':
      return [{ type: 'run-finished', deviations: 0, failed: false }]
    case 'end-aborted':
      return [{ type: 'run-aborted', by: 'ann', reason: 'enough' }]
  }
}

const BY_CHOICE: { readonly [choice: string]: Outcome } = {
  accept: 'accepted',
  skip: 'skipped',
  defer: 'deferred',
  exclude: 'excluded',
  undo: 'undone',
}

function runHost(
  state: RunState,
  { step, host }: { step: StepId; host: HostName },
  choice: number,
): RunEvent[] {
  const { decision } = state.steps.get(step)!.hosts.get(host)!
  if (state.aborting !== undefined) return [ended(step, host, 'cancelled', 'ann')]
  const outcome = BY_CHOICE[decision?.choice ?? '']
  if (outcome !== undefined) return [ended(step, host, outcome, 'ann')]
  const [, ...run] = acted(step, host)
  const begin =
    decision === undefined && state.steps.get(step)!.hosts.get(host)!.phase === 'pending'
      ? [{ type: 'host-began' as const, step, host }]
      : []
  const question: RunEvent = {
    type: 'question-asked',
    question: {
      id: `failed/${step}@${host}#${state.version}`,
      kind: 'failed',
      step,
      host,
      text: '?',
      choices: ['retry', 'accept', 'skip', 'defer', 'exclude', 'undo', 'abort'],
    },
  }
  if (choice % 3 === 0) return [...begin, ...run, ended(step, host, 'failed'), question]
  return [...begin, ...run, ended(step, host)]
}

function wish(state: RunState, choice: number): Intent {
  const questions = [...state.questions.values()]
  const question = questions[choice % Math.max(1, questions.length)]
  if (question === undefined || choice % 17 === 0) {
    if (choice % 2 === 0) return { type: 'pause', by: 'ann' }
    return { type: 'exclude-host', by: 'ann', host: HOSTS[choice % 3] as HostName, reason: 'bad' }
  }
  const usual = question.choices.filter((each) => each !== 'abort' || choice % 13 === 0)
  return {
    type: 'answer',
    question: question.id,
    choice: usual[choice % usual.length] ?? 'abort',
    by: 'ann',
    how: 'asked',
    text: 'because',
  }
}

function checkInvariants({ state }: Model): void {
  const places = [...state.questions.values()].map(
    ({ kind, step, host, item }) => `${kind} ${step} ${host} ${item}`,
  )
  expect(new Set(places).size, 'the same question is open twice').toBe(places.length)
  for (const step of state.steps.values()) {
    const hosts = [...step.hosts.values()]
    expect(step.counts.pending).toBe(hosts.filter(({ phase }) => phase === 'pending').length)
    expect(step.counts.failing).toBe(hosts.filter(isFailing).length)
    expect(step.counts.settled).toBe(hosts.filter(isSettled).length)
    for (const hostStep of hosts)
      expect(state.open.has(hostStep)).toBe(hostStep.phase !== 'pending' && !isSettled(hostStep))
  }
  const works = selectWork(state)
  expect(selectWork(state)).toEqual(works)
  for (const work of works) checkWork(state, work)
}

function checkWork(state: RunState, work: Work): void {
  if (work.kind === 'finish')
    expect(
      [...state.steps.values()].every(
        (step) => step.skipped !== undefined || [...step.hosts.values()].every(isSettled),
      ),
    ).toBe(true)
  if (work.kind !== 'run-host') return
  const { phase } = state.steps.get(work.step)!.hosts.get(work.host)!
  if (phase !== 'pending') return
  expect(state.status).toBe('open')
  const ids = [...state.steps.keys()]
  for (const id of ids.slice(0, ids.indexOf(work.step))) {
    const step = state.steps.get(id)!
    expect(
      step.skipped !== undefined || [...step.hosts.values()].every(isSettled),
      `${work.step} before ${id}`,
    ).toBe(true)
  }
  expect(state.excluded.has(work.host)).toBe(false)
}

test('no sequence of work, outcomes and wishes leads where the rules do not', () => {
  fc.assert(
    fc.property(planArbitrary, choicesArbitrary, (specs, choices) => {
      const model = createModel(specs)
      for (const choice of choices) {
        const works = selectWork(model.state)
        if (model.state.status === 'paused') model.tell([{ type: 'run-resumed', operator: 'ann' }])
        else if (works.length > 0 && choice % 4 !== 0)
          model.tell(perform(model.state, works[choice % works.length]!, choice))
        else {
          const decision = decideIntent(model.state, wish(model.state, choice))
          if (decision.ok) model.tell(decision.events)
        }
        checkInvariants(model)
      }
      const replayed = createRunState()
      for (const event of model.events)
        reduceEvent(replayed, JSON.parse(JSON.stringify(event)) as RunEvent, 0)
      expect(normalize(replayed)).toBe(normalize(model.state))
    }),
    { numRuns: 150 },
  )
})

test('a run whose person answers comes to an end', () => {
  fc.assert(
    fc.property(
      planArbitrary,
      fc.array(fc.nat(999), { minLength: 600, maxLength: 600 }),
      (specs, choices) => {
        const model = createModel(specs)
        for (const choice of choices) {
          const works = selectWork(model.state)
          if (model.state.status === 'finished' || model.state.status === 'aborted') return
          if (works.length > 0) model.tell(perform(model.state, works[0]!, choice))
          else {
            const question = model.state.questions.values().next().value
            expect(question, 'nothing to do and nothing asked').toBeDefined()
            const decision = decideIntent(model.state, {
              type: 'answer',
              question: question!.id,
              choice: question!.choices[0]!,
              by: 'ann',
              how: 'asked',
              text: 'because',
            })
            expect(decision.ok).toBe(true)
            if (decision.ok) model.tell(decision.events)
          }
        }
        expect(model.state.status).toBe('finished')
      },
    ),
    { numRuns: 50 },
  )
})

const anyEvent: fc.Arbitrary<RunEvent> = fc
  .record({
    type: fc.constantFrom(
      'step-began',
      'host-began',
      'host-ended',
      'host-stale',
      'job-running',
      'job-ended',
      'job-unknown',
      'question-answered',
      'question-asked',
      'host-waited',
      'attempt-started',
      'job-intended',
      'step-skipped',
      'run-paused',
      'run-resumed',
      'abort-requested',
      'host-excluded',
      'link-lost',
      'link-given-up',
      'checks-evaluated',
      'manual-ticked',
      'edit-shown',
      'value-captured',
      'from-the-future',
    ),
    step: fc.constantFrom('a', 'b', 'nowhere'),
    host: fc.constantFrom('h1', 'h2', 'nobody'),
    attempt: fc.constantFrom('t1', 't2'),
    job: fc.constantFrom('t1.1', 't2.1'),
    outcome: fc.constantFrom('succeeded', 'failed', 'unknown', 'skipped'),
    choice: fc.constantFrom('retry', 'exclude', 'abort', 'go'),
    number: fc.nat(3),
    action: fc.nat(3),
  })
  .map((event) => ({
    ...event,
    kind: 'run',
    question:
      event.type === 'question-asked'
        ? {
            id: `failed/${event.step}@${event.host}#1`,
            kind: 'failed',
            step: event.step,
            host: event.host,
            text: '?',
            choices: ['retry'],
          }
        : `failed/${event.step}@${event.host}#1`,
    result: { kind: 'exited', code: 0 },
    results: [],
    by: 'ann',
    reason: 'because',
  })) as unknown as fc.Arbitrary<RunEvent>

test('any order of events gives a state whose counts are right', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60, size: 'max' }), (events) => {
      const state = createRunState()
      reduceEvent(
        state,
        buildTestPlan([
          { id: 'a', hosts: ['h1', 'h2'], run: ['x'] },
          { id: 'b', hosts: ['h1'], run: ['x'] },
        ]).created,
        0,
      )
      for (const event of events) reduceEvent(state, event, 0)
      for (const step of state.steps.values()) {
        expect(step.counts.settled).toBe([...step.hosts.values()].filter(isSettled).length)
        expect(step.counts.failing).toBe([...step.hosts.values()].filter(isFailing).length)
      }
      selectWork(state)
    }),
    { numRuns: 300 },
  )
})
