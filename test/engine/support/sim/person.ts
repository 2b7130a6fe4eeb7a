import type { Intent } from '../../../../src/core/run/intents.ts'
import type { Choice, Question } from '../../../../src/core/run/question.ts'
import type { Random } from './random.ts'

/** After so many answers about one matter a person gives up on it. */
const PATIENCE = 6

/** A person who answers sensibly, and not always the same. */
export type Person = { readonly answer: (question: Question) => Intent }

export function createPerson(random: Random, options: { readonly mayAbort: boolean }): Person {
  const asked = new Map<string, number>()
  return {
    answer: (question) => {
      const stem = `${question.step ?? ''}@${question.host ?? ''}`
      const times = asked.get(stem) ?? 0
      asked.set(stem, times + 1)
      const choice = choose(random, question, { isTired: times >= PATIENCE, mayAbort: options.mayAbort })
      return {
        type: 'answer',
        question: question.id,
        choice,
        by: 'ann',
        how: 'asked',
        text: choice === 'go' && question.word !== undefined ? question.word : 'because',
      }
    },
  }
}

const PLAIN: Partial<Record<Question['kind'], readonly Choice[]>> = {
  plan: ['go'],
  manual: ['tick', 'tick', 'tick', 'accept'],
  'changed-file': ['go', 'go', 'skip', 'defer'],
  'undo-all': ['undo', 'undo', 'go'],
  clock: ['wait', 'wait', 'cancel'],
  locked: ['go', 'retry'],
}

function choose(random: Random, question: Question, mood: { isTired: boolean; mayAbort: boolean }): Choice {
  const { kind, choices } = question
  const allowed = (wanted: readonly Choice[]): readonly Choice[] =>
    wanted.filter((each) => choices.includes(each))
  if (mood.mayAbort && choices.includes('abort') && random.chance(0.01)) return 'abort'
  if (mood.isTired)
    return allowed(['skip', 'accept', 'exclude', 'go', 'tick', 'wait', 'abort'])[0] ?? choices[0]!
  if (kind === 'confirm') return random.chance(0.05) ? 'skip' : 'go'
  const plain = PLAIN[kind]
  if (plain !== undefined) return random.pick(allowed(plain))
  const often: readonly Choice[] = ['retry', 'retry', 'retry', 'recheck', 'recheck']
  const seldom: readonly Choice[] = ['accept', 'skip', 'defer', 'undo', 'exclude']
  return random.pick(allowed(random.chance(0.8) ? often : seldom))
}
