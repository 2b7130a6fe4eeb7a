import { UsageError } from '../../core/base/errors.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { requireArgument } from '../command-input.ts'
import { say } from '../output/say.ts'
import { openKeptRun } from '../run/open-kept-run.ts'
import { planKept } from '../run/find-edits.ts'
import { describeStartError, reportStart } from '../runner/report-start.ts'
import { listenOnSocket } from '../runner/listen-on-socket.ts'
import { buildRunnerInput, readRunnerStart } from '../runner/runner-start.ts'
import { serveRun } from '../runner/serve-run.ts'

/** `handrail runner RUN`: the process that drives a run for its clients; `run`, `resume` and `open` start it. */
export async function runRunner(given: CliContext): Promise<CommandEnd> {
  const run = requireArgument(given.input, 0, 'the run')
  // The terminal that started this may close at any time.
  process.on('SIGHUP', () => undefined)
  let isReady = false
  const onReady = (socket: string): Promise<void> => {
    isReady = true
    return reportStart({ kind: 'ready', pid: process.pid, socket })
  }
  try {
    if (given.world.stdin.isTTY === true)
      throw new UsageError('a runner is started by run, resume and open', [`handrail open ${run}`])
    const start = await readRunnerStart(given.world.stdin)
    const context: CliContext = { ...given, input: buildRunnerInput(run, start) }
    const { operator, rechecks, idleMs } = start
    const opened = await openKeptRun(context, run, operator)
    if (opened.kind === 'busy')
      throw new UsageError(`run ${run} is driven by ${opened.driver}`, [`handrail watch ${run}`])
    const { store, state, records } = opened.kept
    const prepared = await planKept(context, opened.kept)
    const epoch = records.at(-1)?.fence ?? 1
    const exitCode = await serveRun(context, {
      prepared,
      store,
      state,
      operator,
      rechecks,
      epoch,
      idleMs,
      records,
      shown: [],
      listen: (handlers) =>
        listenOnSocket(context, { runDirectory: store.directory, operator, onReady }, handlers),
      log: (line) => context.output.tell(say`${context.world.now().toISOString()} ${process.pid} ${line}`),
      onTerminate: (stop) => {
        for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop)
      },
    })
    return { exitCode, next: `handrail open ${run}` }
  } catch (error) {
    if (!isReady) await reportStart({ kind: 'failed', error: describeStartError(error) })
    throw error
  }
}
