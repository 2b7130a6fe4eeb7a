import type { RunnerServer } from '../../adapters/runner/serve-runner.ts'
import { BugError } from '../../core/base/errors.ts'
import type { Terminal } from '../../engine/ports/terminal.ts'

/** The terminal of the person who drives, wherever they are connected from; nobody's before the runner listens. */
export function createSocketTerminal(server: () => Pick<RunnerServer, 'terminal'> | undefined): Terminal {
  const require = (): Terminal => {
    const terminal = server()?.terminal
    if (terminal === undefined) throw new BugError('a terminal that nobody offered')
    return terminal
  }
  return {
    offer: async (question) => (await server()?.terminal.offer(question)) === true,
    size: () => require().size(),
    attach: (input) => require().attach(input),
  }
}
