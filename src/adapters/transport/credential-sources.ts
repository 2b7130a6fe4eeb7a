import type { HostName } from '../../core/base/ids.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { Secrets } from '../../engine/ports/secrets.ts'
import type { CredentialSource } from './credential-breaker.ts'

export type SourceDeps = {
  readonly secrets: Secrets
  readonly prompter: Prompter
  readonly host: HostName
  readonly pauseWhile: <T>(ask: () => Promise<T>) => Promise<T>
}

/** The source of a secret that the inventory names, or, unnamed, of an answer that a person gives for `label`. */
export function buildCredentialSource(
  name: string | undefined,
  label: string,
  deps: SourceDeps,
): CredentialSource {
  const { secrets, prompter, host } = deps
  if (name !== undefined)
    return {
      name,
      resolve: () => deps.pauseWhile(() => secrets.resolve(name)),
      reject: () => secrets.reject(name),
    }
  return {
    name: label,
    resolve: async (rejected) => {
      const value = await deps.pauseWhile(() =>
        prompter.askSecret({ name: label, prompt: label, host, rejected }),
      )
      if (value !== undefined) return { ok: true, value }
      return {
        ok: false,
        reason: `${label}: no answer`,
        hint: 'Name a secret in the inventory, or connect interactively.',
      }
    },
    reject: () => {},
  }
}
