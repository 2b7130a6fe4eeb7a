import type { CliContext, CommandEnd } from '../cli-context.ts'
import { wakeLab } from '../lab/open-lab.ts'
import { say } from '../output/say.ts'
import type { KeptRun } from '../run/open-kept-run.ts'
import { settleEdits } from '../run/settle-edits.ts'
import { startRunner } from '../runner/start-runner.ts'
import type { RunHistory } from '../client/run-history.ts'
import { attachRun } from './attach-run.ts'
import { driveHere } from './drive-here.ts'

/** After so long what succeeded is looked at again before anything that changes a host may begin. */
const RECHECK_AFTER_MS = 4 * 3600 * 1000

/** Goes on with a run that this process holds: in this process with `--inline`, else through a runner. */
export async function goOn(
  context: CliContext,
  kept: KeptRun,
  { operator, history }: { readonly operator: string; readonly history?: RunHistory },
): Promise<CommandEnd> {
  const { store, state } = kept
  context.output.tell(say`run ${store.run}: ${state.created?.runbook.title ?? ''}`, 'strong')
  if (!context.input.flag('inline')) {
    const started = await handOver(context, kept, operator)
    if (started.kind === 'end') return started.end
    const known = history === undefined ? {} : { history }
    return attachRun(context, { run: store.run, wheel: 'ask', shownAfterSeq: started.afterSeq, ...known })
  }
  try {
    await wakeLab(context, state.created?.inventory.path)
    const rechecks = wantsRecheck(kept, operator, context.world.now())
    const settled = await settleEdits(context, kept, operator)
    if (settled.kind === 'end') return settled.end
    const { prepared } = settled
    const epoch = kept.records.at(-1)?.fence ?? 1
    const request = { prepared, store, state, operator, shown: [], rechecks, epoch }
    return await driveHere(context, { ...request, records: kept.records })
  } finally {
    await store.close()
  }
}

/** A runner drives the run now; or why it cannot go on yet. */
export type HandedOver =
  | { readonly kind: 'started'; /** The last record before the runner's own. */ readonly afterSeq: number }
  | { readonly kind: 'end'; readonly end: CommandEnd }

/** Settles what was edited, lets the run go and starts its runner. */
export async function handOver(context: CliContext, kept: KeptRun, operator: string): Promise<HandedOver> {
  const { store, state } = kept
  try {
    await wakeLab(context, state.created?.inventory.path)
    const rechecks = wantsRecheck(kept, operator, context.world.now())
    const settled = await settleEdits(context, kept, operator)
    if (settled.kind === 'end') return settled
    const afterSeq = store.head().seq
    await store.close()
    await startRunner(context, store.run, { operator, rechecks })
    return { kind: 'started', afterSeq }
  } finally {
    await store.close()
  }
}

function wantsRecheck({ state }: KeptRun, operator: string, now: Date): boolean {
  const idleMs = now.getTime() - (state.lastWallMs ?? now.getTime())
  return idleMs > RECHECK_AFTER_MS || operator !== state.operator
}
