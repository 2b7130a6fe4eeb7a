import type { AnswerOptions, GivenAnswer } from './answer-policy.ts'
import { WHOLE_RUN } from './answer-policy.ts'
import type { Question } from './question.ts'
import type { RunState } from './state.ts'

/**
 * Says which of the answers that were given beforehand do not fit what is still asked, one sentence each: a wrong
 * word or environment, a change ticket that is missing, a step or host that nobody asks about. What may still be asked later is left alone.
 */
export function selectUnusedAnswers(options: AnswerOptions, state: RunState): readonly string[] {
  return [
    ...describePlan(options, state),
    ...options.confirms.flatMap((given) => describeConfirm(given, state)),
    ...options.answers.flatMap((given) => describePlace('--answer', given, state)),
    ...options.decisions.flatMap((given) => describePlace('--decide', given, state)),
  ]
}

/** Why `--approve` did not accept the plan. */
function describePlan({ approve, environment, ref }: AnswerOptions, state: RunState): readonly string[] {
  const plan = [...state.questions.values()].find(({ kind }) => kind === 'plan')
  const inventory = state.created?.inventory
  const isSilent = approve === undefined && environment === undefined && ref === undefined
  if (plan === undefined || inventory === undefined || isSilent) return []
  const { name } = inventory
  const isProduction = plan.word !== undefined
  const wanted = plan.word ?? inventory.environment
  const found: string[] = []
  if (environment !== undefined && environment !== wanted)
    found.push(
      `--environment ${environment}: inventory ${name} is of the environment ${wanted}; ${isProduction ? '' : 'leave it out, or '}give --environment ${wanted}`,
    )
  if (!isProduction) return found
  if (environment === undefined)
    found.push(
      `--environment is missing: inventory ${name} is a production one; give --environment ${wanted}`,
    )
  if (ref === undefined)
    found.push(
      `--ref is missing: inventory ${name} is a production one and asks for the change ticket, e.g. --ref CHG123`,
    )
  return found
}

function describeConfirm(given: AnswerOptions['confirms'][number], state: RunState): readonly string[] {
  const asked = [...state.questions.values()].find(
    ({ kind, step, host, word }) =>
      kind === 'confirm' && word !== undefined && step === given.step && (host ?? given.host) === given.host,
  )
  if (asked?.host === undefined && asked !== undefined && given.host !== undefined)
    return [`--confirm ${name(given)}: ${given.step} asks once for all its hosts; leave out @${given.host}`]
  if (asked !== undefined && asked.word !== given.word)
    return [`--confirm ${name(given)}: that is not the word; ${given.step} asks for ${asked.word}`]
  return describePlace('--confirm', given, state)
}

/** A place that the run does not have, or whose step asks about other hosts. */
function describePlace(option: string, given: GivenAnswer<object>, state: RunState): readonly string[] {
  if (given.step === WHOLE_RUN) return []
  const step = state.steps.get(given.step as Question['step'] & string)
  if (step === undefined) return [`${option} ${name(given)}: the run has no such step`]
  if (given.host === undefined || step.hosts.has(given.host as Question['host'] & string)) return []
  return [`${option} ${name(given)}: the step has no such host`]
}

function name({ step, host }: GivenAnswer<object>): string {
  return host === undefined ? step : `${step}@${host}`
}
