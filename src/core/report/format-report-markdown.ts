import { brandAs } from '../base/ids.ts'
import type { SafeText } from '../base/safe-text.ts'
import type { Report } from './report.ts'
import { layOutReport } from './report-text.ts'

/** The report as a Markdown document; everything that came from outside is escaped. */
export function formatReportMarkdown(report: Report): SafeText {
  const { title, summary, facts, tables } = layOutReport(report)
  const lines = [
    `# ${escapeMarkdown(title)}`,
    '',
    `**${escapeMarkdown(summary)}**`,
    '',
    ...facts.map(([name, value]) => `- ${name}: ${escapeMarkdown(value)}`),
  ]
  for (const table of tables) {
    lines.push('', `## ${table.title}`, '')
    lines.push(row(table.heading), row(table.heading.map(() => '---')))
    for (const cells of table.rows) lines.push(row(cells.map(escapeMarkdown)))
  }
  return brandAs<SafeText>(`${lines.join('\n')}\n`)
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Takes the meaning from every character that Markdown, or HTML within it, gives one. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|~]/g, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
