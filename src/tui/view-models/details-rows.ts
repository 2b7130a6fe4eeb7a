import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { Deviation, RunState } from '../../core/run/state.ts'
import type { RunClient } from '../run-client.ts'
import { span, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'

/** The run in facts: where from, for whom, parameters (secrets by name only), hosts that are left out, deviations. */
export function buildDetailRows({ state, run }: RunClient, width: number): Row[] {
  const { created } = state
  const params = Object.entries(created?.params ?? {})
  const label = Math.min(24, Math.max(10, ...params.map(([name]) => name.length))) + 2
  const fact = (name: string, value: string): Row[] =>
    wrapSpans([span(sanitizeLine(name.padEnd(label)), 'dim'), span(sanitizeLine(value))], width, label)
  return [
    ...fact('run', run),
    ...fact('runbook', `${created?.runbook.path ?? ''}  ${created?.runbook.sha256.slice(0, 12) ?? ''}`),
    ...fact(
      'inventory',
      `${created?.inventory.path ?? ''} (${created?.inventory.environment ?? ''}, ${created?.inventory.level ?? ''})`,
    ),
    ...fact('operator', state.operator),
    ...(created?.options.ref === undefined ? [] : fact('reference', created.options.ref)),
    [],
    [word('Parameters', 'strong')],
    ...(params.length === 0
      ? [[word('none', 'dim')]]
      : params.flatMap(([name, value]) => fact(name, formatParam(value)))),
    ...section(
      'Connections that are lost',
      [...state.lostLinks].map(([host, reason]) => `${host}: ${reason}`),
      width,
    ),
    ...section(
      'Hosts that are left out',
      [...state.excluded].map(([host, reason]) => `${host}: ${reason}`),
      width,
    ),
    ...section(
      'Deviations',
      state.deviations.map((each) => formatDeviation(each, state)),
      width,
    ),
  ]
}

/** A parameter's value; a secret stands by its name. */
export function formatParam(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'secret' in value)
    return `«secret ${String(value.secret)}»`
  return JSON.stringify(value) ?? ''
}

const DEVIATION_WORDS: { readonly [kind: string]: string } = {
  accept: 'accepted',
  skip: 'skipped',
  exclude: 'left out',
  undo: 'undone',
  waiver: 'warning waived',
  override: 'needed runbooks overridden',
}

/** What a person accepted, skipped, left out or undid, and why. */
export function formatDeviation({ kind, step, host, by, reason }: Deviation, state: RunState): string {
  const title = step === undefined ? '' : `: ${state.steps.get(step)?.outline.title ?? step}`
  const where = host === undefined ? '' : ` on ${host}`
  return `${DEVIATION_WORDS[kind] ?? kind}${title}${where}, by ${by}${reason === '' ? '' : `: ${reason}`}`
}

function section(title: string, lines: readonly string[], width: number): Row[] {
  if (lines.length === 0) return []
  return [
    [],
    [word(title, 'strong')],
    ...lines.flatMap((line) => wrapSpans([span(sanitizeLine(line))], width, 2)),
  ]
}
