import type { Digest, HostName, StepId } from '../../core/base/ids.ts'
import type { Model } from '../control/model.ts'
import type { Extents } from '../control/model.ts'
import type { StepText } from '../run-client.ts'
import type { Glyphs } from '../term/glyphs.ts'
import type { Row } from '../term/row.ts'

export type Size = { readonly cols: number; readonly rows: number }

/** All that a screen is made of: the same input gives the same rows. */
export type ViewInput = Model & {
  readonly size: Size
  readonly glyphs: Glyphs
  /** Wall clock, for what people call the time. */
  readonly wallMs: number
  readonly texts: TextSource
}

/** Texts that are read in the background; undefined until they are there, and then the screen is drawn again. */
export type TextSource = {
  readonly stepText: (step: StepId, host: HostName | undefined) => StepText | undefined
  readonly value: (digest: Digest) => string | undefined
  /** Markdown as rows; before its parser is loaded, plain text. */
  readonly renderMarkdown: (text: string, width: number) => readonly Row[]
}

/** A whole screen: the parts stand under each other and are together as high as the screen. */
export type ScreenView = {
  readonly header: readonly Row[]
  readonly body: readonly Row[]
  readonly sheet: readonly Row[]
  readonly footer: readonly Row[]
  /** Where text is typed, from the top left. */
  readonly cursor?: { readonly x: number; readonly y: number }
  readonly extents: Partial<Extents>
}

/** A part of the body: its rows, how much there is to scroll, and where text is typed in it. */
export type PartView = {
  readonly rows: readonly Row[]
  readonly total: number
  readonly page: number
  readonly cursor?: { readonly x: number; readonly y: number }
}
