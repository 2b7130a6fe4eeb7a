import type { ScenarioAnswers } from '../../adapters/lab/scenario/scenario-schema.ts'

/** The answers of a scenario as options of `run` and `resume`. */
export function formatAnswerOptions(answers: ScenarioAnswers): readonly string[] {
  const { approve, confirm, answer, decide, params } = answers
  return [
    ...(approve === undefined ? [] : ['--approve', approve]),
    ...each('--confirm', confirm),
    ...each('--answer', answer),
    ...each('--decide', decide),
    ...each('-p', params),
  ]
}

function each(option: string, values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => [option, `${key}=${String(value)}`])
}
