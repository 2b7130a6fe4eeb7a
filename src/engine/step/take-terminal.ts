import type { EngineContext } from '../context.ts'
import type { Terminal, TerminalQuestion } from '../ports/terminal.ts'

/** The person's terminal, for one command. */
export type TakenTerminal = { readonly terminal: Terminal; readonly giveBack: () => void }

/**
 * Waits until no other command has the person's terminal, then asks for it. Undefined: nobody with one is there, they
 * declined, or this process lets go.
 */
export async function takeTerminal(
  context: EngineContext,
  question: TerminalQuestion,
): Promise<TakenTerminal | undefined> {
  const { terminal } = context
  if (terminal === undefined) return undefined
  const turn = context.terminalTurns.take()
  const { step, host } = question
  context.observer.onProgress({ step, host, text: 'waits for your terminal' })
  const { promise: detached, resolve } = Promise.withResolvers<false>()
  const onDetach = (): void => resolve(false)
  context.detach.addEventListener('abort', onDetach, { once: true })
  if (context.detach.aborted) onDetach()
  const isFree = await Promise.race([turn.isMine.then(() => true), detached])
  const isOurs = isFree && (await Promise.race([terminal.offer(question), detached]))
  context.detach.removeEventListener('abort', onDetach)
  if (isOurs) return { terminal, giveBack: turn.end }
  turn.end()
  return undefined
}
