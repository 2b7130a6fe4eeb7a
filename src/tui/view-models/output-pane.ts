import type { HostName } from '../../core/base/ids.ts'
import type { JobState, StepState } from '../../core/run/state.ts'
import type { RunClient } from '../run-client.ts'
import { measureRow, word, type Row } from '../term/row.ts'
import { buildHostStrip } from './host-states.ts'
import { buildOutputRows } from './output-rows.ts'
import { nameOutput, selectOutput, type ShownOutput } from './select-output.ts'
import type { ViewInput } from './view-input.ts'

/** Below this width the frame has no room for keys. */
const NAMED_KEYS_COLS = 76

export type OutputPlace = {
  readonly step: StepState
  readonly host: HostName | undefined
  readonly width: number
  readonly height: number
}

export type OutputPane = { readonly rows: readonly Row[]; readonly right: Row; readonly total: number }

/** The output of one job under the states of all hosts; which try and action it is, and how it ended, on the frame. */
export function buildOutputPane(
  input: ViewInput,
  client: RunClient,
  { step, host, width, height }: OutputPlace,
): OutputPane {
  const { run } = input.ui
  const { cols } = input.size
  const strip = buildHostStrip({ state: client.state, step, shown: host, width, glyphs: input.glyphs })
  const output = selectOutput(client.state, step, { host, job: run.job })
  const part = output.parts[output.at]
  const name = nameOutput(output, step)
  if (part === undefined) {
    const isOver = (host === undefined ? undefined : step.hosts.get(host)?.phase) === 'ended'
    const why = isOver ? 'nothing ran here' : 'nothing has run here yet'
    return { rows: [strip, [word(` ${why}`, 'dim')]], right: [], total: 0 }
  }
  const view = buildOutputRows({ ring: input.ring, run, width: width - 1, height: height - 1 })
  const below = run.outputEnd === undefined || input.ring === undefined ? 0 : input.ring.end - run.outputEnd
  const rows =
    view.total === 0
      ? [[word(describeSilence(part.job, name), 'dim')]]
      : view.rows.map((row): Row => [word(' '), ...row])
  const state = describeEnd(part.job, below)
  const isCut = rows.some((row) => measureRow(row) > width)
  const right: Row = [
    word(name === '' ? '' : `${name}  `),
    ...state,
    word(cols < NAMED_KEYS_COLS ? '' : nameOtherKeys(output) + (isCut ? '  w wraps' : ''), 'dim'),
  ]
  return { rows: [strip, ...rows], right, total: view.total + 1 }
}

/** How the job ended, or whether its end is followed. */
function describeEnd(job: JobState | undefined, below: number): Row {
  if (below > 0) return [word(`${below} lines below  f follows`, 'warn')]
  if (job?.result?.kind === 'exited' && job.state === 'ended')
    return [word(`exit ${job.result.code}`, job.result.code === 0 ? 'good' : 'bad')]
  return [word('FOLLOW', 'good')]
}

/** The keys that lead to what was printed before and after, where something was. */
function nameOtherKeys({ parts, at }: ShownOutput): string {
  return `${at > 0 ? '  [ earlier' : ''}${at < parts.length - 1 ? '  ] later' : ''}`
}

function describeSilence(job: JobState | undefined, name: string): string {
  if (job?.kind === 'interactive') return ' it prints to the terminal of its person; nothing of that is kept'
  const about = name === '' ? '' : `${name}: `
  if (job === undefined || job.state === 'intent') return ` ${about}nothing printed yet`
  return job.state === 'running' ? ` ${about}no output yet` : ` ${about}no output`
}
