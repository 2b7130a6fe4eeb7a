import type { Duplex } from 'node:stream'
import { serveInProcess } from '../../adapters/runner/serve-runner.ts'
import { BugError } from '../../core/base/errors.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import type { SocketClient } from '../client/client-model.ts'
import type { DriveRequest } from '../run/drive-model.ts'
import { serveRun } from '../runner/serve-run.ts'
import { connectClient } from './attach-run.ts'
import { showScreen } from './show-screen.ts'

/** The longest that a timer can wait, in milliseconds: this runner ends with its screen. */
const NEVER_MS = 2 ** 31 - 1

/**
 * Drives a run in this process and shows it on the full screen, for `--inline` on a terminal. The screen is a client
 * like any other, over a pipe in memory. Leaving it lets go of the run: what runs on hosts goes on.
 */
export async function driveOnScreen(context: CliContext, request: HereRequest): Promise<CommandEnd> {
  const { client, stop } = await serveHere(context, request)
  try {
    return await showScreen(context, { client })
  } finally {
    await stop()
  }
}

export type HereRequest = DriveRequest & { readonly records: readonly JournalRecord[] }

/** A client of a runner in this process, and what lets go of the run. */
export type ServedHere = { readonly client: SocketClient; readonly stop: () => Promise<void> }

/** Drives a run in this process. */
export async function serveHere(context: CliContext, request: HereRequest): Promise<ServedHere> {
  const ready = Promise.withResolvers<() => Duplex>()
  let stop: (() => void) | undefined
  const served = serveRun(context, {
    ...request,
    idleMs: NEVER_MS,
    listen: (handlers) => {
      const server = serveInProcess(handlers)
      ready.resolve(server.connect)
      return Promise.resolve(server)
    },
    log: () => undefined,
    onTerminate: (given) => {
      stop = given
    },
  })
  const connect = await Promise.race([ready.promise, failIfOver(served)])
  const end = async (): Promise<void> => {
    stop?.()
    await served
  }
  const client = await connectClient(context, { run: request.store.run, wheel: 'ask', connect })
  if (client !== undefined) return { client, stop: end }
  await end()
  throw new BugError('a runner of this process did not greet')
}

async function failIfOver(served: Promise<number>): Promise<never> {
  await served
  throw new BugError('the runner ended before it served anybody')
}
