import { selectRunDirectory } from '../../adapters/journal/run-directory.ts'
import { verifyRun, type RunVerification } from '../../adapters/journal/verify-run.ts'
import type { RunId } from '../../core/base/ids.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { selectRun, selectStateDirectory } from '../history/open-history.ts'
import { selectReferences } from '../history/select-references.ts'
import { formatCount } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'

/** `handrail verify RUN`: checks the journal's chain and every file that it names; changes nothing. */
export async function runVerify(context: CliContext): Promise<CommandEnd> {
  const { output, json, input } = context
  const stateDirectory = selectStateDirectory(context)
  const run = await selectRun(stateDirectory, input.argument(0))
  const found = await verifyRun(selectRunDirectory(stateDirectory, run), { selectReferences })
  const isSound = found.findings.length === 0
  if (json) output.json({ run, ok: isSound, ...found })
  for (const { area, message } of found.findings) output.tell(say`${area}: ${message}`, 'bad')
  const counted = [
    formatCount(found.events, 'record'),
    formatCount(found.values, 'value'),
    formatCount(found.outputs, 'output'),
  ].join(', ')
  output.tell(
    isSound
      ? say`run ${run} is as it was recorded: ${counted}; last record ${found.head.seq} ${found.head.h}`
      : say`run ${run} is not as it was recorded: ${formatCount(found.findings.length, 'finding')}; ${counted}`,
    isSound ? 'good' : 'bad',
  )
  return isSound ? DONE : { exitCode: 6, next: selectNext(run, found) }
}

/** A torn end alone is set aside by the next resume; all else stays as it is. */
function selectNext(run: RunId, { condition, findings }: RunVerification): string {
  return condition === 'torn' && findings.length === 1
    ? `handrail resume ${run}`
    : `handrail report ${run} --format md shows what can still be read`
}
