import { UsageError } from '../../core/base/errors.ts'
import type { AnswerOptions } from '../../core/run/answer-policy.ts'
import type { Choice } from '../../core/run/question.ts'
import { CHOICES_WITH_REASON } from '../../core/run/question.ts'
import type { CommandInput } from '../command-input.ts'

const DECISIONS: readonly Choice[] = [
  'go',
  'retry',
  'recheck',
  'accept',
  'skip',
  'defer',
  'exclude',
  'undo',
  'abort',
]

/** Reads the answers that a command line gives beforehand; what cannot be read is a {@link UsageError}. */
export function readAnswerOptions(input: CommandInput, by: string): AnswerOptions {
  const approve = input.text('approve') as 'change' | 'disruptive' | undefined
  const environment = input.text('environment')
  const ref = input.text('ref')
  return {
    by,
    ...(approve === undefined ? {} : { approve }),
    ...(environment === undefined ? {} : { environment }),
    ...(ref === undefined ? {} : { ref }),
    confirms: input.list('confirm').map((text) => {
      const { place, value } = split(text, '--confirm STEP[@HOST]=WORD')
      return { ...place, word: value }
    }),
    answers: input.list('answer').map((text) => readAnswer(text)),
    decisions: input.list('decide').map((text) => readDecision(text)),
  }
}

function split(text: string, usage: string) {
  const equals = text.indexOf('=')
  if (equals <= 0) throw new UsageError(`cannot read ${text}`, [usage])
  return { place: readPlace(text.slice(0, equals)), value: text.slice(equals + 1) }
}

function readPlace(text: string): { readonly step: string; readonly host?: string } {
  const at = text.lastIndexOf('@')
  return at <= 0 ? { step: text } : { step: text.slice(0, at), host: text.slice(at + 1) }
}

function readAnswer(text: string): AnswerOptions['answers'][number] {
  const usage = '--answer STEP[@HOST]/ITEM=TEXT'
  const match = /^([^=]+)\/(\d+)=([\s\S]*)$/.exec(text)
  if (match === null) throw new UsageError(`cannot read ${text}`, [usage])
  return { ...readPlace(match[1] ?? ''), item: Number(match[2]), text: match[3] ?? '' }
}

function readDecision(text: string): AnswerOptions['decisions'][number] {
  const usage = `--decide STEP[@HOST]=${DECISIONS.map((each) => (CHOICES_WITH_REASON.has(each) ? `${each}:WHY` : each)).join('|')}`
  const { place, value } = split(text, usage)
  const [word = '', ...rest] = value.split(':')
  const choice = DECISIONS.find((each) => each === word)
  const reason = rest.join(':').trim()
  if (choice === undefined) throw new UsageError(`${word} is no decision`, [usage])
  if (CHOICES_WITH_REASON.has(choice) && reason === '')
    throw new UsageError(`${choice} needs a reason`, [`--decide ${place.step}=${choice}:WHY`])
  return { ...place, choice, ...(reason === '' ? {} : { reason }) }
}
