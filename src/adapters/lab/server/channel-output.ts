import type { ServerChannel } from 'ssh2'
import { encodeText } from '../bytes.ts'
import type { Stream } from '../shell/stream.ts'

/** The two output streams of a channel, and a watch over how much has been sent on both. */
export type ChannelOutput = {
  readonly stdout: Stream
  readonly stderr: Stream
  /** Calls back once, when at least this many bytes have been sent. */
  afterBytes(count: number, act: () => void): void
  /** Sends nothing any more, and does not say so to whoever writes. */
  mute(): void
}

/** Turns a channel into the streams of a program; a terminal merges both and ends lines as terminals do. */
export function buildChannelOutput(channel: ServerChannel, hasTerminal: boolean): ChannelOutput {
  const watches: { readonly count: number; readonly act: () => void }[] = []
  let sentBytes = 0
  let isMuted = false
  let isClosed = false
  channel.on('close', () => {
    isClosed = true
  })
  const send = (target: { write(chunk: Buffer): unknown }, text: string): 'broken' | undefined => {
    if (isClosed) return 'broken'
    if (isMuted) return undefined
    let chunk = encodeText(hasTerminal ? text.replaceAll(/(?<!\r)\n/g, '\r\n') : text)
    const due = watches.filter((watch) => watch.count <= sentBytes + chunk.length)
    const cut = Math.min(...due.map((watch) => watch.count - sentBytes), chunk.length)
    if (due.length > 0) chunk = chunk.subarray(0, Math.max(0, cut))
    sentBytes += chunk.length
    target.write(chunk)
    for (const watch of due) {
      watches.splice(watches.indexOf(watch), 1)
      watch.act()
    }
    return undefined
  }
  return {
    stdout: { write: (text) => send(channel, text) },
    stderr: { write: (text) => send(hasTerminal ? channel : channel.stderr, text) },
    afterBytes: (count, act) => {
      if (count <= sentBytes) act()
      else watches.push({ count, act })
    },
    mute: () => {
      isMuted = true
    },
  }
}
