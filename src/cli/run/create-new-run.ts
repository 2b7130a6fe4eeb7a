import { createRun, type RunStore } from '../../adapters/journal/run-store.ts'
import { openStateDirectory } from '../../adapters/journal/state-directory.ts'
import { fitsRecord, type JournalEvent, type JournalRecord } from '../../core/journal/record.ts'
import type { EventOf } from '../../core/run/events.ts'
import type { CliContext } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import { buildStoreOptions } from './run-identity.ts'
import { describeValue, readRunOptions, storePlan } from './store-plan.ts'

/** Longest parameter or waiver that the first record shows; the whole of it is among the run's inputs. */
const SHOWN_CHARACTERS = 200

/** Makes a run whose first event is durable before any host is touched; its files and inputs are kept with it. */
export async function createNewRun(
  context: CliContext,
  prepared: PreparedPlan,
  operator: string,
): Promise<{ readonly store: RunStore; readonly records: readonly JournalRecord[] }> {
  const stateDirectory = await openStateDirectory(selectStateDirectory(context))
  const options = buildStoreOptions(operator, context.world.now())
  return createRun(stateDirectory, options, async (_, values) => {
    const { outlineDigest, snapshot, inputs } = await storePlan(prepared, values)
    const { plan, inventory } = prepared
    const event: EventOf<'run-created'> = {
      type: 'run-created',
      runbook: plan.runbook,
      inventory: {
        path: inventory.path,
        name: inventory.name,
        sha256: inventory.sha256,
        environment: inventory.environment.name,
        level: inventory.environment.level,
        ...(prepared.lab === undefined ? {} : { lab: prepared.lab }),
      },
      outlineDigest,
      snapshot,
      inputs,
      params: Object.fromEntries(
        Object.entries(plan.params).map(([name, value]) => [name, shorten(describeValue(value))]),
      ),
      operator,
      options: readRunOptions(context.input, prepared.inputs),
      toolVersion: context.version,
      waivers: prepared.waivers.map((waiver) => String(shorten(waiver))),
    }
    return [fit(event) as unknown as JournalEvent]
  })
}

function shorten(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= SHOWN_CHARACTERS ? value : `${text.slice(0, SHOWN_CHARACTERS)}…`
}

/** A record is one page: with very many parameters their names alone must do, and waivers are counted. */
function fit(event: EventOf<'run-created'>): EventOf<'run-created'> {
  if (fitsRecord(event as unknown as JournalEvent)) return event
  const params = { parameters: `${Object.keys(event.params).length}, kept with the run's inputs` }
  const smaller = { ...event, params }
  if (fitsRecord(smaller as unknown as JournalEvent)) return smaller
  return {
    ...smaller,
    waivers: [...event.waivers.slice(0, 3), `and ${event.waivers.length - 3} more waivers`],
  }
}
