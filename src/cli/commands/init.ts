import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { hashText } from '../../adapters/journal/hash-text.ts'
import { UsageError } from '../../core/base/errors.ts'
import { parseInventory } from '../../core/inventory/parse-inventory.ts'
import { askInventory } from '../begin/ask-inventory.ts'
import { buildInventoryText } from '../begin/build-inventory-text.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { explainNext, printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'
import { runDoctor } from './doctor.ts'

/** `handrail init [FILE]`: asks for datacenters, hosts and roles, writes a commented inventory, tries the hosts. */
export async function runInit(context: CliContext): Promise<CommandEnd> {
  const { input, output, world } = context
  const file = input.argument(0) ?? 'inventory.yaml'
  const text = buildInventoryText(await askInventory(context))
  const { value, diagnostics } = parseInventory(text, file, hashText)
  if (value === undefined) {
    printDiagnostics(diagnostics, output)
    return { exitCode: 4, next: explainNext(diagnostics) }
  }
  await writeNew(resolve(world.cwd, file), { text, file })
  output.tell(say`${file}: ${value.hosts.length} hosts in ${value.datacenters.length} datacenters.`, 'good')
  if (input.flag('skipDoctor')) return { exitCode: 0, next: `handrail doctor -i ${file}` }
  const option = (name: string) => (name === 'inventory' ? file : input.text(name))
  const end = await runDoctor({ ...context, input: { ...input, text: option, rest: () => [] } })
  return end.exitCode === 0
    ? { exitCode: 0, next: `handrail new first.md, then handrail run first.md -i ${file}` }
    : end
}

/** Writes a file that was not there; another one is never replaced. */
export async function writeNew(
  path: string,
  { text, file }: { readonly text: string; readonly file: string },
): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST') throw new UsageError(`${file} is there already`, ['name another file'])
    throw new UsageError(`${file} cannot be written: ${code ?? String(error)}`, ['name another file'])
  }
}
