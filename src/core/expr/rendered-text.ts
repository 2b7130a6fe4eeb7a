import type { Rendered } from './value.ts'
import { writeSecretValue } from './write-literal.ts'

/** A rendered text for eyes: secrets as `«secret NAME»`, late expressions as `{{ source }}`. */
export function displayRendered(rendered: Rendered): string {
  return rendered
    .map((part) => {
      if (typeof part === 'string') return part
      return part.kind === 'secret' ? `«secret ${part.name}»` : `{{ ${part.source} }}`
    })
    .join('')
}

/** Whether nothing is left to be filled in but secrets. */
export function isExact(rendered: Rendered): boolean {
  return rendered.every((part) => typeof part === 'string' || part.kind === 'secret')
}

/** Names of the secrets that a rendered text needs. */
export function secretNames(rendered: Rendered): readonly string[] {
  const names = rendered.flatMap((part) =>
    typeof part === 'object' && part.kind === 'secret' ? [part.name] : [],
  )
  return [...new Set(names)]
}

export type FilledText =
  | {
      readonly ok: true
      /** The exact text. In `sh` it names variables; elsewhere it holds the secrets themselves. */
      readonly text: string
      /** To be set by the script that comes before it, on standard input. */
      readonly variables: readonly { readonly variable: string; readonly value: string }[]
    }
  | { readonly ok: false; readonly reason: string }

/** Fills in the secrets right before a text is sent; `secretValue` gives `undefined` for one that is not known. */
export function fillRendered(
  rendered: Rendered,
  secretValue: (name: string) => string | undefined,
): FilledText {
  const variables = new Map<string, string>()
  let text = ''
  for (const part of rendered) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    if (part.kind === 'late')
      return { ok: false, reason: `\`${part.source}\` is not known: ${part.reason ?? 'it comes later'}` }
    const value = secretValue(part.name)
    if (value === undefined) return { ok: false, reason: `the secret ${part.name} is not known` }
    if (part.variable !== undefined) {
      if (value.includes('\0')) return { ok: false, reason: `the secret ${part.name} holds a NUL character` }
      variables.set(part.variable, value)
      text += `\${${part.variable}}`
      continue
    }
    const written = writeSecretValue(value, part.style)
    if (!written.ok)
      return { ok: false, reason: `the secret ${part.name} cannot stand here: ${written.reason}` }
    text += written.text
  }
  return { ok: true, text, variables: [...variables].map(([variable, value]) => ({ variable, value })) }
}
