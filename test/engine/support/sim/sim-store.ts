import type { Digest, JobId } from '../../../../src/core/base/ids.ts'
import type { RunEvent } from '../../../../src/core/run/events.ts'
import type { RunStore } from '../../../../src/engine/ports/run-store.ts'
import { hash } from '../hash.ts'
import type { Random } from './random.ts'
import type { Scheduler, SimProcess } from './scheduler.ts'

/** The disk: what stands in it outlives the process. */
export type SimDisk = {
  readonly events: { readonly event: RunEvent; readonly wallMs: number }[]
  /** Events whose append was acknowledged; they must never be missing. */
  acknowledged: number
  readonly values: Map<string, string>
  readonly outputs: Map<string, SimOutput>
  /** Set: the medium fails from now on. */
  isBroken: boolean
}

type SimOutput = { bytes: Buffer; durable: number }

export function createSimDisk(): SimDisk {
  return { events: [], acknowledged: 0, values: new Map(), outputs: new Map(), isBroken: false }
}

type Pending = {
  readonly events: readonly RunEvent[]
  readonly resolve: (events: readonly RunEvent[]) => void
  readonly reject: (error: Error) => void
}

/** A store of one process on the disk, and what a crash of that process does to it. */
export type SimStore = RunStore & { readonly crash: () => void }

export function createSimStore(
  disk: SimDisk,
  world: { scheduler: Scheduler; random: Random; owner: SimProcess },
): SimStore {
  const { scheduler, random, owner } = world
  let queue: Pending[] = []
  let isWriting = false
  const write = async (): Promise<void> => {
    if (isWriting) return
    isWriting = true
    while (queue.length > 0) {
      await scheduler.delay(random.next(), owner)
      const batch = queue
      queue = []
      if (disk.isBroken) {
        for (const { reject } of batch) reject(new Error('the disk is full'))
        continue
      }
      const events = batch.flatMap((each) => each.events)
      disk.events.push(...events.map((event) => store(event, scheduler)))
      await scheduler.delay(random.next(), owner)
      disk.acknowledged = disk.events.length
      for (const { resolve, events: own } of batch) resolve(own)
    }
    isWriting = false
  }
  return {
    append: (events) =>
      new Promise((resolve, reject) => {
        queue.push({ events, resolve, reject })
        void write()
      }),
    putValue: async (text) => {
      await scheduler.delay(random.next(), owner)
      const digest = hash(text)
      disk.values.set(digest, text)
      return digest
    },
    getValue: async (digest) => disk.values.get(digest),
    openOutput: (job, stream) => openSink(disk, { ...world, name: `${job}.${stream}` }),
    crash: () => {
      // What was written and not acknowledged may survive, whole or cut off after any of its records.
      const unsure = disk.events.length - disk.acknowledged
      disk.events.length -= random.between(0, unsure)
      disk.acknowledged = disk.events.length
      for (const output of disk.outputs.values()) {
        const kept = random.between(output.durable, output.bytes.length)
        output.bytes = output.bytes.subarray(0, random.chance(0.5) ? output.durable : kept)
        output.durable = output.bytes.length
      }
    },
  }
}

function store(event: RunEvent, scheduler: Scheduler): SimDisk['events'][number] {
  return {
    event: JSON.parse(JSON.stringify(event)) as RunEvent,
    wallMs: 1_700_000_000_000 + scheduler.nowMs(),
  }
}

async function openSink(
  disk: SimDisk,
  {
    scheduler,
    random,
    owner,
    name,
  }: { scheduler: Scheduler; random: Random; owner: SimProcess; name: string },
): ReturnType<RunStore['openOutput']> {
  await scheduler.delay(random.next(), owner)
  const output = disk.outputs.get(name) ?? { bytes: Buffer.alloc(0), durable: 0 }
  disk.outputs.set(name, output)
  const flush = async (): Promise<void> => {
    const { length } = output.bytes
    await scheduler.delay(random.next(), owner)
    output.durable = Math.max(output.durable, length)
  }
  return {
    offset: () => output.bytes.length,
    append: async (bytes) => {
      output.bytes = Buffer.concat([output.bytes, bytes])
      await scheduler.delay(random.chance(0.3) ? random.next() : 0, owner)
    },
    flush,
    close: async () => {
      await flush()
      return { bytes: output.bytes.length, digest: hash(output.bytes) as Digest }
    },
  }
}

/** The output of a job as it stands on the disk. */
export function readOutput(disk: SimDisk, job: JobId, stream: 'stdout' | 'stderr'): Buffer {
  return disk.outputs.get(`${job}.${stream}`)?.bytes ?? Buffer.alloc(0)
}
