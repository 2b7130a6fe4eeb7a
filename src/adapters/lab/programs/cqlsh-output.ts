import type { CqlError, CqlResult, CqlValue } from '../cluster/cql-result.ts'
import type { VersionTraits } from '../cluster/version-traits.ts'

/** What cqlsh prints for a statement that went well; nothing for most changes. */
export function formatCqlResult(result: Exclude<CqlResult, CqlError>): string {
  if (result.kind === 'text') return `${result.text}\n`
  if (result.kind === 'rows') return formatTable(result.columns, result.rows)
  if (result.warnings.length === 0) return ''
  return `\nWarnings :\n${result.warnings.join('\n')}\n\n`
}

/** What cqlsh prints for a statement that went wrong, without file and line. */
export function formatCqlError(error: CqlError, traits: VersionTraits): string {
  const prefix = traits.hasSchemaKeyspace ? 'Error from server: ' : ''
  const info =
    error.info === undefined
      ? ''
      : ` info={'required_replicas': ${error.info.required}, 'alive_replicas': ${error.info.alive}, 'consistency': '${error.info.consistency}'}`
  const text = `${prefix}code=${error.code} [${error.title}] message="${error.message}"${info}`
  if (error.info === undefined || !traits.hasSchemaKeyspace) return `${error.name}: ${text}`
  return `NoHostAvailable: ('Unable to complete the operation against any hosts', {<Host: >: ${error.name}('${text.replaceAll("'", "\\'")}')})`
}

/** Names flush left, values flush right, as cqlsh draws a table without colours. */
function formatTable(columns: readonly string[], rows: readonly (readonly CqlValue[])[]): string {
  const cells = rows.map((row) => row.map(formatValue))
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  )
  const head = columns.map((name, index) => name.padEnd(widths[index] ?? 0)).join(' | ')
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-')
  const body = cells.map(
    (row) => ` ${row.map((cell, index) => cell.padStart(widths[index] ?? 0)).join(' | ')}\n`,
  )
  return `\n ${head.trimEnd()}\n-${rule}-\n${body.join('')}\n(${rows.length} rows)\n`
}

function formatValue(value: CqlValue): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `{${value.map((each) => `'${each}'`).join(', ')}}`
  return `{${Object.entries(value)
    .map(([key, each]) => `'${key}': '${each}'`)
    .join(', ')}}`
}
