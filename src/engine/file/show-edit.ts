import type { HostName, StepId } from '../../core/base/ids.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import type { FileChange } from './plan-file-change.ts'

type Change = Extract<FileChange, { readonly kind: 'change' }>
type ActionOfStep = { readonly step: StepId; readonly host: HostName; readonly action: number }

/** Whether this very change, of this very file, is the last whose diff was shown for the action. */
export function isEditShown(
  context: EngineContext,
  { step, host, action }: ActionOfStep,
  { path, beforeDigest, afterDigest }: Change,
): boolean {
  const shown = requireHostStep(context, step, host).shownEdits.get(action)
  return shown?.path === path && shown.before === beforeDigest && shown.after === afterDigest
}

/** Makes durable what an edit or file action would change. */
export async function showEdit(context: EngineContext, at: ActionOfStep, change: Change): Promise<void> {
  const { path, beforeDigest, afterDigest } = change
  const before = beforeDigest === undefined ? {} : { before: beforeDigest }
  const diff = await context.store.putValue(change.diff)
  await context.record({ type: 'edit-shown', ...at, path, after: afterDigest, diff, ...before })
}
