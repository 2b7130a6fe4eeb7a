import type { JobId } from '../../core/base/ids.ts'
import type { ActionWork } from '../../core/plan/model.ts'
import { selectRunDirectory, type EngineContext } from '../context.ts'
import { renderFixtureRemoval, renderFixtureWrite } from '../file/write-script.ts'
import { selectLink } from '../link/host-link.ts'
import type { Terminal } from '../ports/terminal.ts'
import type { ExecOutcome } from '../ports/transport.ts'
import { quoteShellWord } from '../remote-job/quote-shell-word.ts'
import { runCommandProbe } from '../probe/run-command-probe.ts'
import { fillCommand, type ExactCommand } from './fill-command.ts'
import type { HostPlace } from './step-model.ts'

/** Longest that handing the script of an interactive command over may take. */
const HANDOVER_TIMEOUT_MS = 60_000
/** Characters of a name in a directory that others write to as well: not to be guessed. */
const SCRIPT_NAME_LENGTH = 20

/** How an interactive command ended; `unsent` proves that nothing of it reached the host. */
export type InteractiveEnd =
  | { readonly kind: 'unsent' | 'unknown'; readonly reason: string }
  | {
      readonly kind: 'ended'
      readonly result: Extract<ExecOutcome, { readonly kind: 'exited' | 'signalled' }>
    }

export type Interactive = {
  readonly place: HostPlace
  readonly fence: ActionWork
  readonly job: JobId
  readonly terminal: Terminal
}

/** Runs a command on the person's terminal, which it has until it ends. Its output is shown and not kept. */
export async function runInteractive(
  context: EngineContext,
  { place, fence, job, terminal }: Interactive,
): Promise<InteractiveEnd> {
  const command = await fillCommand(context, fence.command)
  if (!command.ok) return { kind: 'unsent', reason: 'a value of the command is missing' }
  const { path, writer } = selectScriptPlace(context, { place, fence }, job)
  const script = renderFixtureWrite({
    path,
    content: renderInteractiveScript(command.value),
    mode: '0600',
    ttlSeconds: HANDOVER_TIMEOUT_MS / 1000,
  })
  const target = { host: place.host, timeoutMs: HANDOVER_TIMEOUT_MS, reconnectMs: fence.reconnectMs }
  const probe = (body: string): ReturnType<typeof runCommandProbe> =>
    runCommandProbe(context, target, {
      body,
      interpreter: undefined,
      variables: {},
      cwd: undefined,
      as: writer,
      holdsSecret: true,
    })
  const { end } = await probe(script)
  if (end.kind !== 'exited' || end.code !== 0)
    return { kind: 'unsent', reason: 'its script could not be handed over' }
  const outcome = await attachTerminal(context, { place, path, as: fence.command.as, terminal })
  await probe(renderFixtureRemoval(path))
  if (outcome.kind === 'lost') return { kind: outcome.sent ? 'unknown' : 'unsent', reason: outcome.reason }
  if (outcome.kind === 'elevation-failed') return { kind: 'unsent', reason: outcome.reason }
  return { kind: 'ended', result: outcome }
}

/** Only its own user reads the script: that of the connection and root share one, any other has it in a place of its own. */
function selectScriptPlace(
  context: EngineContext,
  { place, fence }: Pick<Interactive, 'place' | 'fence'>,
  job: JobId,
): { readonly path: string; readonly writer: string | undefined } {
  const { as } = fence.command
  if (as === undefined || as === 'root')
    return { path: `${selectRunDirectory(context, place.host) ?? '/tmp'}/${job}.sh`, writer: undefined }
  return { path: `/tmp/handrail-${context.clock.randomToken(SCRIPT_NAME_LENGTH)}.sh`, writer: as }
}

/** Removes itself first: what it holds is gone while it runs. */
function renderInteractiveScript({ variables, cwd, body }: ExactCommand): string {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${quoteShellWord(value)}\n`)
  const directory = cwd === undefined ? '' : `cd ${quoteShellWord(cwd)} || exit\n`
  return `rm -f "$0"\n${assignments.join('')}${directory}${body}`
}

type Attachment = {
  readonly place: HostPlace
  readonly path: string
  readonly as: string | undefined
  readonly terminal: Terminal
}

async function attachTerminal(
  context: EngineContext,
  { place, path, as, terminal }: Attachment,
): Promise<ExecOutcome> {
  const opened = await selectLink(context, place.host).open(context.limits.firstContactMs)
  if (!opened.ok) return { kind: 'lost', sent: false, reason: opened.failure.message }
  const elevate = as === undefined ? '' : `sudo -u ${quoteShellWord(as)} `
  let show: ((bytes: Uint8Array) => void) | undefined
  const input = ` exec ${elevate}/bin/sh ${quoteShellWord(path)}\n`
  const handle = opened.session.exec({
    input,
    pty: terminal.size(),
    onStdout: (chunk) => show?.(chunk),
    signal: context.detach,
  })
  const attached = terminal.attach({ host: place.host, write: handle.write, resize: handle.resize })
  show = attached.show
  try {
    return await handle.outcome
  } finally {
    attached.release()
  }
}
