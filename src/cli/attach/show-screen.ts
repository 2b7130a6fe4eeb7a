import type { RunId } from '../../core/base/ids.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import type { RunState } from '../../core/run/state.ts'
import { EXIT, selectExitCode } from '../../core/run/summary.ts'
import type { EditReview } from '../../tui/edit-review.ts'
import type { Library } from '../../tui/library.ts'
import type { RunClient } from '../../tui/run-client.ts'
import { isProblem } from '../../tui/problem.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { selectNext } from '../run/select-next.ts'
import { formatOwnCommand } from '../state-dir-option.ts'

/** Whether a person sits at a terminal that can show the screen, and did not ask for lines. */
export function wantsScreen({ world, json, input }: CliContext): boolean {
  const { stdin, stdout, env } = world
  return (
    !json &&
    !input.flag('plain') &&
    stdin.isTTY === true &&
    stdout.isTTY === true &&
    env['TERM'] !== 'dumb' &&
    env['TERM'] !== undefined
  )
}

/** What the screen begins with: a run, or what there is to choose from. */
export type ScreenStart = {
  readonly client?: RunClient
  readonly library?: Library
  /** What has to be decided about the run before it is taken up, and how it is then. */
  readonly edit?: EditReview | Promise<EditReview | undefined>
  readonly reopen?: Library['open']
  /** Aborts when there is nothing to show any more. */
  readonly leaveWhen?: AbortSignal
}

/** Shows the full screen until it is left; the run goes on. Ink is loaded here and nowhere else. */
export async function showScreen(context: CliContext, start: ScreenStart): Promise<CommandEnd> {
  const { world, input } = context
  const [{ runTui }, { detectCapabilities }] = await Promise.all([
    import('../../tui/run-tui.ts'),
    import('../../tui/term/capabilities.ts'),
  ])
  let { client } = start
  const { reopen } = start
  const exit = await runTui({
    ...start,
    ...(reopen === undefined
      ? {}
      : {
          reopen: async (run, answer) => {
            const opened = await reopen(run, answer)
            if (!isProblem(opened) && opened.edit === undefined) ({ client } = opened)
            return opened
          },
        }),
    command: formatOwnCommand(input.text('stateDir')),
    streams: { stdin: world.stdin, stdout: world.stdout as NodeJS.WriteStream },
    capabilities: detectCapabilities(world.env, {
      ...(input.flag('ascii') ? { ascii: true } : {}),
      ...(input.flag('color') ? {} : { color: false }),
    }),
  })
  client?.detach()
  if (client === undefined) return { exitCode: 0 }
  if (exit === 'undecided') return { exitCode: 3, next: `handrail open ${client.run}`, isTold: true }
  return selectScreenEnd(client.run, client.state)
}

/** The screen has said already how the run stands and what to type next. */
function selectScreenEnd(run: RunId, state: RunState): CommandEnd {
  const isOver = isRunOver(state)
  const exitCode = isOver ? selectExitCode(state) : EXIT.interrupted
  return { exitCode, next: isOver ? selectNext(run, state) : `handrail open ${run}`, isTold: true }
}
