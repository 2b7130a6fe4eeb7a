import { saveRunnerInfo } from '../../adapters/runner/runner-file.ts'
import { serveRunner, type RunnerHandlers, type RunnerServer } from '../../adapters/runner/serve-runner.ts'
import { openSocketPath } from '../../adapters/runner/socket-path.ts'
import type { CliContext } from '../cli-context.ts'

/** How clients find a runner, and whom to tell once they can. */
export type SocketPlace = {
  readonly runDirectory: string
  readonly operator: string
  readonly onReady: (socket: string) => void | Promise<void>
}

/** Listens on the socket of a run and names it in the run's directory. */
export async function listenOnSocket(
  { world }: CliContext,
  { runDirectory, operator, onReady }: SocketPlace,
  handlers: RunnerHandlers,
): Promise<RunnerServer> {
  const socket = await openSocketPath(runDirectory, world.env)
  const server = await serveRunner(socket, handlers)
  const since = world.now().toISOString()
  await saveRunnerInfo(runDirectory, { pid: process.pid, socket, since, operator })
  await onReady(socket)
  return server
}
