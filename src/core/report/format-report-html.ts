import { brandAs } from '../base/ids.ts'
import type { SafeText } from '../base/safe-text.ts'
import type { Report } from './report.ts'
import type { ReportTable } from './report-text.ts'
import { layOutReport } from './report-text.ts'

const STYLE = [
  'body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1b1b;background:#fff}',
  'table{border-collapse:collapse;width:100%;font-size:13px}',
  'th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}',
  'th{background:#f2f2f2}dt{font-weight:600}dd{margin:0 0 .4rem;overflow-wrap:anywhere}',
  '.summary{font-size:1.15rem;font-weight:600}',
  '@media (prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}th{background:#2a2a2a}th,td{border-color:#444}}',
].join('\n')

/** The report as one HTML file without scripts or links to anything outside; everything is escaped. */
export function formatReportHtml(report: Report): SafeText {
  const { title, summary, facts, tables } = layOutReport(report)
  const lines = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>\n${STYLE}\n</style>`,
    '</head>',
    '<body>',
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="summary">${escapeHtml(summary)}</p>`,
    '<dl>',
    ...facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`),
    '</dl>',
    ...tables.flatMap(formatTable),
    '</body>',
    '</html>',
  ]
  return brandAs<SafeText>(`${lines.join('\n')}\n`)
}

function formatTable({ title, heading, rows }: ReportTable): readonly string[] {
  const cells = (tag: 'th' | 'td', row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`
  return [
    `<h2>${escapeHtml(title)}</h2>`,
    '<table>',
    `<thead>${cells('th', heading)}</thead>`,
    '<tbody>',
    ...rows.map((row) => cells('td', row)),
    '</tbody>',
    '</table>',
  ]
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
