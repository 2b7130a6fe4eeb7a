import { join } from 'node:path'
import { createRun } from '../../src/adapters/journal/run-store.ts'
import { openStateDirectory } from '../../src/adapters/journal/state-directory.ts'
import { brandAs } from '../../src/core/base/ids.ts'
import type { Digest, HostName, RunId, StepId } from '../../src/core/base/ids.ts'
import type { JournalEvent } from '../../src/core/journal/record.ts'
import type { RunEvent } from '../../src/core/run/events.ts'
import type { OutlineStep, PlanOutline } from '../../src/core/run/outline.ts'

/** A step of an outline; only what matters to a test is told. */
export function buildOutlineStep(
  id: string,
  hosts: readonly string[],
  parts: Partial<OutlineStep> = {},
): OutlineStep {
  return {
    id: brandAs<StepId>(id),
    title: `Title of ${id}`,
    phases: [],
    danger: 'change',
    order: 'parallel',
    groups: [0],
    hosts: hosts.map((host) => brandAs<HostName>(host)),
    pickAny: false,
    confirmEach: false,
    repeat: 'guarded',
    actions: 1,
    undos: 0,
    manual: [],
    eachHost: false,
    hash: brandAs<Digest>('0'.repeat(64)),
    covers: [],
    ...parts,
  }
}

/** Writes a run with these steps and events into `DIR/.state`, closed again when it resolves. */
export async function writeRun(
  folder: string,
  steps: readonly OutlineStep[],
  events: readonly RunEvent[],
  outputs: Readonly<Record<string, string>> = {},
  lab?: string,
): Promise<RunId> {
  const state = await openStateDirectory(join(folder, '.state'))
  const outline: PlanOutline = {
    title: 'Upgrade',
    digest: brandAs<Digest>('1'.repeat(64)),
    units: steps.map(({ id }) => ({ steps: [id] })),
    steps,
  }
  const holder = { pid: process.pid, host: 'bastion', operator: 'ada', since: '2030-01-01T00:00:00Z' }
  const { store } = await createRun(
    state,
    { session: 's1', actor: 'ada', holder, onPoisoned: () => undefined },
    async (_, values) => {
      const created: RunEvent = {
        type: 'run-created',
        runbook: { path: 'up.md', sha256: brandAs<Digest>('2'.repeat(64)), title: 'Upgrade' },
        inventory: {
          path: 'inv.yaml',
          name: 'small',
          sha256: brandAs<Digest>('3'.repeat(64)),
          environment: 'prod-eu',
          level: 'production',
          ...(lab === undefined ? {} : { lab }),
        },
        outlineDigest: await values.putValue(JSON.stringify(outline)),
        params: { password: 'secret:db', count: 3 },
        operator: 'ada',
        options: { onFailure: 'ask', ref: 'CHG123' },
        toolVersion: '0.1.0',
        waivers: ['X01: waived by Ann until 2030-12-31: two are enough'],
      }
      return [
        created,
        { type: 'session-opened', operator: 'ada', host: 'bastion', pid: 1 },
      ] as unknown as JournalEvent[]
    },
  )
  for (const [job, text] of Object.entries(outputs)) {
    const writer = await store.openOutput(brandAs(job), 'stdout')
    await writer.append(new TextEncoder().encode(text))
    await writer.close()
  }
  if (events.length > 0) await store.append(events as unknown as JournalEvent[])
  await store.saveHead()
  await store.close()
  return store.run
}
