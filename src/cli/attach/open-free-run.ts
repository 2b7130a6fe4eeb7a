import type { RunId } from '../../core/base/ids.ts'
import type { CliContext } from '../cli-context.ts'
import { openKeptRun, type OpenedKeptRun } from '../run/open-kept-run.ts'
import { connectClient } from './attach-run.ts'

/**
 * Opens a run for driving. A runner that only waits and serves nobody else makes way, so that edits and answers of
 * this command line count; one that has work, or another client, keeps the run: `busy`.
 */
export async function openFreeRun(
  context: CliContext,
  prefix: string | undefined,
  operator: string,
): Promise<OpenedKeptRun> {
  const opened = await openKeptRun(context, prefix, operator)
  if (opened.kind === 'held') return opened
  return (await makeWay(context, opened.run)) ? openKeptRun(context, opened.run, operator) : opened
}

async function makeWay(context: CliContext, run: RunId): Promise<boolean> {
  const client = await connectClient(context, { run, wheel: 'ask', isGlance: true })
  if (client === undefined) return false
  const isIdle = client.isDriver() && client.isResting()
  if (isIdle) await client.stopRunner()
  client.detach()
  return isIdle
}
