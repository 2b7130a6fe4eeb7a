import type { Diagnostic } from '../base/diagnostic.ts'
import { diagnosticAt } from '../base/place.ts'
import { SHELL_PLACE_REASONS } from './literal/shell-literal.ts'
import { endedHeredoc } from './rendered-heredoc.ts'
import type { LiteralStyle, Rendered, RenderedPart, Scope, Template, TemplatePart } from './value.ts'
import { SecretRef } from './value.ts'
import { writeLiteral } from './write-literal.ts'
import { placeSecret } from './place-secret.ts'

/** How a template is rendered. */
export type RenderOptions = {
  readonly scope: Scope
  readonly style: LiteralStyle
  /** Named in diagnostics. */
  readonly file: string
  /**
   * Names that are filled in later. An expression that reads one becomes a late part when the scope has not got
   * it, or not yet all of it (`captures` grows while a run goes on).
   */
  readonly late?: ReadonlySet<string>
  /** Whether a secret may stand in it; default: everywhere but in `plain`, whose text is shown. */
  readonly secrets?: boolean
}

export type RenderResult =
  | { readonly ok: true; readonly rendered: Rendered }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Fills in a template's expressions, each as a literal of the language around it. Pure; never throws. */
export function renderTemplate(template: Template, options: RenderOptions): RenderResult {
  const { parts } = template
  if (parts.length === 0) return { ok: true, rendered: [] }
  if (parts.length === 1 && parts[0]!.kind === 'text') return { ok: true, rendered: [parts[0]!.text] }
  const rendered: (readonly RenderedPart[])[] = []
  const diagnostics: Diagnostic[] = []
  const variables = new Map<string, string>()
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'text') rendered.push([part.text])
    else {
      const written = renderPart(part, { template, index, options, variables })
      if ('code' in written) diagnostics.push(written)
      else rendered.push(written.parts)
    }
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  const lost = options.style === 'sh' ? endedHeredoc(template, rendered) : undefined
  if (lost !== undefined)
    return { ok: false, diagnostics: [refusal(lost, options, { code: 'HR1008', reason: HEREDOC_ENDED })] }
  return { ok: true, rendered: mergeText(rendered.flat()) }
}

/** Where a part stands while its template is rendered. */
type PartPlace = {
  readonly template: Template
  readonly index: number
  readonly options: RenderOptions
  /** Variables of the secrets met so far, by secret. */
  readonly variables: Map<string, string>
}
type ExpressionPart = TemplatePart & { kind: 'expression' }

function renderPart(part: ExpressionPart, place: PartPlace): { parts: readonly RenderedPart[] } | Diagnostic {
  const { options } = place
  const { expression } = part
  if (isLate(part, options)) return { parts: [{ kind: 'late', source: expression.source }] }
  const evaluated = expression.evaluate(options.scope)
  if (!evaluated.ok && readsLate(part, options.late))
    return { parts: [{ kind: 'late', source: expression.source, reason: evaluated.message }] }
  if (!evaluated.ok) return refusal(part, options, { code: 'HR1007', reason: evaluated.message })
  const { value } = evaluated
  const { style } = options
  if (value instanceof SecretRef) {
    if (!(options.secrets ?? style !== 'plain'))
      return refusal(part, options, { code: 'HR1009', reason: 'it is a secret, and this text is shown' })
    const placed = placeSecret(value.name, { ...place, style })
    return placed.ok
      ? { parts: placed.parts }
      : refusal(part, options, { code: 'HR1009', reason: placed.reason })
  }
  const written = writeLiteral(value, { template: place.template, index: place.index, style })
  if (written.ok) return { parts: [written.text] }
  const inShellPlace = Object.values(SHELL_PLACE_REASONS).includes(written.reason)
  return refusal(part, options, { code: inShellPlace ? 'HR1101' : 'HR1008', reason: written.reason })
}

function readsLate(part: ExpressionPart, late: ReadonlySet<string> | undefined): boolean {
  return late !== undefined && [...part.expression.roots].some((root) => late.has(root))
}

/** Whether an expression reads a name that is known only later. */
function isLate(part: ExpressionPart, options: Pick<RenderOptions, 'late' | 'scope'>): boolean {
  const { late, scope } = options
  if (late === undefined) return false
  for (const root of part.expression.roots) if (late.has(root) && scope[root] === undefined) return true
  return false
}

const HEREDOC_ENDED = 'its value makes the line that ends the here-document'

function refusal(
  part: ExpressionPart,
  options: RenderOptions,
  { code, reason }: { code: string; reason: string },
): Diagnostic {
  const verb = code === 'HR1007' ? 'cannot be evaluated' : 'cannot stand here'
  return diagnosticAt(options.file, part.span.start, {
    code,
    message: `\`${part.expression.source}\` ${verb}: ${reason}.`,
  })
}

function mergeText(parts: readonly RenderedPart[]): Rendered {
  const merged: RenderedPart[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part
    else if (part !== '') merged.push(part)
  }
  return merged
}
