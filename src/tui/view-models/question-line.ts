import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { Question } from '../../core/run/question.ts'
import type { RunState } from '../../core/run/state.ts'
import { measureWidth } from '../term/width.ts'
import { QUESTION_TITLES } from './question-titles.ts'
import { selectQuestionHosts } from './select-questions.ts'

/** An open question in one line: the fullest of its forms that fits, so that no sentence ends in the middle. */
export function buildQuestionLine(state: RunState, question: Question, width: number): SafeText {
  const forms = listForms(state, question).map(sanitizeLine)
  return forms.find((form) => measureWidth(form) <= width) ?? forms.at(-1) ?? sanitizeLine(question.text)
}

function listForms(state: RunState, question: Question): string[] {
  const { kind, text } = question
  if (kind === 'plan') return [text, ...listPlanForms(state)]
  if (kind === 'confirm') return [text, ...listConfirmForms(state, question)]
  // What a person has to do stands in the runbook's words: there is no shorter form of them.
  if (kind === 'manual') return [text]
  if (kind === 'undo-all') return [text, 'The run ends. Undo what was done?']
  return [text, ...listTroubleForms(state, question)]
}

function listPlanForms({ outline, created }: RunState): string[] {
  const hosts = new Set(outline.steps.flatMap((step) => step.hosts)).size
  const words = `start this run? ${count(outline.steps.length, 'step')} on ${count(hosts, 'host')}`
  return [`${words} of ${created?.inventory.name ?? ''}`, words]
}

function listConfirmForms(state: RunState, question: Question): string[] {
  const step = question.step === undefined ? undefined : state.steps.get(question.step)
  if (step === undefined) return []
  const { title, danger } = step.outline
  const hosts = selectQuestionHosts(state, question)
  const where = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host')
  const window = question.outsideWindow === true ? ', outside its window' : ''
  return [`${title}: ${danger} on ${where}${window}`, `${title}: ${danger}${window}`, `${danger} on ${where}`]
}

/** Without what stands behind the first colon, semicolon or bracket; then by the step's number; then only what is the matter. */
function listTroubleForms(state: RunState, { kind, step, host, text }: Question): string[] {
  const title = step === undefined ? undefined : state.steps.get(step)?.outline.title
  const about = title === undefined ? undefined : `${title} on ${host ?? ''}: `
  const rest = about !== undefined && text.startsWith(about) ? text.slice(about.length) : undefined
  const matter = QUESTION_TITLES[kind]
  const where = host === undefined ? '' : `${host}: `
  if (rest === undefined) return [cutClause(text, title), `${where}${matter}`]
  const short = cutClause(rest)
  const number = step === undefined ? 0 : [...state.steps.keys()].indexOf(step) + 1
  return [`${about}${short}`, `step ${number} on ${where}${short}`, `${where}${short}`, `${where}${matter}`]
}

/** A title keeps its own colons. */
function cutClause(text: string, title = ''): string {
  const from = text.startsWith(title) ? title.length : 0
  const end = text.slice(from).search(/: |; |, and | \(/)
  return end < 0 ? text : text.slice(0, from + end)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
