import { ByteScanner, decodeUtf8, encodeAscii } from './byte-scanner.ts'
import type { Nonce } from './job-request.ts'
import { frameOf } from './render-request.ts'
import { parseReplyLine } from './reply-line.ts'
import type { ReplyLine } from './reply-line.ts'

export type ReplyStream = 'stdout' | 'stderr'

/** What a chunk of the reply told. */
export type ReplyEvent =
  /** Bytes outside of the frame (a login shell's greeting): to be shown, never to be trusted. */
  | { readonly type: 'noise'; readonly stream: ReplyStream; readonly bytes: Uint8Array }
  /** For `start`: the job is claimed and its supervisor was launched (or the id was there before). */
  | { readonly type: 'header'; readonly line: ReplyLine }
  /** Bytes of the job's own stream, next to those before. */
  | { readonly type: 'output'; readonly stream: ReplyStream; readonly bytes: Uint8Array }
  /** A line between header and trailer: one `job` per id of `status`; `path` of `base`. */
  | { readonly type: 'item'; readonly line: ReplyLine }
  | { readonly type: 'trailer'; readonly line: ReplyLine }

export interface ReceivedBytes {
  readonly out: number
  readonly err: number
}

export type LossReason = 'no-header' | 'no-trailer' | 'count-mismatch'

/** How an exchange ended. Only `complete` is the word of the host; `lost` proves nothing but the bytes received. */
export type ReplyResult =
  | {
      readonly status: 'complete'
      readonly header: ReplyLine
      readonly trailer: ReplyLine
      readonly received: ReceivedBytes
    }
  | {
      readonly status: 'lost'
      readonly reason: LossReason
      readonly header: ReplyLine | undefined
      readonly received: ReceivedBytes
    }

/** Reads one exchange's reply as it arrives. */
export interface ReplyParser {
  /** Takes the next chunk of a stream. */
  push(stream: ReplyStream, chunk: Uint8Array): readonly ReplyEvent[]
  /** True once the trailer and all announced bytes are there: no need to wait for the channel's close. */
  isComplete(): boolean
  /** To be called when the channel has closed or was given up. */
  finish(): ReplyResult
}

/** Parser of one exchange's reply; `from` are the offsets that the request asked for. */
export function createReplyParser(nonce: Nonce, from: ReceivedBytes = { out: 0, err: 0 }): ReplyParser {
  const frame = frameOf(nonce)
  const out = new StdoutReader(frame)
  const err = new StderrReader(frame)
  const finish = (): ReplyResult => {
    const received = { out: out.received, err: err.received }
    const { header, trailer } = err
    if (header === undefined) return { status: 'lost', reason: 'no-header', header, received }
    if (trailer === undefined) return { status: 'lost', reason: 'no-trailer', header, received }
    if (!hasAnnouncedBytes(trailer, from, received))
      return { status: 'lost', reason: 'count-mismatch', header, received }
    return { status: 'complete', header, trailer, received }
  }
  return {
    push: (stream, chunk) => (stream === 'stdout' ? out : err).push(chunk),
    isComplete: () => err.trailer !== undefined && finish().status === 'complete',
    finish,
  }
}

/** `sent=1` marks the trailer of a follower: its `out` and `err` are the offsets after the last byte sent. */
function hasAnnouncedBytes({ fields }: ReplyLine, from: ReceivedBytes, received: ReceivedBytes): boolean {
  if (fields['sent'] !== '1') return true
  return (
    Number(fields['out']) === from.out + received.out && Number(fields['err']) === from.err + received.err
  )
}

class StdoutReader {
  received = 0
  #isFramed = false
  readonly #scanner = new ByteScanner()
  readonly #mark: Uint8Array

  constructor(frame: string) {
    this.#mark = encodeAscii(`@${frame} begin\n`)
  }

  push(chunk: Uint8Array): readonly ReplyEvent[] {
    if (this.#isFramed) return this.#output(chunk)
    this.#scanner.push(chunk)
    const { before, isFound } = this.#scanner.takeBefore(this.#mark)
    const noise: ReplyEvent[] = before.length > 0 ? [{ type: 'noise', stream: 'stdout', bytes: before }] : []
    if (!isFound) return noise
    this.#isFramed = true
    return [...noise, ...this.#output(this.#scanner.takeAll())]
  }

  #output(bytes: Uint8Array): readonly ReplyEvent[] {
    this.received += bytes.length
    return bytes.length > 0 ? [{ type: 'output', stream: 'stdout', bytes }] : []
  }
}

class StderrReader {
  received = 0
  header: ReplyLine | undefined
  trailer: ReplyLine | undefined
  #isInLine = false
  readonly #scanner = new ByteScanner()
  readonly #mark: Uint8Array

  constructor(frame: string) {
    this.#mark = encodeAscii(`\n@${frame} `)
  }

  push(chunk: Uint8Array): readonly ReplyEvent[] {
    this.#scanner.push(chunk)
    const events: ReplyEvent[] = []
    for (;;) {
      if (!this.#isInLine) {
        const { before, isFound } = this.#scanner.takeBefore(this.#mark)
        if (before.length > 0) events.push(this.#bytes(before))
        if (!isFound) return events
        this.#isInLine = true
      }
      const text = this.#scanner.takeLine()
      if (text === undefined) return events
      this.#isInLine = false
      events.push(this.#line(parseReplyLine(decodeUtf8(text))))
    }
  }

  #bytes(bytes: Uint8Array): ReplyEvent {
    const isJobs = this.header !== undefined && this.trailer === undefined
    if (isJobs) this.received += bytes.length
    return { type: isJobs ? 'output' : 'noise', stream: 'stderr', bytes }
  }

  #line(line: ReplyLine): ReplyEvent {
    if (line.kind === 'begin') {
      this.header = line
      return { type: 'header', line }
    }
    if (line.kind === 'end') {
      this.trailer = line
      return { type: 'trailer', line }
    }
    return { type: 'item', line }
  }
}
