import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { HostName } from '../../core/base/ids.ts'
import type { RunState, StepState } from '../../core/run/state.ts'
import type { Extents } from '../control/model.ts'
import type { RunClient } from '../run-client.ts'
import { PANES, type Pane } from '../store/ui-state.ts'
import type { Glyphs } from '../term/glyphs.ts'
import { fitRows, span, word, type Row } from '../term/row.ts'
import { buildChecksRows } from './checks-rows.ts'
import { buildConnectionBand } from './connection-band.ts'
import { beside, framePane } from './frame-pane.ts'
import { buildOutlineRows } from './outline-rows.ts'
import { buildOutputPane } from './output-pane.ts'
import { buildReportRows } from './report-rows.ts'
import { layoutRun, type RunLayout } from './run-layout.ts'
import { selectOutput } from './select-output.ts'
import { selectShownHost, selectShownStep } from './select-place.ts'
import { selectReadBack } from './select-read-back.ts'
import { buildStepRows } from './step-rows.ts'
import type { ViewInput } from './view-input.ts'

/** On a body lower than this, what concerns the connection has one row. */
const LOW_ROWS = 14

export type BodyView = { readonly rows: readonly Row[]; readonly extents: Partial<Extents> }

/** What every pane of the run screen is about. */
type Place = {
  readonly input: ViewInput
  readonly client: RunClient
  readonly step: StepState | undefined
  readonly host: HostName | undefined
}

/** The body of the run screen, `height` rows high. */
export function buildRunBody(input: ViewInput, client: RunClient, height: number): BodyView {
  const { ui, size } = input
  const { state } = client
  if (ui.screen === 'report') return buildReport(input, client, height)
  const step = selectShownStep(state, ui.run)
  const host = step === undefined ? undefined : selectShownHost(step, ui.run)
  const place: Place = { input, client, step, host }
  const hasOutput =
    step !== undefined && selectOutput(state, step, { host, job: ui.run.job }).parts.length > 0
  const checks = step === undefined ? [] : buildChecks(place, size.cols)
  const layout = layoutRun({
    size,
    height,
    run: ui.run,
    status: state.status,
    hasOutput,
    checks: checks.length,
    steps: countOutline(state),
  })
  const band = buildConnectionBand(client, {
    cols: size.cols,
    wallMs: input.wallMs,
    more: input.glyphs.more,
    // Why a run has no process any more is told whole: a full disk stands at the end of it.
    height: height < LOW_ROWS ? 1 : client.connection().kind === 'lost' ? 4 : 2,
  })
  if (band.length > 0) {
    const rest = buildPanes(place, shrink(layout, band.length))
    return { rows: [...band, ...rest.rows], extents: rest.extents }
  }
  return buildPanes(place, layout)
}

function countOutline(state: RunState): number {
  const phases = new Set(
    [...state.steps.values()].flatMap(({ outline }) =>
      outline.phases.map((_, index) => outline.phases.slice(0, index + 1).join('\n')),
    ),
  )
  return state.steps.size + phases.size
}

function shrink(layout: RunLayout, by: number): RunLayout {
  if (layout.kind === 'wide') return { ...layout, step: layout.step - by }
  return { ...layout, height: layout.height - by }
}

function buildPanes(place: Place, layout: RunLayout): BodyView {
  const { cols } = place.input.size
  if (layout.kind === 'zoomed') {
    const pane = buildPane(place, layout.pane, { width: cols, height: layout.height })
    return { rows: pane.rows, extents: pane.extents }
  }
  if (layout.kind === 'stacked') return buildStacked(place, layout)
  const height = layout.step + layout.output + layout.checks
  const steps = buildPane(place, 'steps', { width: layout.left, height })
  const parts = (['step', 'output', 'checks'] as const)
    .filter((pane) => layout[pane] > 0)
    .map((pane) => buildPane(place, pane, { width: layout.right, height: layout[pane] }))
  return {
    rows: beside(
      steps.rows,
      parts.flatMap(({ rows }) => rows),
    ),
    extents: Object.assign({}, steps.extents, ...parts.map(({ extents }) => extents)) as Partial<Extents>,
  }
}

function buildStacked(
  place: Place,
  { strip, pane, height }: Extract<RunLayout, { kind: 'stacked' }>,
): BodyView {
  const { input, client, step } = place
  const { cols } = input.size
  const outline = buildOutlineRows({
    state: client.state,
    selected: step,
    width: cols,
    height: strip,
    glyphs: input.glyphs,
    isPlan: client.state.status === 'draft',
  })
  const shown = buildPane(place, pane, { width: cols, height, hasTabs: true })
  return {
    rows: [...fitRows(outline.rows, cols, strip), ...shown.rows],
    extents: { ...shown.extents, steps: { total: outline.total, page: strip } },
  }
}

type PaneSize = { readonly width: number; readonly height: number; readonly hasTabs?: boolean }

const PANE_TITLES: { readonly [pane in Pane]: string } = {
  steps: 'Steps',
  step: 'Step',
  output: 'Output',
  checks: 'Checks',
}

function buildPane(place: Place, pane: Pane, { width, height, hasTabs }: PaneSize): BodyView {
  const { input, step } = place
  const content = buildContent(place, pane, { width: width - 2, height: height - 2 })
  const title: Row =
    hasTabs === true
      ? buildTabs(pane, input.ui.run.pane, input.glyphs)
      : [
          word(input.ui.run.pane === pane ? input.glyphs.cursor : '', 'accent'),
          word(`${PANES.indexOf(pane) + 1} `, 'dim'),
          word(PANE_TITLES[pane], 'title'),
          // Zoomed, no outline says which step it is.
          ...((pane === 'step' || (input.ui.run.isZoomed && pane !== 'steps')) && step !== undefined
            ? [word(': '), span(sanitizeLine(step.outline.title), 'strong')]
            : []),
        ]
  const rows = framePane({
    title,
    right: content.right,
    rows: content.rows,
    width,
    height,
    isFocused: input.ui.run.pane === pane,
    glyphs: input.glyphs,
  })
  return { rows, extents: { [pane]: { total: content.total, page: Math.max(1, height - 2) } } }
}

/** The shown pane in brackets; the strip of steps has no frame of its own: a sign says that keys move in it. */
function buildTabs(shown: Pane, focused: Pane, glyphs: Glyphs): Row {
  return PANES.flatMap((pane, index): Row => {
    const label = `${index + 1} ${PANE_TITLES[pane]}`
    if (pane === shown) return [word(`[${label}]`, 'strong'), word(' ')]
    const isFocused = pane === focused
    return [word(`${isFocused ? glyphs.cursor : ' '}${label} `, isFocused ? 'accent' : 'dim'), word(' ')]
  })
}

type Content = { readonly rows: readonly Row[]; readonly right: Row; readonly total: number }

function buildContent(
  place: Place,
  pane: Pane,
  { width, height }: { width: number; height: number },
): Content {
  const { input, client, step, host } = place
  const { ui, glyphs } = input
  if (step === undefined) return { rows: [[word(' the plan has no steps', 'dim')]], right: [], total: 0 }
  if (pane === 'steps') {
    const isPlan = client.state.status === 'draft'
    const view = buildOutlineRows({ state: client.state, selected: step, width, height, glyphs, isPlan })
    return {
      rows: view.rows,
      right: [word(`${view.position}/${client.state.steps.size}`, 'dim')],
      total: view.total,
    }
  }
  if (pane === 'output') return buildOutputPane(input, client, { step, host, width, height })
  const all = pane === 'step' ? buildStepRows(input, { step, host, width }) : buildChecks(place, width)
  const start = Math.max(0, Math.min(ui.run.offsets[pane], all.length - height))
  const rows = all.slice(start, start + height)
  const right: Row =
    all.length > height ? [word(`lines ${start + 1}-${start + rows.length} of ${all.length}`, 'dim')] : []
  return { rows, right, total: all.length }
}

function buildChecks({ input, client, step, host }: Place, width: number): Row[] {
  if (step === undefined) return []
  const readBack = selectReadBack(client, step)
  return buildChecksRows({
    wallMs: input.wallMs,
    ...(readBack === undefined ? {} : { readBack }),
    step,
    host,
    text: input.texts.stepText(step.id, host),
    width,
    glyphs: input.glyphs,
  })
}

function buildReport({ ui, size, glyphs }: ViewInput, client: RunClient, height: number): BodyView {
  const all = buildReportRows(client, size.cols - 2, glyphs)
  const page = height - 2
  const start = Math.max(0, Math.min(ui.run.offsets.step, all.length - page))
  const right: Row =
    all.length > page
      ? [word(`lines ${start + 1}-${Math.min(all.length, start + page)} of ${all.length}`, 'dim')]
      : []
  const rows = framePane({
    title: [word('Report', 'title')],
    right,
    rows: all.slice(start, start + page),
    width: size.cols,
    height,
    isFocused: true,
    glyphs,
  })
  return { rows, extents: { step: { total: all.length, page }, steps: { total: all.length, page } } }
}
