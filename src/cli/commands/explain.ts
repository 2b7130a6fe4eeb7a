import { FILE_CODES } from '../../adapters/files/file-codes.ts'
import type { CodePage } from '../../core/base/code-page.ts'
import { UsageError } from '../../core/base/errors.ts'
import { sanitizeText } from '../../core/base/sanitize.ts'
import { suggestName } from '../../core/base/suggest-name.ts'
import { EDIT_CODES } from '../../core/edit/edit-codes.ts'
import { EXPRESSION_CODES } from '../../core/expr/codes.ts'
import { INVENTORY_CODES } from '../../core/inventory/codes.ts'
import { PLAN_CODES } from '../../core/plan/codes.ts'
import { RUNBOOK_CODES } from '../../core/runbook/codes.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { requireArgument } from '../command-input.ts'
import { PREPARE_CODES } from '../prepare/prepare-codes.ts'
import { indent, say } from '../output/say.ts'

/** All codes that any command can print. */
export const ALL_CODES: readonly CodePage[] = [
  ...FILE_CODES,
  ...INVENTORY_CODES,
  ...EXPRESSION_CODES,
  ...EDIT_CODES,
  ...RUNBOOK_CODES,
  ...PLAN_CODES,
  ...PREPARE_CODES,
].toSorted((one, other) => (one.code < other.code ? -1 : 1))

/** `handrail explain CODE`: the page of one diagnostic code. */
export function runExplain({ input, output, json }: CliContext): Promise<CommandEnd> {
  const wanted = requireArgument(input, 0, 'the code').toUpperCase()
  const page = ALL_CODES.find(({ code }) => code === wanted)
  if (page === undefined) {
    const near = suggestName(
      wanted,
      ALL_CODES.map(({ code }) => code),
    )
    throw new UsageError(`there is no code ${wanted}`, [
      near === undefined
        ? 'codes look like HR2002; handrail lint FILE prints them'
        : `handrail explain ${near}`,
    ])
  }
  if (json) output.json(page)
  else printPage(page, output)
  return Promise.resolve(DONE)
}

function printPage(page: CodePage, output: CliContext['output']): void {
  output.tell(say`${page.code}: ${page.title}`, 'strong')
  output.tell(say``)
  output.tell(say`${page.explanation}`)
  output.tell(say`What to do: ${page.hint}`)
  output.tell(say``)
  output.tell(indent(sanitizeText(page.example), 4), 'quiet')
}
