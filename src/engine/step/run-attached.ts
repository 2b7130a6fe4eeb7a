import { brandAs, type Digest, type JobId } from '../../core/base/ids.ts'
import type { JobResult } from '../../core/run/events.ts'
import { requireHostStep, selectRunDirectory, type EngineContext } from '../context.ts'
import { renderFixtureRemoval, renderFixtureWrite } from '../file/write-script.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import { openJobOutput } from '../job/job-output.ts'
import { selectLink } from '../link/host-link.ts'
import type { ExecOutcome } from '../ports/transport.ts'
import { quoteShellWord } from '../remote-job/quote-shell-word.ts'
import { runCommandProbe } from '../probe/run-command-probe.ts'
import { runHttp } from '../probe/run-http.ts'
import { failHost } from './end-host.ts'
import { fillCommand } from './fill-command.ts'
import type { ActionEnd, ActionPlace } from './step-model.ts'

/** Longest that handing the script of an interactive command over may take. */
const HANDOVER_TIMEOUT_MS = 60_000

/** Runs what cannot be detached: an HTTP request that changes something, or a command with the person's terminal. */
export async function runAttached(
  context: EngineContext,
  at: ActionPlace,
  command: Digest,
): Promise<ActionEnd | JobEnd> {
  const { place, action } = at
  if (action.interactive && context.terminal === undefined) {
    await failHost(context, place, { kind: 'needs-terminal', action: action.index })
    return 'parked'
  }
  const { step, host } = place
  const attempt = requireHostStep(context, step, host).attempt!.id
  const job = brandAs<JobId>(`${attempt}.${action.index}`)
  const kind = action.kind === 'http' ? 'http' : 'interactive'
  await context.record({
    type: 'job-intended',
    step,
    host,
    attempt,
    job,
    action: action.index,
    kind,
    command,
    detached: false,
    epoch: context.epoch,
  })
  const beganMs = context.clock.monoMs()
  const result =
    kind === 'http' ? await runHttpAction(context, at, job) : await runInteractive(context, at, job)
  return recordResult(context, { at, job, result, durationMs: Math.round(context.clock.monoMs() - beganMs) })
}

type Attached = {
  readonly at: ActionPlace
  readonly job: JobId
  readonly result: AttachedResult
  readonly durationMs: number
}

async function recordResult(
  context: EngineContext,
  { at, job, result, durationMs }: Attached,
): Promise<ActionEnd | JobEnd> {
  const { step, host } = at.place
  switch (result.kind) {
    case 'unsent':
      await context.record({ type: 'job-unstarted', job, step, host, proof: 'not-sent' })
      await failHost(context, at.place, { kind: 'unreachable', cause: 'not-sent', message: result.reason })
      return 'parked'
    case 'unknown': {
      const cause = at.action.kind === 'http' ? 'no-reply' : 'lost'
      await context.record({ type: 'job-unknown', job, step, host, cause, detail: result.reason })
      return { kind: 'unknown' }
    }
    case 'ended':
      await context.record({
        type: 'job-ended',
        job,
        step,
        host,
        result: result.result,
        durationMs,
        ...result.bytes,
      })
      return { kind: 'ended', job: context.state.jobs.get(job)! }
  }
}

type AttachedResult =
  | { readonly kind: 'unsent' | 'unknown'; readonly reason: string }
  | {
      readonly kind: 'ended'
      readonly result: JobResult
      readonly bytes: { readonly outBytes: number; readonly errBytes: number; readonly outDigest?: Digest }
    }

async function runHttpAction(
  context: EngineContext,
  { place, action }: ActionPlace,
  job: JobId,
): Promise<AttachedResult> {
  const output = await openJobOutput(context, job)
  const reply = await runHttp(context, { host: place.host, timeoutMs: action.timeoutMs }, action.http!)
  if (reply.kind === 'no-reply')
    return { kind: reply.sent === false ? 'unsent' : 'unknown', reason: reply.reason }
  await output.take('stdout', reply.body)
  const { outBytes, outDigest } = await output.close()
  const code = reply.status === action.http!.status ? 0 : 1
  return { kind: 'ended', result: { kind: 'exited', code }, bytes: { outBytes, errBytes: 0, outDigest } }
}

async function runInteractive(
  context: EngineContext,
  { place, action }: ActionPlace,
  job: JobId,
): Promise<AttachedResult> {
  const command = await fillCommand(context, action.command)
  if (!command.ok) return { kind: 'unsent', reason: 'a value of the command is missing' }
  const path = `${selectRunDirectory(context, place.host) ?? '/tmp'}/${job}.sh`
  const assignments = Object.entries(command.value.variables).map(
    ([name, value]) => `${name}=${quoteShellWord(value)}\n`,
  )
  const content = `rm -f "$0"\n${assignments.join('')}${command.value.cwd === undefined ? '' : `cd ${quoteShellWord(command.value.cwd)} || exit\n`}${command.value.body}`
  const script = renderFixtureWrite({ path, content, mode: '0600', ttlSeconds: HANDOVER_TIMEOUT_MS / 1000 })
  const target = { host: place.host, timeoutMs: HANDOVER_TIMEOUT_MS, reconnectMs: action.reconnectMs }
  const probe = (body: string): ReturnType<typeof runCommandProbe> =>
    runCommandProbe(context, target, {
      body,
      interpreter: undefined,
      variables: {},
      cwd: undefined,
      as: undefined,
      holdsSecret: true,
    })
  const { end } = await probe(script)
  if (end.kind !== 'exited' || end.code !== 0)
    return { kind: 'unsent', reason: 'its script could not be handed over' }
  const outcome = await attachTerminal(context, { place, path, as: action.command.as })
  await probe(renderFixtureRemoval(path))
  if (outcome.kind === 'lost') return { kind: outcome.sent ? 'unknown' : 'unsent', reason: outcome.reason }
  if (outcome.kind === 'elevation-failed') return { kind: 'unsent', reason: outcome.reason }
  return { kind: 'ended', result: outcome, bytes: { outBytes: 0, errBytes: 0 } }
}

async function attachTerminal(
  context: EngineContext,
  { place, path, as }: { place: ActionPlace['place']; path: string; as: string | undefined },
): Promise<ExecOutcome> {
  const opened = await selectLink(context, place.host).open(context.limits.firstContactMs)
  if (!opened.ok) return { kind: 'lost', sent: false, reason: opened.failure.message }
  const terminal = context.terminal!
  const elevate = as === undefined ? '' : `sudo -u ${quoteShellWord(as)} `
  let show: ((bytes: Uint8Array) => void) | undefined
  const input = ` exec ${elevate}/bin/sh ${quoteShellWord(path)}\n`
  const handle = opened.session.exec({
    input,
    pty: terminal.size(),
    onStdout: (chunk) => show?.(chunk),
    signal: context.detach,
  })
  const attached = terminal.attach({ write: handle.write, resize: handle.resize })
  show = attached.show
  try {
    return await handle.outcome
  } finally {
    attached.release()
  }
}
