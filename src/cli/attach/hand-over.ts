import type { CliContext } from '../cli-context.ts'
import { wakeLab } from '../lab/open-lab.ts'
import type { KeptRun } from '../run/open-kept-run.ts'
import type { SettledEdits } from '../run/settle-edits.ts'
import type { SettledOnScreen } from '../run/settle-on-screen.ts'
import { startRunner } from '../runner/start-runner.ts'

/** After so long what succeeded is looked at again before anything that changes a host may begin. */
const RECHECK_AFTER_MS = 4 * 3600 * 1000

/** A runner drives the run now; or what became of settling instead. */
export type HandedOver =
  | { readonly kind: 'started'; /** The last record before the runner's own. */ readonly afterSeq: number }
  | Exclude<Settled, { readonly kind: 'go' }>

type Settled = SettledEdits | SettledOnScreen

export type HandOverOptions = {
  readonly operator: string
  /** What becomes of what was edited since. */
  readonly settle: () => Promise<Settled>
}

/** Settles what was edited, lets the run go and starts its runner. */
export async function handOver(
  context: CliContext,
  kept: KeptRun,
  { operator, settle }: HandOverOptions,
): Promise<HandedOver> {
  const { store, state } = kept
  try {
    await wakeLab(context, state.created?.inventory.path)
    const rechecks = wantsRecheck(kept, operator, context.world.now())
    const settled = await settle()
    if (settled.kind !== 'go') return settled
    const afterSeq = store.head().seq
    await store.close()
    await startRunner(context, store.run, { operator, rechecks })
    return { kind: 'started', afterSeq }
  } finally {
    await store.close()
  }
}

/** Whether so much time has passed, or the hands have changed, that what is done is looked at again. */
export function wantsRecheck({ state }: KeptRun, operator: string, now: Date): boolean {
  const idleMs = now.getTime() - (state.lastWallMs ?? now.getTime())
  return idleMs > RECHECK_AFTER_MS || operator !== state.operator
}
