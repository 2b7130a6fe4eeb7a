import type { Choice, Question } from '../../core/run/question.ts'

/** What a typed line means as an answer. */
export type ParsedAnswer =
  | { readonly ok: true; readonly choice: Choice; readonly text: string }
  | { readonly ok: false; readonly problem: string }

/**
 * Reads the answer to a question: a word to type, a choice by name or number with a reason behind it, or Enter
 * where `enter` names a choice. What stands for a manual item is its evidence.
 */
export function parseAnswer(question: Question, line: string, enter: Choice | undefined): ParsedAnswer {
  const typed = line.trim()
  const { word, choices } = question
  if (word !== undefined && typed === word) return { ok: true, choice: 'go', text: word }
  const [first = '', ...rest] = typed.split(/\s+/)
  const text = rest.join(' ')
  const choice = selectChoice(choices, first)
  if (choice === 'go' && word !== undefined) return { ok: false, problem: `type ${word} to go on` }
  if (choice !== undefined) return { ok: true, choice, text }
  if (typed === '' && enter !== undefined && word === undefined) return { ok: true, choice: enter, text: '' }
  if (question.kind === 'manual' && choices.includes('tick') && typed !== '')
    return { ok: true, choice: 'tick', text: typed }
  if (typed === '') return { ok: false, problem: 'nothing was typed' }
  return { ok: false, problem: word === undefined ? `${first} is no choice here` : 'the word does not match' }
}

function selectChoice(choices: readonly Choice[], word: string): Choice | undefined {
  const lower = word.toLowerCase()
  const named = choices.find((choice) => choice === lower)
  if (named !== undefined || lower === '') return named
  if (lower === 'yes') return choices.find((choice) => choice === 'go')
  return /^\d+$/.test(lower) ? choices[Number(lower) - 1] : undefined
}
