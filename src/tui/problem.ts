/** Why something cannot be had, in a sentence, and what else is known of it. */
export type Problem = { readonly problem: string; readonly details?: readonly string[] }

/** Whether an answer is a problem. */
export function isProblem<T extends object>(answer: T | Problem): answer is Problem {
  return 'problem' in answer
}
