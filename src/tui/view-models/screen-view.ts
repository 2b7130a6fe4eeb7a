import type { Extents } from '../control/model.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { fitRows, word } from '../term/row.ts'
import { buildConnectionSheet } from './connection-sheet.ts'
import { buildCorrectionSheet } from './correction-sheet.ts'
import { buildEditSheet } from './edit-sheet.ts'
import { buildFooter } from './footer.ts'
import { buildFormBody } from './form-view.ts'
import { buildRunHeader } from './header.ts'
import { buildHelpView } from './help-view.ts'
import { buildHomeBody, buildHomeHeader } from './home-view.ts'
import { buildPickBody } from './pick-view.ts'
import { buildNoticeSheet, buildProblemSheet, buildPromptSheet, buildReasonSheet } from './other-sheets.ts'
import { buildQuestionSheet } from './question-sheet.ts'
import { isTooSmall, MIN_COLS, MIN_ROWS } from './run-layout.ts'
import { buildRunBody, type BodyView } from './run-view.ts'
import type { PartView, ScreenView, ViewInput } from './view-input.ts'

/** A sheet leaves so much of the screen above it in sight: on a low screen, what it says counts for more. */
const BODY_ROWS = { low: 1, high: 6 } as const
const HIGH_ROWS = 30

/** The whole screen, exactly as high and as wide as the terminal. Pure. */
export function buildScreen(input: ViewInput): ScreenView {
  const { size, ui } = input
  if (isTooSmall(size)) return buildTooSmall(input)
  const header = buildHeader(input)
  const shown = buildFooter(input)
  const footer = fitRows(shown, size.cols, shown.length)
  const room = size.rows - header.length - footer.length
  if (ui.help !== undefined) {
    const help = buildHelpView(input, room)
    return { header, body: fitRows(help.rows, size.cols, room), sheet: [], footer, extents: { help } }
  }
  const bodyRows = size.rows < HIGH_ROWS ? BODY_ROWS.low : BODY_ROWS.high
  const sheet = buildSheet(input, room - bodyRows)
  const sheetRows =
    sheet === undefined ? [] : fitRows(sheet.rows, size.cols, Math.min(sheet.rows.length, room - bodyRows))
  const bodyHeight = room - sheetRows.length
  const body = buildBody(input, room)
  const extents: Partial<Extents> = { ...body.extents, ...(sheet === undefined ? {} : { sheet }) }
  const view = {
    header,
    body: fitRows(body.rows, size.cols, room).slice(0, bodyHeight),
    sheet: sheetRows,
    footer,
    extents,
  }
  const cursor =
    sheet === undefined ? shift(body.cursor, header.length) : shift(sheet.cursor, header.length + bodyHeight)
  return cursor === undefined ? view : { ...view, cursor }
}

function shift(cursor: PartView['cursor'], by: number): PartView['cursor'] {
  return cursor === undefined ? undefined : { x: cursor.x, y: cursor.y + by }
}

function buildHeader(input: ViewInput): ScreenView['header'] {
  const { ui, client, size } = input
  const rows =
    client !== undefined && ui.screen !== 'home' && ui.form?.purpose.kind !== 'start'
      ? buildRunHeader(input, client)
      : buildHomeHeader(input)
  return fitRows(rows, size.cols, rows.length)
}

function buildBody(input: ViewInput, height: number): BodyView & { readonly cursor?: PartView['cursor'] } {
  const { ui, client } = input
  if (ui.screen === 'home' || (client === undefined && ui.screen !== 'form')) {
    const { pick } = ui.home
    const home = pick === undefined ? buildHomeBody(input, height) : buildPickBody(input, pick, height)
    return { rows: home.rows, extents: {}, cursor: home.cursor }
  }
  if (ui.screen === 'form' || client === undefined) {
    const form = buildFormBody(input, height)
    return { rows: form.rows, extents: {}, cursor: form.cursor }
  }
  return buildRunBody(input, client, height)
}

function buildSheet(input: ViewInput, maxHeight: number): PartView | undefined {
  const { ui, client } = input
  const { overlay } = ui
  if (overlay?.kind === 'notice' && overlay.what === 'problem')
    return buildProblemSheet(input, { overlay, maxHeight })
  if (overlay === undefined || client === undefined) return undefined
  switch (overlay.kind) {
    case 'question':
      return buildQuestionSheet(input, client, { overlay, maxHeight })
    case 'reason':
      return buildReasonSheet(input, overlay)
    case 'prompt':
      return buildPromptSheet(input, client, overlay)
    case 'edit':
      return buildEditSheet(input, { overlay, maxHeight })
    case 'correction':
      return buildCorrectionSheet(input, { overlay, maxHeight })
    case 'connection':
      return buildConnectionSheet(input, client, { overlay, maxHeight })
    case 'notice':
      return buildNoticeSheet(input, client, { overlay, maxHeight })
  }
}

/** One line that says what to do; the run is not touched by it. */
function buildTooSmall({ size, client }: ViewInput): ScreenView {
  const waits = (client?.state.questions.size ?? 0) > 0 ? 'needs you; ' : ''
  const text = `handrail: ${waits}enlarge to ${MIN_COLS}x${MIN_ROWS}, or q and --plain`
  return {
    header: [],
    body: fitRows(wrapSpans([word(text)], Math.max(1, size.cols)), size.cols, size.rows),
    sheet: [],
    footer: [],
    extents: {},
  }
}
