import { resolve } from 'node:path'
import { loadInventory } from '../../adapters/files/load-inventory.ts'
import { loadRunbook } from '../../adapters/files/load-runbook.ts'
import { readTextFile } from '../../adapters/files/read-text-file.ts'
import { hashText } from '../../adapters/journal/hash-text.ts'
import { hasErrors } from '../../core/base/diagnostic.ts'
import type { Diagnostic } from '../../core/base/diagnostic.ts'
import { UsageError } from '../../core/base/errors.ts'
import type { Inventory } from '../../core/inventory/model.ts'
import { parseRules } from '../../core/inventory/parse-rules.ts'
import { lintRunbook } from '../../core/runbook/lint-runbook.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { countDiagnostics, explainNext, formatCount, printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'

/** `handrail lint FILE…`: says what is wrong in runbooks, inventories and rule files; touches no host. */
export async function runLint(context: CliContext): Promise<CommandEnd> {
  const { input, output, json } = context
  const files = input.rest(0)
  const inventoryPath = input.text('inventory')
  const disk = { cwd: context.world.cwd, hash: hashText }
  const loaded = inventoryPath === undefined ? undefined : await loadInventory(inventoryPath, disk)
  const found: Diagnostic[] = [...(loaded?.diagnostics ?? [])]
  for (const file of files) found.push(...(await lintFile(file, disk, loaded?.inventory)))
  const diagnostics = withoutRepeats(found)
  if (json) output.json(diagnostics.map(selectShape))
  else printDiagnostics(diagnostics, output)
  const summary = say`${formatCount(files.length, 'file')}: ${countDiagnostics(diagnostics)}`
  output.tell(summary, hasErrors(diagnostics) ? 'bad' : 'good')
  return hasErrors(diagnostics) ? { exitCode: 4, next: explainNext(diagnostics) } : DONE
}

type Disk = Parameters<typeof loadRunbook>[1]

async function lintFile(
  path: string,
  disk: Disk,
  inventory: Inventory | undefined,
): Promise<readonly Diagnostic[]> {
  if (!/\.ya?ml$/i.test(path)) return lintRunbookFile(path, disk, inventory)
  const text = await readTextFile(resolve(disk.cwd, path))
  if (!text.ok && text.missing)
    throw new UsageError(`cannot read ${path}: ${text.reason}`, ['handrail lint FILE'])
  // A rule file is a list; anything else is taken for an inventory, whose parser says what is wrong.
  if (text.ok && /^(?:\s*(?:#.*|---.*)?\n)*\s*[-[]/.test(text.text))
    return parseRules(text.text, path).diagnostics
  return (await loadInventory(path, disk)).diagnostics
}

async function lintRunbookFile(
  path: string,
  disk: Disk,
  inventory: Inventory | undefined,
): Promise<readonly Diagnostic[]> {
  const { value, diagnostics } = await loadRunbook(path, disk)
  const options = inventory === undefined ? {} : { inventory }
  const runbooks = [...(value?.linked.runbooks.values() ?? [])]
  return [...diagnostics, ...runbooks.flatMap((runbook) => lintRunbook(runbook, options))]
}

/** A runbook that several others call is reported once. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [JSON.stringify(each), each])).values()]
}

function selectShape({ file, line, column, severity, code, message, hint }: Diagnostic) {
  return { file, line, column, severity, code, message, hint: hint ?? '' }
}
