import { startOfFile } from '../../../core/base/place.ts'
import { parseExpression } from '../../../core/expr/parse-expression.ts'
import { valueFromData } from '../../../core/expr/value-from-data.ts'
import type { Scope } from '../../../core/expr/value.ts'
import type { ClusterDescription } from '../cluster/describe-cluster.ts'
import type { Goal } from './scenario-schema.ts'

/** Whether a goal is met; `reason` says why it cannot be told. */
export type GoalResult = { readonly says: string; readonly met: boolean; readonly reason?: string }

/** Evaluates goals over the cluster as it is. */
export function checkGoals(goals: readonly Goal[], cluster: ClusterDescription): readonly GoalResult[] {
  return goals.map((goal) => evaluateGoal(goal, cluster))
}

/** Evaluates one goal; one that cannot be told is not met. */
export function evaluateGoal(goal: Goal, cluster: ClusterDescription): GoalResult {
  const { says } = goal
  const parsed = parseExpression(goal.holds, startOfFile('goal'))
  if (parsed.value === undefined) return { says, met: false, reason: parsed.diagnostics[0]?.message ?? '' }
  const result = parsed.value.evaluate(valueFromData(cluster) as Scope)
  if (!result.ok) return { says, met: false, reason: result.message }
  return { says, met: result.value === true }
}
