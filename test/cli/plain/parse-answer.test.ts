import { expect, test } from 'vitest'
import { parseAnswer } from '../../../src/cli/plain/parse-answer.ts'
import type { Choice, Question } from '../../../src/core/run/question.ts'

function ask(parts: Partial<Question> = {}): Question {
  return { id: 'q', kind: 'failed', text: '?', choices: ['retry', 'accept', 'abort'], ...parts }
}

test.each<[string, Partial<Question>, Choice | undefined, string, string]>([
  ['a number', {}, undefined, '1', 'retry'],
  ['a number that is none', {}, undefined, '4', '4 is no choice here'],
  ['zero', {}, undefined, '0', '0 is no choice here'],
  ['a name with a reason', {}, undefined, ' Accept  we know ', 'accept: we know'],
  ['nothing', {}, undefined, '', 'nothing was typed'],
  ['Enter where it means something', { choices: ['go', 'abort'] }, 'go', '', 'go'],
  ['yes', { choices: ['go', 'abort'] }, undefined, 'yes', 'go'],
  ['Enter for a word', { choices: ['go'], word: 'wipe' }, 'go', '', 'nothing was typed'],
  ['go instead of the word', { choices: ['go'], word: 'wipe' }, undefined, 'go', 'type wipe to go on'],
  ['its number instead of the word', { choices: ['go'], word: 'wipe' }, undefined, '1', 'type wipe to go on'],
  [
    'the word in another case',
    { choices: ['go'], word: 'wipe' },
    undefined,
    'Wipe',
    'the word does not match',
  ],
  ['the word', { choices: ['go'], word: 'wipe' }, undefined, 'wipe', 'go: wipe'],
  ['evidence', { kind: 'manual', choices: ['tick'] }, 'tick', 'ticket 7', 'tick: ticket 7'],
  [
    'evidence before the read-back matches',
    { kind: 'manual', choices: ['accept'] },
    undefined,
    'ticket 7',
    'ticket is no choice here',
  ],
])('%s', (_, parts, enter, line, expected) => {
  const answer = parseAnswer(ask(parts), line, enter)
  const shown = answer.ok
    ? [answer.choice, answer.text].filter((each) => each !== '').join(': ')
    : answer.problem
  expect(shown).toBe(expected)
})
