import { SHELL_PLACE_REASONS } from './literal/shell-literal.ts'
import type { ShellContext } from './shell-model.ts'
import type { LiteralStyle, RenderedPart, Template } from './value.ts'
import { httpPlaceOf, placeProblem, shellContext } from './write-literal.ts'

/** Where a secret would stand. */
export type SecretPlace = {
  readonly template: Template
  readonly index: number
  readonly style: LiteralStyle
  /** Variables given out so far, by secret. */
  readonly variables: Map<string, string>
}

export type PlacedSecret =
  | { readonly ok: true; readonly parts: readonly RenderedPart[] }
  | { readonly ok: false; readonly reason: string }

/** Programs inside the shell: their arguments stand in no process list. */
const BUILTIN_WRITERS: ReadonlySet<string> = new Set(['printf', 'echo'])

/** Puts a secret's place into a rendered text; its value comes only when the text is about to be sent. */
export function placeSecret(name: string, place: SecretPlace): PlacedSecret {
  const problem = placeProblem(place)
  if (problem !== undefined) return { ok: false, reason: problem }
  const { style } = place
  if (style === 'crontab') return { ok: false, reason: 'a crontab is no place for a secret' }
  if (style === 'sh') return placeInShell(name, place)
  if (style !== 'http') return { ok: true, parts: [{ kind: 'secret', name, style }] }
  const at = httpPlaceOf(place)
  if (at === 'url' || at === 'authority' || at === 'target')
    return { ok: false, reason: 'a secret in an address ends up in logs; send it in a header or the body' }
  const inner = at === 'json' ? 'json' : at === 'form' ? 'percent' : at === 'body' ? 'plain' : 'http'
  return { ok: true, parts: [{ kind: 'secret', name, style: inner }] }
}

/** Why a secret may not stand at a place of a shell script; `undefined` when it may. */
export function shellSecretProblem(context: ShellContext): string | undefined {
  if (context.kind === 'heredoc')
    return context.quoted
      ? 'in a quoted here-document nothing is filled in; take the quotes off its delimiter'
      : undefined
  if (context.kind !== 'word') return SHELL_PLACE_REASONS[context.kind] ?? 'a secret cannot stand here'
  if (context.wholeAssignment) return undefined
  if (context.role === 'argument' && BUILTIN_WRITERS.has(context.command ?? '')) return undefined
  return 'a secret as an argument stands in the process list; assign it, print it into a pipe, or use a fixture'
}

function placeInShell(name: string, place: SecretPlace): PlacedSecret {
  const context = shellContext(place)
  const reason = shellSecretProblem(context)
  if (reason !== undefined) return { ok: false, reason }
  const variable = place.variables.get(name) ?? `handrail_secret_${place.variables.size + 1}`
  place.variables.set(name, variable)
  const slot: RenderedPart = { kind: 'secret', name, style: 'sh', variable }
  return { ok: true, parts: context.kind === 'heredoc' ? [slot] : ['"', slot, '"'] }
}
