import { sanitizeText } from '../core/base/sanitize.ts'
import type { Prompter } from '../engine/ports/prompter.ts'
import type { Terminal } from '../engine/ports/terminal.ts'
import type { Output } from './output/output.ts'
import { indent, say } from './output/say.ts'
import type { Keyboard } from './plain/keyboard.ts'

/** Answers nothing: whatever needs a person is missing, and nothing ever waits. */
export const HEADLESS_PROMPTER: Prompter = {
  askSecret: () => Promise.resolve(undefined),
  confirmHostKey: () => Promise.resolve(undefined),
  askInteractive: () => Promise.resolve(undefined),
}

/** Asks the person at a plain terminal whether a command may have it. */
export function createTerminalOffer(keyboard: Keyboard, output: Output): Terminal['offer'] {
  return async ({ host, as, isUnderWay }) => {
    const user = as === undefined ? '' : ` as ${as}`
    const state = isUnderWay === true ? 'runs already and waits for a terminal' : 'needs your terminal'
    output.warn(say`A command on ${host}${user} ${state}; what you type goes to it until it ends.`, 'strong')
    const answer = await keyboard.ask(say`Enter hands it over; no keeps it: `)
    return answer?.trim() === ''
  }
}

/** Asks the person at a plain terminal, on standard error; hidden answers are never echoed. */
export function createTerminalPrompter(keyboard: Keyboard, output: Output): Prompter {
  const askHidden = (question: string) => keyboard.ask(say`${question}: `, { hidden: true })
  return {
    async askSecret({ prompt, host, rejected, isNew }) {
      if (rejected) output.warn(say`The last answer was refused.`, 'warning')
      const question = `${prompt}${host === undefined ? '' : ` (${host})`}`
      for (;;) {
        const value = await askHidden(question)
        if (value === undefined || isNew !== true) return value
        const again = await askHidden(`${question}, once more`)
        if (again === undefined || again === value) return again
        output.warn(say`The two are not the same.`, 'warning')
      }
    },
    async confirmHostKey({ host, address, keyType, fingerprint, sameKeyAs }) {
      output.warn(say`${host} (${address}) is not known yet. It shows this ${keyType} key:`, 'strong')
      output.warn(say`    ${fingerprint}`)
      if (sameKeyAs.length > 0) output.warn(say`  The same key is known as ${sameKeyAs.join(', ')}.`)
      const answer = await keyboard.ask(say`Compare it with a source that you trust. Type yes to trust it: `)
      return answer === undefined ? undefined : answer.trim() === 'yes'
    },
    async askInteractive({ host, name, instructions, prompts }) {
      // These words come from the host: they are shown as its own.
      output.warn(say`${host} asks${name === '' ? '' : ` (${name})`}:`)
      if (instructions !== '') output.warn(indent(sanitizeText(instructions), 4))
      const answers: string[] = []
      for (const { text, echo } of prompts) {
        const answer = await keyboard.ask(say`    ${text.trim()} `, { hidden: !echo })
        if (answer === undefined) return undefined
        answers.push(answer)
      }
      return answers
    },
  }
}
