import type { ActionWork } from '../../core/plan/model.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import { renderFileWrite } from '../file/write-script.ts'
import { prepareBase } from '../job/prepare-base.ts'
import type { JobSpec } from '../remote-job/job-request.ts'
import { fillCommand, type Filled } from './fill-command.ts'
import { selectBackupPath } from './restore-file.ts'
import type { HostPlace } from './step-model.ts'

/** A file's new content; absent for a command. */
export type FileContent = {
  readonly content: string
  readonly holdsSecret: boolean
  readonly place: HostPlace
}

/** Builds what the host runs: the exact bytes, with secrets that go over standard input only. */
export async function buildSpec(
  context: EngineContext,
  action: ActionWork,
  file?: FileContent,
): Promise<Filled<JobSpec>> {
  const kill = action.onTimeout === 'kill' ? { killAfterSeconds: Math.ceil(action.timeoutMs / 1000) } : {}
  if (file !== undefined) return buildFileSpec(context, action, file)
  const command = await fillCommand(context, action.command)
  if (!command.ok) return command
  const { body, interpreter, cwd, variables } = command.value
  return {
    ok: true,
    value: {
      body,
      env: variables,
      isBodySecret: interpreter !== undefined && command.value.holdsSecret,
      ...(interpreter === undefined ? {} : { interpreter }),
      ...(cwd === undefined ? {} : { cwd }),
      ...kill,
    },
  }
}

async function buildFileSpec(
  context: EngineContext,
  action: ActionWork,
  { content, holdsSecret, place }: FileContent,
): Promise<Filled<JobSpec>> {
  const prepared = await prepareBase(context, {
    host: place.host,
    as: action.command.as,
    reconnectMs: action.reconnectMs,
  })
  if (!prepared.ok) return prepared
  const attempt = requireHostStep(context, place.step, place.host).attempt!.id
  const written = { host: place.host, attempt, action: action.index }
  const backup = selectBackupPath(context, written, prepared.base)
  return {
    ok: true,
    value: { body: renderFileWrite(action.file!, content, backup), isBodySecret: holdsSecret },
  }
}
