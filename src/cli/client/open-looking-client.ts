import { lookOnChange } from '../../adapters/files/look-on-change.ts'
import { loadRunnerInfo } from '../../adapters/runner/runner-file.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import type { CliContext } from '../cli-context.ts'
import { findDriver, isAlive } from '../history/find-driver.ts'
import { selectOperator } from '../run/run-identity.ts'
import type { SocketClient } from './client-model.ts'
import { createCorrections } from './create-corrections.ts'
import { loadLastSeen } from './last-seen.ts'
import { loadStepText } from './load-step-text.ts'
import { openJournalClient, type Driving, type DrivingNews } from './open-journal-client.ts'
import type { RunHistory } from './run-history.ts'

/** Connects to the runner of a run, without asking for the wheel; undefined where none answers. */
type Connect = (history: RunHistory) => Promise<SocketClient | undefined>

/**
 * Opens a run that no runner serves for looking on: over, driven with `--inline`, or driven by nobody. Who drives is
 * followed, and a runner that takes the run up is joined by `connect`.
 */
export async function openLookingClient(
  context: CliContext,
  history: RunHistory,
  connect: Connect,
): Promise<SocketClient> {
  const operator = selectOperator(context)
  const driver = await nameDriver(history.directory)
  return openJournalClient({
    history,
    operator,
    driving: isRunOver(history.state)
      ? { driver, follow: () => () => undefined }
      : followDriving(history, { driver, connect }),
    lastSeen: await loadLastSeen(history.directory, operator),
    stepText: loadStepText(context, history),
    corrections: createCorrections(context, history),
  })
}

/** Between two looks at who drives, in milliseconds: a driver that was killed changes no file. */
const TICK_MS = 2000
const SETTLE_MS = 100

function followDriving(
  history: RunHistory,
  { driver, connect }: { readonly driver: string | undefined; readonly connect: Connect },
): Driving {
  const { directory } = history
  const look = async (tell: (news: DrivingNews) => void): Promise<void> => {
    const info = await loadRunnerInfo(directory)
    // A runner that was killed leaves its address behind.
    const runner = info !== undefined && isAlive(info.pid) ? await connect(history) : undefined
    tell(runner === undefined ? { driver: await nameDriver(directory) } : { runner })
  }
  return {
    driver,
    follow: (tell) => {
      let isOver = false
      const stop = lookOnChange({
        settleMs: SETTLE_MS,
        tickMs: TICK_MS,
        look: async () => {
          await look((news) => {
            if (!isOver) tell(news)
            else if ('runner' in news) news.runner.detach()
          })
          return [directory]
        },
      })
      return () => {
        isOver = true
        stop()
      }
    },
  }
}

async function nameDriver(directory: string): Promise<string | undefined> {
  const holder = await findDriver(directory)
  // A run that is held here while a person decides about its edited files is driven by nobody yet.
  return holder === null || holder.pid === process.pid
    ? undefined
    : `${holder.operator} (process ${holder.pid})`
}
