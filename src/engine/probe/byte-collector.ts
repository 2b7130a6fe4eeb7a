/** Collects bytes up to a limit; what comes later is counted, not kept. */
export type ByteCollector = {
  readonly add: (chunk: Uint8Array) => void
  readonly bytes: () => Uint8Array
  readonly isOver: () => boolean
}

/** Makes a collector that keeps at most `maxBytes`. */
export function createByteCollector(maxBytes: number): ByteCollector {
  const chunks: Uint8Array[] = []
  let size = 0
  return {
    add: (chunk) => {
      const room = Math.max(0, maxBytes - size)
      if (room > 0) chunks.push(chunk.length > room ? chunk.slice(0, room) : chunk)
      size += chunk.length
    },
    bytes: () => {
      if (chunks.length === 1) return chunks[0]!
      const joined = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
      let at = 0
      for (const chunk of chunks) {
        joined.set(chunk, at)
        at += chunk.length
      }
      return joined
    },
    isOver: () => size > maxBytes,
  }
}
