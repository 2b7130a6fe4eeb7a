import type { HostStepWork } from '../../core/plan/model.ts'
import type { EngineContext } from '../context.ts'
import { removeFixtures, writeFixtures } from '../file/fixtures.ts'
import { failHost } from './end-host.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'

/** Writes the temporary files of a step around `run`, and removes them whatever happens. */
export async function withFixtures(
  context: EngineContext,
  { place, work }: { place: HostPlace; work: HostStepWork },
  run: () => Promise<HostStepEnd>,
): Promise<HostStepEnd> {
  const target = { host: place.host, reconnectMs: context.limits.firstContactMs, neededMs: sumTimeouts(work) }
  const failure = await writeFixtures(context, target, work.fixtures)
  if (failure !== undefined) {
    await removeFixtures(context, target, work.fixtures)
    await failHost(context, place, failure)
    return 'parked'
  }
  try {
    return await run()
  } finally {
    await removeFixtures(context, target, work.fixtures)
  }
}

function sumTimeouts({ actions, checks, verifies, requires }: HostStepWork): number {
  const probes = [...checks, ...verifies, ...requires].reduce(
    (sum, { timeoutMs, forMs }) => sum + timeoutMs + forMs,
    0,
  )
  return actions.reduce((sum, { timeoutMs, reconnectMs }) => sum + timeoutMs + reconnectMs, probes)
}
