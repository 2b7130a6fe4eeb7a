import { brandAs, type HostName } from '../../core/base/ids.ts'
import { selectAwaited } from '../../core/run/decide-wait.ts'
import type { Intent } from '../../core/run/intents.ts'
import { say } from '../output/say.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Output } from '../output/output.ts'
import type { Keyboard } from './keyboard.ts'

/** What asking about waits needs. */
export type WaitAsking = {
  /** Where intents go: an engine in this process, or a runner. */
  readonly engine: Pick<Engine, 'state' | 'submit'>
  readonly keyboard: Pick<Keyboard, 'ask'>
  readonly output: Pick<Output, 'warn'>
  readonly by: string
  readonly signal: AbortSignal
}

/** While lost hosts are waited for and no question is open, a person may try them at once or end the wait. */
export function isOnlyWaiting({ engine }: Pick<WaitAsking, 'engine'>): boolean {
  return engine.state.questions.size === 0 && selectAwaited(engine.state).length > 0
}

/** Offers it once; withdrawn as soon as the hosts are back or something is asked. `changed` resolves with any news. */
export async function askAboutWaits(asking: WaitAsking, changed: () => Promise<void>): Promise<void> {
  const { engine, output, keyboard } = asking
  const hosts = selectAwaited(engine.state)
  output.warn(
    say`${hosts.join(', ')}: waited for. Type now to try at once; stop HOST, or stop alone for all, to stop waiting: what was started there goes on`,
  )
  const over = new AbortController()
  void abortWhenOver(asking, changed, over)
  while (!over.signal.aborted) {
    const line = await keyboard.ask(say`> `, { signal: over.signal })
    if (line === undefined) break
    const intent = parseWaitAnswer(line, asking.by)
    const decision = intent === undefined ? undefined : await engine.submit(intent)
    if (decision?.ok === true)
      output.warn(say`  ${intent?.type === 'try-now' ? 'trying' : 'not waited for any more'}`)
    else output.warn(say`  ${decision?.refusal.message ?? 'type now, or stop'}`, 'bad')
  }
  // Not offered again before something has changed.
  while (!over.signal.aborted)
    await new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()))
}

async function abortWhenOver(
  asking: WaitAsking,
  changed: () => Promise<void>,
  over: AbortController,
): Promise<void> {
  while (!asking.signal.aborted && isOnlyWaiting(asking)) await changed()
  over.abort()
}

/** What a typed line means; undefined where it means nothing. */
export function parseWaitAnswer(line: string, by: string): Intent | undefined {
  const [word, host, ...more] = line.trim().split(/\s+/)
  const about = host === undefined ? {} : { host: brandAs<HostName>(host) }
  if (more.length > 0) return undefined
  if (word === 'now') return { type: 'try-now', by, ...about }
  return word === 'stop' ? { type: 'stop-waiting', by, ...about } : undefined
}
