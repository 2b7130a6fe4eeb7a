import type { InputEvent } from './input-event.ts'
import { InputParser } from './input-parser.ts'
import type { Timers } from '../store/pump.ts'

/** The keyboard's side of a terminal. */
export type InputStream = {
  readonly isTTY?: boolean
  readonly setRawMode?: (isRaw: boolean) => unknown
  readonly on: (event: 'data' | 'end', listener: (chunk: Uint8Array) => void) => unknown
  readonly off: (event: 'data' | 'end', listener: (chunk: Uint8Array) => void) => unknown
  readonly resume: () => unknown
  readonly pause: () => unknown
}

export type InputReader = {
  readonly pause: () => void
  readonly resume: () => void
  /** Whether keys come here now. */
  readonly isReading: () => boolean
}

/** Reads keys in raw mode until paused; `onEnd` is told when the terminal is gone. */
export function readInput(
  stream: InputStream,
  timers: Timers,
  handlers: { onEvent: (event: InputEvent) => void; onEnd: () => void },
): InputReader {
  const parser = new InputParser()
  let cancel: (() => void) | undefined
  let isReading = false
  const emit = (events: readonly InputEvent[]): void => {
    for (const event of events) handlers.onEvent(event)
  }
  const onData = (chunk: Uint8Array): void => {
    cancel?.()
    emit(parser.feed(chunk))
    const waitMs = parser.waitMs()
    cancel = waitMs === 0 ? undefined : timers.after(waitMs, () => emit(parser.expire()))
  }
  const onEnd = (): void => handlers.onEnd()
  const resume = (): void => {
    isReading = true
    if (stream.isTTY === true) stream.setRawMode?.(true)
    stream.on('data', onData)
    stream.on('end', onEnd)
    stream.resume()
  }
  const pause = (): void => {
    isReading = false
    cancel?.()
    stream.off('data', onData)
    stream.off('end', onEnd)
    stream.pause()
    if (stream.isTTY === true) stream.setRawMode?.(false)
  }
  return { pause, resume, isReading: () => isReading }
}
