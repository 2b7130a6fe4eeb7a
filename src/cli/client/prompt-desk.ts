import type { RunnerQuestion } from '../../adapters/runner/messages.ts'
import type { Prompt, PromptAnswer } from '../../tui/run-client.ts'

/** Questions of connections and secrets that wait for the person at a screen. */
export type PromptDesk = {
  readonly prompts: () => readonly Prompt[]
  readonly answerPrompt: (id: string, answer: PromptAnswer) => void
  /** Resolves with the value that a runner expects; undefined when it was declined or `over` came first. */
  readonly ask: (question: RunnerQuestion, over: AbortSignal) => Promise<unknown>
}

/** Makes an empty desk; `changed` is told when a prompt comes or goes. */
export function createPromptDesk(changed: () => void): PromptDesk {
  const waiting = new Map<string, { readonly prompt: Prompt; readonly resolve: (value: unknown) => void }>()
  let nextId = 1
  const settle = (id: string, value: unknown): void => {
    const found = waiting.get(id)
    if (found === undefined) return
    waiting.delete(id)
    found.resolve(value)
    changed()
  }
  return {
    prompts: () => [...waiting.values()].map(({ prompt }) => prompt),
    answerPrompt: (id, answer) => settle(id, selectValue(answer)),
    ask: (question, over) =>
      new Promise((resolve) => {
        if (over.aborted) return resolve(undefined)
        const id = `p${nextId}`
        nextId += 1
        waiting.set(id, { prompt: { id, ...question }, resolve })
        over.addEventListener('abort', () => settle(id, undefined))
        changed()
      }),
  }
}

function selectValue(answer: PromptAnswer): unknown {
  switch (answer.kind) {
    case 'secret':
      return answer.value
    case 'host-key':
      return answer.trusted
    case 'interactive':
      return answer.values
    case 'terminal':
      return answer.isGiven || undefined
  }
}
