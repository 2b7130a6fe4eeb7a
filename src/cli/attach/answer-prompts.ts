import type { Prompter } from '../../engine/ports/prompter.ts'
import type { Terminal } from '../../engine/ports/terminal.ts'
import type { Prompt, PromptAnswer, RunClient } from '../../tui/run-client.ts'

/** The person at a plain terminal. */
export type PromptPerson = { readonly prompter: Prompter; readonly offerTerminal: Terminal['offer'] }

/** Answers what connections, secrets and interactive commands ask, one prompt at a time; without a person each is declined at once. */
export function answerPrompts(client: RunClient, person: PromptPerson | undefined): () => void {
  let isAsking = false
  const next = async (): Promise<void> => {
    if (isAsking) return
    isAsking = true
    for (let [prompt] = client.prompts(); prompt !== undefined; [prompt] = client.prompts())
      client.answerPrompt(prompt.id, await ask(prompt, person))
    isAsking = false
  }
  const off = client.subscribe(() => void next())
  void next()
  return off
}

async function ask(prompt: Prompt, person: PromptPerson | undefined): Promise<PromptAnswer> {
  const prompter = person?.prompter
  switch (prompt.kind) {
    case 'secret':
      return { kind: 'secret', value: await prompter?.askSecret(prompt.question) }
    case 'host-key':
      return { kind: 'host-key', trusted: (await prompter?.confirmHostKey(prompt.question)) === true }
    case 'interactive':
      return { kind: 'interactive', values: await prompter?.askInteractive(prompt.question) }
    case 'terminal':
      return { kind: 'terminal', isGiven: (await person?.offerTerminal(prompt.question)) === true }
  }
}
