import type { RunnerServer } from '../../adapters/runner/serve-runner.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'

/** Asks the person who drives over the socket; whatever is no fitting answer counts as none. */
export function createSocketPrompter(server: () => Pick<RunnerServer, 'ask'> | undefined): Prompter {
  const ask: RunnerServer['ask'] = async (question) => server()?.ask(question)
  return {
    async askSecret(question) {
      const value = await ask({ kind: 'secret', question })
      return typeof value === 'string' ? value : undefined
    },
    async confirmHostKey(question) {
      const value = await ask({ kind: 'host-key', question })
      return typeof value === 'boolean' ? value : undefined
    },
    async askInteractive(question) {
      const value = await ask({ kind: 'interactive', question })
      return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined
    },
  }
}
