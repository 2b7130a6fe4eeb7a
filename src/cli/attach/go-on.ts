import type { CliContext, CommandEnd } from '../cli-context.ts'
import type { RunHistory } from '../client/run-history.ts'
import { wakeLab } from '../lab/open-lab.ts'
import { say } from '../output/say.ts'
import type { KeptRun } from '../run/open-kept-run.ts'
import { settleEdits, type SettledEdits } from '../run/settle-edits.ts'
import { settleOnScreen, type SettledOnScreen } from '../run/settle-on-screen.ts'
import { attachRun } from './attach-run.ts'
import { driveHere } from './drive-here.ts'
import { handOver, wantsRecheck } from './hand-over.ts'
import { showEdit } from './show-edit.ts'
import { wantsScreen } from './show-screen.ts'

type Taker = { readonly operator: string; readonly history?: RunHistory }

/** Goes on with a run that this process holds: in this process with `--inline`, else through a runner. */
export async function goOn(context: CliContext, kept: KeptRun, taker: Taker): Promise<CommandEnd> {
  const { store, state } = kept
  const { operator, history } = taker
  context.output.tell(say`run ${store.run}: ${state.created?.runbook.title ?? ''}`, 'strong')
  if (context.input.flag('inline')) return goOnHere(context, kept, taker)
  const settle = (): Promise<SettledEdits | SettledOnScreen> =>
    wantsScreen(context) ? settleOnScreen(context, kept, { operator }) : settleEdits(context, kept, operator)
  const started = await handOver(context, kept, { operator, settle })
  if (started.kind === 'end') return started.end
  const known = history === undefined ? {} : { history }
  if (started.kind === 'review') return showEdit(context, { run: store.run, edit: started.review, ...known })
  return attachRun(context, { run: store.run, wheel: 'ask', shownAfterSeq: started.afterSeq, ...known })
}

async function goOnHere(context: CliContext, kept: KeptRun, { operator }: Taker): Promise<CommandEnd> {
  const { store, state, records } = kept
  try {
    await wakeLab(context, state.created?.inventory.path)
    const rechecks = wantsRecheck(kept, operator, context.world.now())
    const epoch = records.at(-1)?.fence ?? 1
    const base = { store, state, operator, shown: [], rechecks, epoch, records }
    if (wantsScreen(context)) {
      const { showEditHere } = await import('./show-edit-here.ts')
      return await showEditHere(context, kept, base)
    }
    const settled = await settleEdits(context, kept, operator)
    if (settled.kind === 'end') return settled.end
    return await driveHere(context, { ...base, prepared: settled.prepared })
  } finally {
    await store.close()
  }
}
