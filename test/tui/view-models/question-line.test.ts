import { expect, test } from 'vitest'
import type { HostName, StepId } from '../../../src/core/base/ids.ts'
import type { Question } from '../../../src/core/run/question.ts'
import { buildQuestionLine } from '../../../src/tui/view-models/question-line.ts'
import { aRun } from '../support/run-builder.ts'

const HOSTS = Array.from({ length: 50 }, (_, index) => `db${index + 1}` as HostName)
const STATE = aRun().step('keep', { title: 'Keep: what can be kept', hosts: HOSTS }).confirmed().state()
const KEEP = { step: 'keep' as StepId }

function check(question: Omit<Question, 'id' | 'choices'>, ...expected: readonly string[]): void {
  for (const line of expected)
    expect(buildQuestionLine(STATE, { ...question, id: 'q', choices: [] }, line.length)).toBe(line)
}

test('a plan is asked for with its title, else with its inventory, else with its counts', () => {
  const text = 'Run "Install Cassandra in two datacenters" on 50 hosts of prod: 1 step?'
  check(
    { kind: 'plan', text },
    text,
    'start this run? 1 step on 50 hosts of prod',
    'start this run? 1 step on 50 hosts',
  )
})

test('a confirmation counts its hosts, all of them, where their names do not fit', () => {
  const hosts = HOSTS.slice(0, 40)
  const text = `Keep: what can be kept: change on ${hosts.join(', ')} and 10 more.`
  check(
    { kind: 'confirm', ...KEEP, text, hosts },
    text,
    'Keep: what can be kept: change on 50 hosts',
    'Keep: what can be kept: change',
    'change on 50 hosts',
  )
  check(
    { kind: 'confirm', ...KEEP, text, hosts, outsideWindow: true },
    'Keep: what can be kept: change on 50 hosts, outside its window',
  )
})

test('of a failure stays what is the matter, then where', () => {
  const text = 'Keep: what can be kept on db7: require 1 did not hold: line 1 is one too many: "DN 10.0.0.1"'
  check(
    { kind: 'failed', ...KEEP, host: HOSTS[6]!, text },
    text,
    'Keep: what can be kept on db7: require 1 did not hold',
    'step 1 on db7: require 1 did not hold',
    'db7: require 1 did not hold',
    'db7: It failed',
  )
})

test('what a sentence adds behind a comma is left out before the matter is', () => {
  const text =
    "Keep: what can be kept on db7: action 1 is interactive and needs a person's terminal, and nobody gave theirs"
  check(
    { kind: 'failed', ...KEEP, host: HOSTS[6]!, text },
    "db7: action 1 is interactive and needs a person's terminal",
  )
})

test('what no longer counts, and the end of a run, lose their details first', () => {
  const text = 'Keep: what can be kept on db7 was done and no longer counts: its text was changed'
  check(
    { kind: 'stale', ...KEEP, host: HOSTS[6]!, text },
    text,
    'Keep: what can be kept on db7 was done and no longer counts',
  )
  check(
    { kind: 'undo-all', text: 'The run ends. Undo what was done, last first: a on b; c on d?' },
    'The run ends. Undo what was done?',
  )
})

test('what a person has to do is not worded anew', () => {
  const text = 'Tell the people at the desk that the window is open and who is on call'
  expect(buildQuestionLine(STATE, { kind: 'manual', ...KEEP, text, id: 'q', choices: [] }, 20)).toBe(text)
})
