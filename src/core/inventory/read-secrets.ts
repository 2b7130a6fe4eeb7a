import type { Node } from 'yaml'
import type { SecretSource } from './model.ts'
import type { YamlReader } from './yaml-reader.ts'
import { complainAt, readEntries, readText } from './yaml-reader.ts'

const KINDS = ['prompt', 'env', 'file', 'keychain', 'command'] as const

/** Reads `secrets`: where each value comes from, never a value. */
export function readSecrets(reader: YamlReader, node: Node | undefined): ReadonlyMap<string, SecretSource> {
  const secrets = new Map<string, SecretSource>()
  for (const [name, entry] of readEntries(reader, node, { what: 'secrets' })) {
    const entries = readEntries(reader, entry.node, { what: `The secret ${name}`, known: KINDS })
    const [only, second] = [...entries.values()]
    if (only === undefined || second !== undefined) {
      complainAt(reader, entry.keyNode, {
        message: `The secret ${name} needs exactly one source.`,
        hint: `One of ${KINDS.join(', ')}.`,
      })
      continue
    }
    const text = readText(reader, only.node, `${name}.${only.key}`)
    if (text !== undefined) secrets.set(name, sourceOf(only.key as (typeof KINDS)[number], text))
  }
  return secrets
}

function sourceOf(kind: (typeof KINDS)[number], text: string): SecretSource {
  switch (kind) {
    case 'prompt':
      return { kind, prompt: text }
    case 'env':
      return { kind, variable: text }
    case 'file':
      return { kind, path: text }
    case 'keychain':
      return { kind, item: text }
    case 'command':
      return { kind, command: text }
  }
}
