import { UsageError } from '../../core/base/errors.ts'
import { formatReportHtml } from '../../core/report/format-report-html.ts'
import { formatReportMarkdown } from '../../core/report/format-report-markdown.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { loadSelectedRun, reportRun } from '../history/open-history.ts'

/** `handrail report RUN --format md|html|json`: the run as a document on standard output. */
export async function runReport(context: CliContext): Promise<CommandEnd> {
  const { input, output, json } = context
  const format = input.text('format') ?? (json ? 'json' : 'md')
  if (json && format !== 'json')
    throw new UsageError('--json and --format contradict each other', ['--format json'])
  const loaded = await loadSelectedRun(context)
  const report = reportRun(loaded)
  if (format === 'json') output.json(report)
  else output.document(format === 'html' ? formatReportHtml(report) : formatReportMarkdown(report))
  return loaded.condition.kind === 'ok'
    ? DONE
    : {
        exitCode: 6,
        next: `handrail ${loaded.condition.kind === 'torn' ? 'resume' : 'verify'} ${loaded.run}`,
      }
}
