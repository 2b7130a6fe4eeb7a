import { sanitizeText } from '../../core/base/sanitize.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'

/** `handrail keys`: the key bindings of the screen, from the table that the screen itself uses. */
export async function runKeys({ output }: CliContext): Promise<CommandEnd> {
  const { formatKeyTable } = await import('../../tui/view-models/help-view.ts')
  output.document(sanitizeText(formatKeyTable()))
  return DONE
}
