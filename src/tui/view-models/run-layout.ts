import type { RunStatus } from '../../core/run/state.ts'
import type { Pane, RunUi } from '../store/ui-state.ts'
import type { Size } from './view-input.ts'

/** From this width on, panes stand side by side. */
const WIDE_COLS = 110
const WIDE_ROWS = 28
/** Below this nothing sensible fits. */
export const MIN_COLS = 50
export const MIN_ROWS = 14

/** Whether a screen is too small to show more than one line that says so. */
export function isTooSmall({ cols, rows }: Size): boolean {
  return cols < MIN_COLS || rows < MIN_ROWS
}

/** Where the panes of the run screen stand: by arithmetic from the size alone. */
export type RunLayout =
  | {
      readonly kind: 'wide'
      readonly left: number
      readonly right: number
      readonly step: number
      readonly output: number
      readonly checks: number
    }
  /** A strip of the outline over one pane. */
  | {
      readonly kind: 'stacked'
      readonly strip: number
      readonly pane: Exclude<Pane, 'steps'>
      readonly height: number
    }
  | { readonly kind: 'zoomed'; readonly pane: Pane; readonly height: number }

export type LayoutInput = {
  readonly size: Size
  readonly height: number
  readonly run: RunUi
  readonly status: RunStatus
  readonly hasOutput: boolean
  readonly checks: number
  readonly steps: number
}

/** Chooses the layout of the body. */
export function layoutRun({ size, height, run, status, hasOutput, checks, steps }: LayoutInput): RunLayout {
  if (run.isZoomed) return { kind: 'zoomed', pane: run.pane, height }
  if (size.cols >= WIDE_COLS && height >= WIDE_ROWS - 5)
    return layoutWide({ cols: size.cols, height, status, checks, hasOutput })
  const wanted =
    status === 'draft' ? Math.floor(height / 2) : Math.max(3, Math.min(7, Math.floor(height * 0.3)))
  const strip = Math.min(steps, run.pane === 'steps' ? Math.max(wanted, Math.floor(height / 3)) : wanted)
  const pane = run.pane !== 'steps' ? run.pane : hasOutput && status !== 'draft' ? 'output' : 'step'
  return { kind: 'stacked', strip, pane, height: height - strip }
}

function layoutWide({
  cols,
  height,
  status,
  checks,
  hasOutput,
}: {
  cols: number
  height: number
  status: RunStatus
  checks: number
  hasOutput: boolean
}): RunLayout {
  const left =
    status === 'draft' ? Math.floor(cols * 0.48) : Math.max(42, Math.min(58, Math.floor(cols * 0.38)))
  if (status === 'draft')
    return { kind: 'wide', left, right: cols - left, step: height, output: 0, checks: 0 }
  const checksHeight = Math.max(4, Math.min(Math.floor(height * 0.28), checks + 2))
  const output = hasOutput ? Math.floor((height - checksHeight) * 0.52) : 5
  return {
    kind: 'wide',
    left,
    right: cols - left,
    step: height - checksHeight - output,
    output,
    checks: checksHeight,
  }
}
