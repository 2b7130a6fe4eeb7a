import type { Digest } from '../../core/base/ids.ts'
import { displayRendered } from '../../core/expr/rendered-text.ts'
import type { EngineContext } from '../context.ts'
import type { ActionPlace } from './step-model.ts'

/** The command as it is shown and recorded: exact bytes, secrets by name. */
export function putCommand(context: EngineContext, { action }: ActionPlace): Promise<Digest> {
  const { body, interpreter, as, cwd } = action.command
  const head = [
    as === undefined ? '' : `# as ${as}\n`,
    cwd === undefined ? '' : `# in ${cwd}\n`,
    interpreter === undefined ? '' : `# ${displayRendered(interpreter)}\n`,
  ]
  const shown = action.http === undefined ? displayRendered(body) : displayRendered(action.http.request)
  return context.store.putValue(`${head.join('')}${shown}`)
}
