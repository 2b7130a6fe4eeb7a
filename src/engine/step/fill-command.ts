import { fillRendered, secretNames } from '../../core/expr/rendered-text.ts'
import type { Rendered } from '../../core/expr/value.ts'
import type { CommandWork } from '../../core/plan/model.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { EngineContext } from '../context.ts'

/** A command with everything filled in: the exact bytes, and the variables that carry its secrets. */
export type ExactCommand = {
  readonly body: string
  readonly interpreter: string | undefined
  readonly variables: Readonly<Record<string, string>>
  readonly cwd: string | undefined
  readonly as: string | undefined
  readonly holdsSecret: boolean
}

export type Filled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }

/** Fills a command in right before it is sent; secrets are asked for here if they are not known yet. */
export async function fillCommand(context: EngineContext, work: CommandWork): Promise<Filled<ExactCommand>> {
  const body = await fillText(context, work.body)
  if (!body.ok) return body
  const interpreter = await fillText(context, work.interpreter ?? [])
  if (!interpreter.ok) return interpreter
  const value: ExactCommand = {
    body: body.value.text,
    interpreter: work.interpreter === undefined ? undefined : interpreter.value.text,
    variables: { ...body.value.variables, ...interpreter.value.variables },
    cwd: work.cwd,
    as: work.as,
    holdsSecret: secretNames(work.body).length > 0,
  }
  return { ok: true, value }
}

export type ExactText = { readonly text: string; readonly variables: Readonly<Record<string, string>> }

/** Fills one rendered text in. */
export async function fillText(context: EngineContext, rendered: Rendered): Promise<Filled<ExactText>> {
  const values = new Map<string, string>()
  for (const name of secretNames(rendered)) {
    const secret = await context.secrets.resolve(name)
    if (!secret.ok)
      return { ok: false, failure: { kind: 'secret', name, reason: `${secret.reason}; ${secret.hint}` } }
    values.set(name, secret.value)
  }
  const filled = fillRendered(rendered, (name) => values.get(name))
  if (!filled.ok) return { ok: false, failure: { kind: 'expression', reason: filled.reason } }
  const variables = Object.fromEntries(filled.variables.map(({ variable, value }) => [variable, value]))
  return { ok: true, value: { text: filled.text, variables } }
}
