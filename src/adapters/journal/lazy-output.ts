import { EnvironmentError } from '../../core/base/errors.ts'
import { hashText } from './hash-text.ts'
import type { OutputSummary, OutputWriter } from './output-layout.ts'

/** What is told of a stream that never had a byte; nothing of it stands on the disk. */
export const EMPTY_OUTPUT: OutputSummary = { bytes: 0, lines: 0, droppedBytes: 0, digest: hashText('') }

/**
 * A stream that has nothing on the disk until its first byte: most streams end without one, and a directory with
 * its files costs a dozen syncs. `open` makes them; it is called at most once.
 */
export function openLazyOutput(directory: string, open: () => Promise<OutputWriter>): OutputWriter {
  let opening: Promise<OutputWriter> | undefined
  let ended: string | undefined
  const refuse = (): void => {
    if (ended !== undefined) throw new EnvironmentError(`the output in ${directory} ${ended}`)
  }
  let writer: OutputWriter | undefined
  return {
    append: async (bytes) => {
      refuse()
      if (bytes.length === 0) return undefined
      opening ??= open()
      writer = await opening
      return writer.append(bytes)
    },
    flush: async () => {
      refuse()
      return opening === undefined ? 0 : (await opening).flush()
    },
    offset: () => writer?.offset() ?? 0,
    finish: async () => {
      refuse()
      if (opening !== undefined) return (await opening).finish()
      ended = 'has ended'
      return EMPTY_OUTPUT
    },
    close: async () => {
      if (opening === undefined) ended ??= 'is closed'
      else await (await opening).close()
    },
  }
}
