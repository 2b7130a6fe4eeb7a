import { expect, test } from 'vitest'
import { brandAs } from '../../../src/core/base/ids.ts'
import type { HostName, StepId } from '../../../src/core/base/ids.ts'
import { createAnswerPolicy, type AnswerOptions } from '../../../src/core/run/answer-policy.ts'
import type { Question } from '../../../src/core/run/question.ts'
import { createRunState, createStepState } from '../../../src/core/run/state.ts'
import type { Danger } from '../../../src/core/runbook/model.ts'
import { buildOutlineStep } from '../../cli/run-fixture.ts'

function buildState(danger: Danger) {
  const state = createRunState()
  const step = createStepState(buildOutlineStep('s', ['a1'], { danger }))
  state.steps.set(step.id, step)
  return state
}

function ask(kind: Question['kind'], parts: Partial<Question> = {}): Question {
  const choices =
    kind === 'manual'
      ? (['tick', 'accept', 'abort'] as const)
      : (['go', 'skip', 'retry', 'accept', 'abort'] as const)
  return { id: `${kind}/s#1`, kind, step: brandAs<StepId>('s'), text: '?', choices, ...parts }
}

function answer(question: Question, options: Partial<AnswerOptions>, danger: Danger = 'change') {
  const policy = createAnswerPolicy({ by: 'ada', confirms: [], answers: [], decisions: [], ...options })
  const intent = policy(question, buildState(danger))
  return intent?.type === 'answer'
    ? [intent.choice, intent.text].filter((each) => each !== undefined).join(' ')
    : undefined
}

const a1 = brandAs<HostName>('a1')

test.each<[string, Question, Partial<AnswerOptions>, Danger, string | undefined]>([
  ['a plan without approval', ask('plan'), {}, 'change', undefined],
  ['a plan with approval', ask('plan'), { approve: 'change' }, 'change', 'go'],
  [
    'production without its name',
    ask('plan', { word: 'prod' }),
    { approve: 'change', ref: 'C1' },
    'change',
    undefined,
  ],
  [
    'production without a ticket',
    ask('plan', { word: 'prod' }),
    { approve: 'change', environment: 'prod' },
    'change',
    undefined,
  ],
  [
    'production with the wrong name',
    ask('plan', { word: 'prod' }),
    { approve: 'change', environment: 'test', ref: 'C1' },
    'change',
    undefined,
  ],
  [
    'production with both',
    ask('plan', { word: 'prod' }),
    { approve: 'change', environment: 'prod', ref: 'C1' },
    'change',
    'go prod',
  ],
  ['a change, approved', ask('confirm'), { approve: 'change' }, 'change', 'go'],
  ['a disruption, approved as a change only', ask('confirm'), { approve: 'change' }, 'disruptive', undefined],
  ['a disruption, approved', ask('confirm'), { approve: 'disruptive' }, 'disruptive', 'go'],
  [
    'outside its window, approved',
    ask('confirm', { outsideWindow: true }),
    { approve: 'disruptive' },
    'disruptive',
    undefined,
  ],
  [
    'outside its window, decided without a reason',
    ask('confirm', { outsideWindow: true }),
    { decisions: [{ step: 's', choice: 'skip' }] },
    'disruptive',
    undefined,
  ],
  [
    'irreversible, approved',
    ask('confirm', { word: 'w' }),
    { approve: 'disruptive' },
    'irreversible',
    undefined,
  ],
  [
    'irreversible, another word',
    ask('confirm', { word: 'w' }),
    { confirms: [{ step: 's', word: 'x' }] },
    'irreversible',
    undefined,
  ],
  [
    'irreversible, the word of another step',
    ask('confirm', { word: 'w' }),
    { confirms: [{ step: 't', word: 'w' }] },
    'irreversible',
    undefined,
  ],
  [
    'irreversible, the word of another host',
    ask('confirm', { word: 'w', host: a1 }),
    { confirms: [{ step: 's', host: 'a2', word: 'w' }] },
    'irreversible',
    undefined,
  ],
  [
    'irreversible, the word of this host',
    ask('confirm', { word: 'w', host: a1 }),
    { confirms: [{ step: 's', host: 'a1', word: 'w' }] },
    'irreversible',
    'go w',
  ],
  [
    'another item',
    ask('manual', { item: 1 }),
    { answers: [{ step: 's', item: 2, text: 'x' }] },
    'read',
    undefined,
  ],
  [
    'the item',
    ask('manual', { item: 1 }),
    { answers: [{ step: 's', item: 1, text: 'x' }] },
    'read',
    'tick x',
  ],
  [
    'an item that cannot be ticked yet',
    ask('manual', { item: 1, choices: ['accept'] }),
    { answers: [{ step: 's', item: 1, text: 'x' }] },
    'read',
    undefined,
  ],
  ['a failure without a decision', ask('failed'), { approve: 'disruptive' }, 'change', undefined],
  [
    'a failure accepted without a reason',
    ask('failed'),
    { decisions: [{ step: 's', choice: 'accept' }] },
    'change',
    undefined,
  ],
  [
    'a failure accepted',
    ask('failed'),
    { decisions: [{ step: 's', choice: 'accept', reason: 'ok' }] },
    'change',
    'accept ok',
  ],
  [
    'a decision that is no choice here',
    ask('failed'),
    { decisions: [{ step: 's', choice: 'undo' }] },
    'change',
    undefined,
  ],
])('%s', (_, question, options, danger, expected) => {
  expect(answer(question, options, danger)).toBe(expected)
})

test('a decision counts once on each host, and no question is answered twice', () => {
  const policy = createAnswerPolicy({
    by: 'ada',
    confirms: [],
    answers: [],
    decisions: [{ step: 's', choice: 'retry' }],
  })
  const state = buildState('change')
  const first = ask('failed', { host: a1 })
  expect(policy(first, state)).toMatchObject({ choice: 'retry' })
  expect(policy(first, state)).toBeUndefined()
  expect(policy({ ...first, id: 'failed/s@a1#2' }, state)).toBeUndefined()
  expect(policy({ ...first, id: 'failed/s@a2#1', host: brandAs<HostName>('a2') }, state)).toMatchObject({
    choice: 'retry',
  })
})
