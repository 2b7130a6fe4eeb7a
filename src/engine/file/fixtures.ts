import { formatExitCode } from '../../core/base/format-exit-code.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { HostName } from '../../core/base/ids.ts'
import type { FixtureWork } from '../../core/plan/model.ts'
import type { EngineContext } from '../context.ts'
import { runCommandProbe } from '../probe/run-command-probe.ts'
import { fillText } from '../step/fill-command.ts'
import { renderFixtureRemoval, renderFixtureWrite } from './write-script.ts'

/** Longest that writing or removing a temporary file may take. */
const FIXTURE_TIMEOUT_MS = 60_000

/** A temporary file outlives the step's own time by this much at most, should everybody else be gone. */
const WATCHER_MARGIN_MS = 60_000

type Target = {
  readonly host: HostName
  readonly reconnectMs: number
  /** Longest that the step may need the files. */ readonly neededMs: number
}

/** Writes the temporary files of a step, in order; the first that cannot be written is the failure. */
export async function writeFixtures(
  context: EngineContext,
  target: Target,
  fixtures: readonly FixtureWork[],
): Promise<Failure | undefined> {
  for (const fixture of fixtures) {
    const failure = await writeFixture(context, target, fixture)
    if (failure !== undefined) return failure
  }
  return undefined
}

async function writeFixture(
  context: EngineContext,
  target: Target,
  fixture: FixtureWork,
): Promise<Failure | undefined> {
  const path = await fillText(context, fixture.path)
  if (!path.ok) return path.failure
  const content = await fillText(context, fixture.content)
  if (!content.ok) return content.failure
  const ttlSeconds = Math.ceil((target.neededMs + WATCHER_MARGIN_MS) / 1000)
  const { mode, owner, group } = fixture
  const who = { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) }
  const body = renderFixtureWrite({
    path: path.value.text,
    content: content.value.text,
    mode,
    ttlSeconds,
    ...who,
  })
  const end = await runScript(context, target, { body, as: fixture.as })
  if (end.kind === 'exited' && end.code === 0) return undefined
  if (end.kind === 'elevation-failed') return { kind: 'elevation', reason: end.reason }
  if (end.kind === 'failed' || end.kind === 'lost')
    return { kind: 'unreachable', cause: end.kind, message: end.reason }
  return {
    kind: 'fixture',
    path: path.value.text,
    reason: end.kind === 'exited' ? formatExitCode(end.code) : end.kind,
  }
}

/** Removes the temporary files of a step, whatever happened; a host out of reach has its own watcher. */
export async function removeFixtures(
  context: EngineContext,
  target: Target,
  fixtures: readonly FixtureWork[],
): Promise<void> {
  for (const fixture of fixtures) {
    const path = await fillText(context, fixture.path)
    if (path.ok)
      await runScript(
        context,
        { ...target, reconnectMs: 0 },
        { body: renderFixtureRemoval(path.value.text), as: fixture.as },
      )
  }
}

async function runScript(
  context: EngineContext,
  target: Target,
  script: { readonly body: string; readonly as: string | undefined },
): Promise<Awaited<ReturnType<typeof runCommandProbe>>['end']> {
  const command = {
    body: script.body,
    interpreter: undefined,
    variables: {},
    cwd: undefined,
    as: script.as,
    holdsSecret: true,
  }
  const facts = await runCommandProbe(
    context,
    { host: target.host, timeoutMs: FIXTURE_TIMEOUT_MS, reconnectMs: target.reconnectMs },
    command,
  )
  return facts.end
}
