import { runLine, unquote, type SimHost } from './sim-host.ts'
import type { Reply } from './sim-exchange.ts'

/** A plain exec of the engine: a probe, the reading of a file, a temporary file. */
export function serveProbe(host: SimHost, text: string, reply: Reply): void {
  const found = /<<'HANDRAIL_END_([0-9a-f]{32})'[^\n]*\n([\s\S]*)HANDRAIL_END_\1\n/.exec(text)
  if (found === null) throw new Error(`the simulated host does not know this request: ${text.slice(0, 200)}`)
  const [, nonce, body = ''] = found
  reply.out(`\n@${nonce} begin\n`)
  reply.err(`\n@${nonce} begin\n`)
  const finish = (code: number): void => {
    reply.err(`\n@${nonce} end ${code}\n`)
    reply.end(code)
  }
  if (body.includes('LC_ALL=C ls -ldL')) return finish(readFile(host, body, reply))
  if (body.includes('.watcher')) return finish(0)
  const lines = body.trim().split('\n')
  const pause = lines[0]?.startsWith('sleep ') ? Number(lines[0].slice(6)) : host.random.between(0, 3)
  host.scheduler.after(pause, () => {
    if (!host.isUp) return
    for (const line of lines) {
      const code = runLine(host, line)
      if (code !== undefined) return finish(code)
    }
    finish(0)
  })
}

function readFile(host: SimHost, body: string, reply: Reply): number {
  const path = unquote(/^f='((?:[^']|'\\'')*)'$/m.exec(body)![1]!)
  const text = host.files.get(path)
  if (text === undefined) return 3
  reply.err(`-rw-r--r-- 1 root root ${text.length} Jan  1 00:00 ${path}\n`)
  reply.out(text)
  return 0
}
