import { createHash } from 'node:crypto'
import type { Digest, JobId } from '../../../src/core/base/ids.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import type { RunStore } from '../../../src/engine/ports/run-store.ts'

/** A store in memory that keeps what a real one would, for tests of the engine alone. */
export type MemoryStore = RunStore & {
  readonly events: RunEvent[]
  readonly values: Map<string, string>
  readonly outputs: Map<string, Uint8Array[]>
}

export function createMemoryStore(): MemoryStore {
  const events: RunEvent[] = []
  const values = new Map<string, string>()
  const outputs = new Map<string, Uint8Array[]>()
  return {
    events,
    values,
    outputs,
    append: async (added) => {
      events.push(...added)
      return added
    },
    putValue: async (text) => {
      const digest = hash(text)
      values.set(digest, text)
      return digest
    },
    getValue: async (digest) => values.get(digest),
    openOutput: async (job: JobId, stream) => {
      const chunks = outputs.get(`${job}.${stream}`) ?? []
      outputs.set(`${job}.${stream}`, chunks)
      const size = (): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0)
      return {
        offset: size,
        append: async (bytes) => void chunks.push(bytes.slice()),
        flush: async () => undefined,
        close: async () => ({ bytes: size(), digest: hash(Buffer.concat(chunks)) }),
      }
    },
  }
}

export function hash(data: string | Uint8Array): Digest {
  return createHash('sha256').update(data).digest('hex') as Digest
}
