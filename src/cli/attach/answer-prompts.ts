import type { Prompter } from '../../engine/ports/prompter.ts'
import type { Prompt, PromptAnswer, RunClient } from '../../tui/run-client.ts'

/** Answers what connections and secrets ask, one prompt at a time; without a prompter each is declined at once. */
export function answerPrompts(client: RunClient, prompter: Prompter | undefined): () => void {
  let isAsking = false
  const next = async (): Promise<void> => {
    if (isAsking) return
    isAsking = true
    for (let [prompt] = client.prompts(); prompt !== undefined; [prompt] = client.prompts())
      client.answerPrompt(prompt.id, await ask(prompt, prompter))
    isAsking = false
  }
  const off = client.subscribe(() => void next())
  void next()
  return off
}

async function ask(prompt: Prompt, prompter: Prompter | undefined): Promise<PromptAnswer> {
  switch (prompt.kind) {
    case 'secret':
      return { kind: 'secret', value: await prompter?.askSecret(prompt.question) }
    case 'host-key':
      return { kind: 'host-key', trusted: (await prompter?.confirmHostKey(prompt.question)) === true }
    case 'interactive':
      return { kind: 'interactive', values: await prompter?.askInteractive(prompt.question) }
  }
}
