import type { SecretSource } from '../../core/inventory/model.ts'
import type { Secrets, SecretValue } from '../../engine/ports/secrets.ts'
import { readSecretSource } from './read-secret-source.ts'
import type { SecretSurroundings } from './read-secret-source.ts'
import { refuseSecret } from './secret-result.ts'

/** Where the values come from. */
export type SecretsOptions = SecretSurroundings & {
  readonly sources: ReadonlyMap<string, SecretSource>
  /** Names of those that are being created (`new: true`). */
  readonly created?: ReadonlySet<string>
  /** Told of each value as it becomes known, so that sinks can mask it from then on. */
  readonly onKnown?: () => void
}

/** Resolves secrets in memory: each is read once and shared by all who ask, until a value is rejected. */
export function createSecrets(options: SecretsOptions): Secrets {
  const resolved = new Map<string, Promise<SecretValue>>()
  const rejected = new Map<string, Set<string>>()
  const known = new Map<string, Set<string>>()
  const remember = (name: string, value: string): void => {
    known.set(name, (known.get(name) ?? new Set()).add(value))
    options.onKnown?.()
  }
  const read = async (name: string): Promise<SecretValue> => {
    const source = options.sources.get(name)
    if (source === undefined)
      return refuseSecret(
        'the inventory does not declare it',
        `Declare it: secrets: { ${name}: { env: … } }.`,
      )
    const refused = rejected.get(name)
    const isNew = options.created?.has(name) === true
    const value = await readSecretSource({ name, source, rejected: refused !== undefined, isNew }, options)
    if (value.ok) remember(name, value.value)
    return value.ok && refused?.has(value.value) ? refuseAgain(name) : value
  }
  return {
    resolve(name) {
      const found = resolved.get(name) ?? read(name)
      resolved.set(name, found)
      // What is missing now may be there later: an answer, a file.
      void found.then((value) => (value.ok ? undefined : forget(resolved, name, found)))
      return found
    },
    reject(name) {
      const values = known.get(name) ?? []
      rejected.set(name, new Set([...(rejected.get(name) ?? []), ...values]))
      resolved.delete(name)
    },
    known: () => [...known].flatMap(([name, values]) => [...values].map((value) => ({ name, value }))),
  }
}

function refuseAgain(name: string): SecretValue {
  return refuseSecret(
    'the same value was refused before and is not sent again',
    `Correct the secret ${name}.`,
  )
}

function forget(
  resolved: Map<string, Promise<SecretValue>>,
  name: string,
  found: Promise<SecretValue>,
): void {
  if (resolved.get(name) === found) resolved.delete(name)
}
