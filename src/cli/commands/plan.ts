import { hasErrors } from '../../core/base/diagnostic.ts'
import { formatPlanJson } from '../../core/plan/format-plan-json.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { countDiagnostics, explainNext, printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'
import { printPlan } from '../plan/print-plan.ts'
import { lookLive, type LiveLook } from '../plan/look-live.ts'
import { buildPrepareOptions } from '../prepare/build-prepare-options.ts'
import { quoteShellWord } from '../../engine/remote-job/quote-shell-word.ts'
import { preparePlan, type PreparedPlan } from '../prepare/prepare-plan.ts'
import { readPlanInputs } from '../prepare/read-plan-inputs.ts'

/** `handrail plan RUNBOOK -i INV`: what would run where, in order, fully resolved; touches no host. */
export async function runPlan(context: CliContext): Promise<CommandEnd> {
  const { output, json, input } = context
  const inputs = await readPlanInputs(context)
  const { prepared, diagnostics } = await preparePlan(
    inputs,
    buildPrepareOptions(context, { missing: 'warning', ignoreNeeds: false }),
  )
  if (prepared === undefined) {
    if (json) output.json({ runbook: { path: inputs.runbook }, digest: null, steps: [], diagnostics })
    else printDiagnostics(diagnostics, output)
    return { exitCode: 4, next: explainNext(diagnostics) }
  }
  const live = input.flag('live') && !hasErrors(diagnostics) ? await look(context, prepared) : undefined
  if (json)
    output.json(
      formatPlanJson(prepared.plan, diagnostics, ({ step, host, action }) =>
        live?.diffs.get(`${step} ${host} ${action}`),
      ),
    )
  else
    printPlan(prepared.plan, output, {
      diagnostics,
      live: (step, host) => live?.notes.get(`${step} ${host}`) ?? [],
    })
  const isWrong = hasErrors(diagnostics)
  output.tell(say``)
  output.tell(
    say`${prepared.plan.steps.length} steps: ${countDiagnostics(diagnostics)}`,
    isWrong ? 'bad' : 'good',
  )
  return isWrong
    ? { exitCode: 4, next: explainNext(diagnostics) }
    : { exitCode: 0, next: suggestRun(context) }
}

/** The run of exactly what was planned: a limit that is left out would run it everywhere. */
function suggestRun({ input }: CliContext): string {
  const words = [
    input.argument(0) ?? '',
    '-i',
    input.text('inventory') ?? '',
    ...input.list('param').flatMap((param) => ['-p', param]),
    ...OPTIONS.flatMap(([name, option]) => {
      const value = input.text(name)
      return value === undefined ? [] : [option, value]
    }),
  ]
  return `handrail run ${words.map(quoteWord).join(' ')}`
}

const OPTIONS = [
  ['paramFile', '--param-file'],
  ['only', '--only'],
  ['from', '--from'],
  ['limit', '--limit'],
] as const

function quoteWord(word: string): string {
  return /^[\w./:=@+,-]+$/.test(word) ? word : quoteShellWord(word)
}

async function look(context: CliContext, prepared: PreparedPlan): Promise<LiveLook> {
  const { openLooking } = await import('../run/open-looking.ts')
  const looking = openLooking(context, prepared)
  try {
    return await lookLive(looking)
  } finally {
    await looking.close()
  }
}
