import { openOutputReader, type OutputItem } from '../../adapters/journal/output-reader.ts'
import { selectRunPaths } from '../../adapters/journal/run-directory.ts'
import { UsageError } from '../../core/base/errors.ts'
import { sanitizeText } from '../../core/base/sanitize.ts'
import { suggestHint } from '../../core/base/suggest-name.ts'
import type { JobState, RunState } from '../../core/run/state.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { loadSelectedRun } from '../history/open-history.ts'
import { indent, say } from '../output/say.ts'

/** Lines that are read at a time: output may be far larger than the memory. */
const WINDOW_LINES = 500

/** `handrail log RUN`: what the commands of a run printed, job by job, as it was kept. */
export async function runLog(context: CliContext): Promise<CommandEnd> {
  const { output, json } = context
  const { state, directory, run } = await loadSelectedRun(context)
  const jobs = selectJobs(state, { step: context.input.text('step'), host: context.input.text('host') })
  if (jobs.length === 0) output.tell(say`No command of run ${run} has printed anything here.`)
  for (const job of jobs) {
    if (!json) output.tell(say`${job.step} on ${job.host}, ${job.id}: ${describeJob(job)}`, 'strong')
    for (const stream of ['stdout', 'stderr'] as const) await printStream(context, { directory, job, stream })
  }
  return DONE
}

type Filter = { readonly step: string | undefined; readonly host: string | undefined }

function selectJobs(state: RunState, { step, host }: Filter): readonly JobState[] {
  const steps = [...state.steps.keys()]
  if (step !== undefined && !state.steps.has(step as never))
    throw new UsageError(`the run has no step ${step}`, [suggestHint(step, steps) ?? 'handrail show'])
  return [...state.jobs.values()].filter(
    (job) => (step === undefined || job.step === step) && (host === undefined || job.host === host),
  )
}

function describeJob({ result, state }: JobState): string {
  if (result === undefined) return state
  if (result.kind === 'exited') return `exit code ${result.code}`
  if (result.kind === 'signalled') return `ended by ${result.signal}`
  return result.kind === 'refused' ? `refused: ${result.why}` : result.kind
}

type Source = {
  readonly directory: string
  readonly job: JobState
  readonly stream: 'stdout' | 'stderr'
}

async function printStream(context: CliContext, { directory, job, stream }: Source): Promise<void> {
  const reader = openOutputReader(selectRunPaths(directory).outputs, { job: job.id, stream })
  if ((await reader.size()) === null) return
  let from = 0
  for (;;) {
    const { items } = await reader.lines(from, WINDOW_LINES)
    for (const item of items) printItem(context, { job, stream }, item)
    const last = items.at(-1)
    if (last === undefined || items.length < WINDOW_LINES) return
    from = nextLine(from, items)
  }
}

/** Behind the last line of a window, gaps counted. */
function nextLine(from: number, items: readonly OutputItem[]): number {
  const lines = items.flatMap((item) => (item.kind === 'line' ? [item.line + 1] : []))
  const dropped = items.reduce((sum, item) => sum + (item.kind === 'gap' ? item.droppedLines : 0), 0)
  return Math.max(from + 1, lines.at(-1) ?? from + dropped)
}

function printItem(
  { output, json }: CliContext,
  { job, stream }: Pick<Source, 'job' | 'stream'>,
  item: OutputItem,
): void {
  // A line of its own has no line break in it; tabs are what tables are made of, and stay.
  const text =
    item.kind === 'gap' ? '' : sanitizeText(new TextDecoder().decode(item.bytes).replace(/\r$/, ''))
  if (json) {
    const { step, host, id } = job
    const rest = item.kind === 'gap' ? { droppedBytes: item.droppedBytes } : { line: item.line, text }
    output.json({ step, host, job: id, stream, ...rest }, 'line')
  } else if (item.kind === 'gap') output.tell(say`  … ${item.droppedBytes} bytes were not kept …`, 'quiet')
  else output.tell(indent(sanitizeText(text), 2), stream === 'stderr' ? 'warning' : 'plain')
}
