import { hasErrors } from '../../core/base/diagnostic.ts'
import { checkPlan, type CheckRow } from '../../engine/check-plan.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import type { Tone } from '../output/output.ts'
import { explainNext, printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'
import { buildPrepareOptions } from '../prepare/build-prepare-options.ts'
import { preparePlan } from '../prepare/prepare-plan.ts'
import { readPlanInputs } from '../prepare/read-plan-inputs.ts'
import { openLooking } from '../run/open-looking.ts'

/** `handrail check RUNBOOK -i INV`: only the read-only probes, per step and host; changes nothing. */
export async function runCheck(context: CliContext): Promise<CommandEnd> {
  const { output, json } = context
  const inputs = await readPlanInputs(context)
  const { prepared, diagnostics } = await preparePlan(
    inputs,
    buildPrepareOptions(context, { missing: 'error', ignoreNeeds: true }),
  )
  if (prepared === undefined || hasErrors(diagnostics)) {
    printDiagnostics(diagnostics, output)
    return { exitCode: 4, next: explainNext(diagnostics) }
  }
  const rows: CheckRow[] = []
  const looking = openLooking(context, prepared)
  try {
    await checkPlan(looking.ports, looking.signal, (row) => {
      rows.push(row)
      const why = row.reason === '' ? '' : `: ${row.reason}`
      output.tell(say`${row.step} on ${row.host}: ${row.answer}${why}`, TONES[row.answer])
    })
  } finally {
    await looking.close()
  }
  if (json) output.json({ runbook: prepared.plan.runbook, inventory: prepared.inventory.name, checks: rows })
  if (looking.signal.aborted)
    return { exitCode: 130, next: `handrail check ${inputs.runbook} -i ${inputs.inventory}` }
  return selectEnd(rows, `${inputs.runbook} -i ${inputs.inventory}`)
}

const TONES: Readonly<Record<CheckRow['answer'], Tone>> = {
  satisfied: 'good',
  'not satisfied': 'bad',
  'cannot tell': 'warning',
  'not checked': 'quiet',
}

/** What is not satisfied counts first, then what cannot be told, then what could not be reached. */
function selectEnd(rows: readonly CheckRow[], place: string): CommandEnd {
  if (rows.some(({ answer }) => answer === 'not satisfied'))
    return { exitCode: 1, next: `handrail plan ${place}` }
  const unclear = rows.filter(({ answer }) => answer === 'cannot tell')
  if (unclear.some(({ isUnreachable }) => !isUnreachable))
    return { exitCode: 3, next: `handrail plan ${place}` }
  const [lost] = unclear
  return lost === undefined
    ? { exitCode: 0 }
    : { exitCode: 5, next: `handrail doctor ${lost.host} ${place.slice(place.indexOf('-i '))}` }
}
