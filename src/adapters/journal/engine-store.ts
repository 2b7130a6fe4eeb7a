import type { JournalEvent } from '../../core/journal/record.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { OutputSink, RunStore as EngineStore } from '../../engine/ports/run-store.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import type { RunStore } from './run-store.ts'

/** Gives the engine its port on a run that this process holds; `onRecords` is told what became durable, in order. */
export function createEngineStore(
  store: RunStore,
  onRecords: (records: readonly JournalRecord[]) => void = () => undefined,
): EngineStore {
  return {
    async append(events) {
      // The journal's events are open records; the engine's union is closed.
      const records = await store.append(events as unknown as readonly JournalEvent[])
      onRecords(records)
      return records.map((record) => record.event as unknown as RunEvent)
    },
    putValue: store.putValue,
    getValue: (digest) => store.getValue(digest),
    async openOutput(job, stream): Promise<OutputSink> {
      const writer = await store.openOutput(job, stream)
      return {
        offset: writer.offset,
        append: writer.append,
        async flush() {
          await writer.flush()
        },
        async close() {
          const { bytes, digest } = await writer.finish()
          await writer.close()
          return { bytes, digest }
        },
      }
    },
  }
}
