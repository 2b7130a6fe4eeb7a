import { createInterface } from 'node:readline/promises'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { TextStream } from '../cli-world.ts'

/** How long what was typed before a question is thrown away, in milliseconds: a paste arrives within it. */
const TYPE_AHEAD_MS = 60

/** A person's answers, one question after the other; `undefined`: no answer (end of input, Ctrl-C). */
export type Keyboard = {
  readonly ask: (question: SafeText, options?: AskOptions) => Promise<string | undefined>
  /** Gives the keyboard to `use` once no question is open; questions wait until it is done. */
  readonly lend: (use: () => Promise<void>) => Promise<void>
  /** Withdraws the question that is open, if any: somebody else answered it, or the run ended. */
  readonly withdraw: () => void
}

/** How one question is asked. */
export type AskOptions = {
  /** Nothing of the answer is shown. */
  readonly hidden?: boolean
  /** Aborts to withdraw this question only. */
  readonly signal?: AbortSignal
}

/** What a keyboard reads from and writes to. */
export type KeyboardOptions = {
  readonly input: NodeJS.ReadStream
  readonly output: TextStream
  /** Ctrl-C while a question is open: the terminal sends no signal then. */
  readonly onInterrupt: () => void
}

/** Opens the keyboard of a terminal. What was typed before a question is shown never answers it. */
export function openKeyboard(options: KeyboardOptions): Keyboard {
  let turn: Promise<unknown> = Promise.resolve()
  const open = new Set<AbortController>()
  return {
    ask(question, { hidden = false, signal } = {}) {
      const answered = turn.then(() => {
        const controller = new AbortController()
        open.add(controller)
        const either = signal === undefined ? controller.signal : AbortSignal.any([controller.signal, signal])
        return askOnce(question, { ...options, hidden, signal: either }).finally(() =>
          open.delete(controller),
        )
      })
      turn = answered.catch(() => undefined)
      return answered
    },
    lend(use) {
      const lent = turn.then(use)
      turn = lent.catch(() => undefined)
      return lent
    },
    withdraw() {
      for (const controller of open) controller.abort()
    },
  }
}

type Asking = KeyboardOptions & { readonly hidden: boolean; readonly signal: AbortSignal }

async function askOnce(question: SafeText, asking: Asking): Promise<string | undefined> {
  if (asking.signal.aborted) return undefined
  await discardTypeAhead(asking.input)
  if (asking.signal.aborted) return undefined
  return asking.hidden ? readHidden(question, asking) : readVisible(question, asking)
}

/** Takes typed characters and does nothing with them. */
function ignore(): void {}

/** Reads and forgets what waits in the terminal. */
function discardTypeAhead(input: NodeJS.ReadStream): Promise<void> {
  input.setRawMode?.(true)
  input.on('data', ignore)
  input.resume()
  return new Promise((resolve) => {
    setTimeout(() => {
      input.off('data', ignore)
      input.pause()
      input.setRawMode?.(false)
      resolve()
    }, TYPE_AHEAD_MS)
  })
}

async function readVisible(question: SafeText, asking: Asking): Promise<string | undefined> {
  const { input, output, signal, onInterrupt } = asking
  const lines = createInterface({
    input,
    output: output as NodeJS.WriteStream,
    terminal: true,
    historySize: 0,
  })
  const closed = new Promise<undefined>((resolve) => {
    lines.once('close', () => resolve(undefined))
  })
  lines.once('SIGINT', () => {
    lines.close()
    onInterrupt()
  })
  try {
    return await Promise.race([lines.question(question, { signal }), closed])
  } catch {
    // Withdrawn.
    return undefined
  } finally {
    lines.close()
  }
}

const ENTER = new Set(['\r', '\n'])
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const CTRL_U = '\u0015'
const BACKSPACE = new Set(['\b', '\u007F'])

function readHidden(
  question: SafeText,
  { input, output, signal, onInterrupt }: Asking,
): Promise<string | undefined> {
  // The echo is off before anybody can see that there is something to type.
  input.setRawMode?.(true)
  output.write(question)
  input.setEncoding('utf8')
  input.resume()
  return new Promise((resolve) => {
    let typed: string[] = []
    const end = (answer: string | undefined): void => {
      input.off('data', onData)
      input.off('end', onEnd)
      signal.removeEventListener('abort', onEnd)
      input.pause()
      input.setRawMode?.(false)
      output.write('\n')
      resolve(answer)
    }
    const onEnd = (): void => end(undefined)
    const onData = (chunk: string): void => {
      for (const key of chunk) {
        if (ENTER.has(key)) return end(typed.join(''))
        if (key === CTRL_C) {
          end(undefined)
          return onInterrupt()
        }
        if (key === CTRL_D && typed.length === 0) return end(undefined)
        if (key === CTRL_U) typed = []
        else if (BACKSPACE.has(key)) typed.pop()
        else typed.push(key)
      }
    }
    input.on('data', onData)
    input.once('end', onEnd)
    signal.addEventListener('abort', onEnd)
  })
}
