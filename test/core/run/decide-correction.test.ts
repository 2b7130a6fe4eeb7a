import { expect, test } from 'vitest'
import type { Digest, StepId } from '../../../src/core/base/ids.ts'
import { decideCorrection, type CorrectionIntent } from '../../../src/core/run/decide-correction.ts'
import { decideIntent } from '../../../src/core/run/decide-intent.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import { acted, began, ended, openRun, type TestRun } from './support.ts'

const SPECS = [
  { id: 'a', hosts: ['h1'], run: ['x'] },
  { id: 'b', hosts: ['h1'], run: ['y'] },
]
const PAUSED: RunEvent = { type: 'run-paused', reason: 'operator' }
const INTENT: CorrectionIntent = {
  type: 'correct-params',
  by: 'ann',
  values: { release: '2' },
  reason: ' withdrawn ',
}

/** The plan of a run in which the text of these steps is another. */
function correctedPlan(run: TestRun, changed: readonly string[], after: unknown = '2') {
  const { outline } = run.state
  const steps = outline.steps.map((step) =>
    changed.includes(step.id) ? { ...step, hash: 'f'.repeat(64) as Digest } : step,
  )
  const digest = 'd'.repeat(64) as Digest
  return {
    outline: { ...outline, steps },
    outlineDigest: digest,
    snapshot: digest,
    inputs: digest,
    runbookSha256: digest,
    params: [{ name: 'release', before: '1', after }],
  }
}

function refusal(decision: ReturnType<typeof decideIntent>): string | undefined {
  return decision.ok ? undefined : decision.refusal.message
}

test.each<[string, RunEvent[], Partial<CorrectionIntent>, string | undefined]>([
  ['an open run', [], {}, 'the run is open: parameters are corrected while it is paused'],
  ['a paused run', [PAUSED], {}, undefined],
  ['no reason', [PAUSED], { reason: '  ' }, 'a correction needs a reason'],
  ['no value', [PAUSED], { values: {} }, 'nothing is corrected'],
  ['a run that is over', [{ type: 'run-finished', deviations: 0, failed: false }], {}, 'the run is finished'],
  [
    'a run that is being aborted',
    [PAUSED, { type: 'abort-requested', by: 'ann', reason: 'x' }],
    {},
    'the run is being aborted',
  ],
])('whether parameters can be corrected: %s', (_, events, intent, expected) => {
  const { state } = openRun(SPECS).tell(...events)
  expect(refusal(decideIntent(state, { ...INTENT, ...intent }))).toBe(expected)
})

test('what ran with the old value turns stale, what did not is only another text', () => {
  const run = openRun(SPECS).tell(...acted('a', 'h1'), ended('a', 'h1'), PAUSED)
  const decision = decideCorrection(run.state, INTENT, correctedPlan(run, ['a', 'b']))
  expect(decision).toMatchObject({
    ok: true,
    events: [
      { type: 'param-changed', name: 'release', before: '1', after: '2', reason: 'withdrawn', by: 'ann' },
      { type: 'plan-adopted', stale: ['a'], changes: ['a: changed after it ran', 'b: changed'], by: 'ann' },
    ],
  })
})

test('a step that has begun must settle under the old value', () => {
  const run = openRun(SPECS).tell(began('a', 'h1'), PAUSED)
  expect(refusal(decideCorrection(run.state, INTENT, correctedPlan(run, ['a'])))).toBe(
    'a has begun under the old value and must settle under it first',
  )
  // Another step may change meanwhile.
  expect(decideCorrection(run.state, INTENT, correctedPlan(run, ['b'])).ok).toBe(true)
})

test('a value that is none other is refused', () => {
  const run = openRun(SPECS).tell(PAUSED)
  const same = { ...correctedPlan(run, []), params: [] }
  expect(refusal(decideCorrection(run.state, INTENT, same))).toBe('it has that value already')
})

test('a record holds the beginning of a long value, and some of many changes', () => {
  const many = Array.from({ length: 60 }, (_, index) => ({
    id: `a-step-with-a-long-name-${index}-${'x'.repeat(40)}`,
    hosts: ['h1'],
    run: ['x'],
  }))
  const run = openRun(many).tell(PAUSED)
  const plan = correctedPlan(
    run,
    many.map(({ id }) => id),
    'v'.repeat(9000),
  )
  const decision = decideCorrection(run.state, INTENT, plan)
  if (!decision.ok) throw new Error(decision.refusal.message)
  for (const event of decision.events) expect(JSON.stringify(event).length).toBeLessThan(4000)
  expect(decision.events[1]).toMatchObject({
    changes: expect.arrayContaining([expect.stringMatching(/^and \d+ more$/)]),
  })
})

test('more stale steps than a record holds are told one by one before it, and all of them are stale', () => {
  const ids = Array.from({ length: 80 }, (_, index) => `schritt-größe-${index}-${'ü'.repeat(30)}`)
  const run = openRun(ids.map((id) => ({ id, hosts: ['h1'], run: ['x'] })))
  for (const id of ids) run.tell(...acted(id, 'h1'), ended(id, 'h1'))
  run.tell(PAUSED)
  const plan = correctedPlan(run, ids)
  const decision = decideCorrection(run.state, INTENT, plan)
  if (!decision.ok) throw new Error(decision.refusal.message)
  for (const event of decision.events) expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(3600)
  expect(decision.events.at(-1)).toMatchObject({ type: 'plan-adopted', stale: expect.any(Array) })
  run.tell(
    ...decision.events.map((event) =>
      event.type === 'plan-adopted' ? { ...event, outline: plan.outline } : event,
    ),
  )
  const reasons = new Set(ids.map((id) => run.hostStep(id, 'h1').stale))
  expect([...reasons]).toEqual(['the step changed after it ran'])
})

test('what was asked about the old text is asked anew, and the parameter is shown as it is now', () => {
  const run = openRun(SPECS, { isFresh: true }).tell(
    { type: 'step-began', step: 'a' as StepId },
    { type: 'step-confirmed', step: 'a' as StepId, by: 'ann', how: 'asked' },
    PAUSED,
  )
  const plan = correctedPlan(run, ['a'])
  const decision = decideCorrection(run.state, INTENT, plan)
  if (!decision.ok) throw new Error(decision.refusal.message)
  run.tell(
    ...decision.events.map((event) =>
      event.type === 'plan-adopted' ? { ...event, outline: plan.outline } : event,
    ),
  )
  expect(run.state.steps.get('a' as StepId)?.confirmed).toBe(false)
  expect(run.state.created?.params['release']).toBe('2')
  expect(run.state.status).toBe('paused')
})
