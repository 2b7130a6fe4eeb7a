import type { Duplex } from 'node:stream'

/** Longest line either side accepts: a record has 4 KiB, an intent or a chunk of output far less than this. */
const MAX_LINE_BYTES = 4 * 1024 * 1024

/** Reads one JSON message a line; a line that is none, or too long, ends the connection. */
export function readMessages(socket: Duplex, onMessage: (message: unknown) => void): void {
  let pending = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    pending += chunk
    const lines = pending.split('\n')
    pending = lines.pop() ?? ''
    if (pending.length > MAX_LINE_BYTES) socket.destroy()
    for (const line of lines) {
      const message = parseLine(line)
      if (message === undefined) socket.destroy()
      else onMessage(message)
    }
  })
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) ?? undefined
  } catch {
    return undefined
  }
}

/** Writes one message a line; false when the other side does not keep up. */
export function writeMessage(socket: Duplex, message: object): boolean {
  return socket.destroyed ? false : socket.write(`${JSON.stringify(message)}\n`)
}
