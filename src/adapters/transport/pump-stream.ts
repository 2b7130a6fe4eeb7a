import type { Readable } from 'node:stream'

export type Pump = {
  /** Resolves when the stream has ended and the last chunk was taken; rejects when the taker threw. */
  readonly done: Promise<void>
  /** Hands on nothing more, but goes on draining, so that the other stream never hangs. */
  readonly stop: () => void
}

/**
 * Reads a stream to its end, one chunk at a time: a returned promise holds the stream back until it resolves.
 * Both streams of a channel are always pumped, since they share one window.
 */
export function pumpStream(stream: Readable, take: (chunk: Uint8Array) => void | Promise<void>): Pump {
  let stopped = false
  let pending = 0
  const done = new Promise<void>((resolve, reject) => {
    let ended = false
    const settle = () => {
      if (ended && pending === 0) resolve()
    }
    const fail = (error: unknown) => {
      stopped = true
      stream.resume()
      reject(error)
    }
    const settleTaken = async (taken: Promise<void>) => {
      try {
        await taken
      } catch (error) {
        return fail(error)
      }
      pending--
      stream.resume()
      settle()
    }
    stream.on('data', (chunk: Uint8Array) => {
      if (stopped) return
      try {
        const taken = take(chunk)
        if (taken === undefined) return
        pending++
        stream.pause()
        void settleTaken(taken)
      } catch (error) {
        fail(error)
      }
    })
    const end = () => {
      ended = true
      settle()
    }
    stream.once('end', end)
    stream.once('close', end)
    stream.on('error', end)
  })
  // The caller may learn of the outcome by other means first; a rejection must not be left alone.
  done.catch(() => {})
  const stop = () => {
    stopped = true
    stream.resume()
  }
  return { done, stop }
}
