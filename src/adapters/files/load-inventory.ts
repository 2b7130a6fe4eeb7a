import { dirname, isAbsolute, join } from 'node:path'
import type { Diagnostic } from '../../core/base/diagnostic.ts'
import { UsageError } from '../../core/base/errors.ts'
import { diagnosticAt } from '../../core/base/place.ts'
import type { Inventory, Rule } from '../../core/inventory/model.ts'
import { parseInventory } from '../../core/inventory/parse-inventory.ts'
import { parseRules } from '../../core/inventory/parse-rules.ts'
import type { TextSource } from './read-text-file.ts'
import { readSource } from './read-text-file.ts'

/** An inventory with the rules that it names, and the exact texts that a run keeps. */
export type LoadedInventory = {
  /** Absent when anything in it is an error. */
  readonly inventory: Inventory | undefined
  readonly rules: readonly Rule[]
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads an inventory and its rule files from disk. An inventory that cannot be opened is a {@link UsageError}. */
export async function loadInventory(path: string, source: TextSource): Promise<LoadedInventory> {
  const text = await readSource(source, path)
  if (!text.ok && text.missing)
    throw new UsageError(`cannot read the inventory ${path}: ${text.reason}`, ['handrail inventory FILE'])
  if (!text.ok) {
    const diagnostics = [diagnosticAt(path, START, { code: text.code, message: text.reason })]
    return { inventory: undefined, rules: [], files: [], diagnostics }
  }
  const { value, diagnostics } = parseInventory(text.text, path, source.hash)
  const found = [...diagnostics]
  const files = [{ path, text: text.text }]
  const rules: Rule[] = []
  for (const name of value?.ruleFiles ?? []) {
    const rulePath = isAbsolute(name) ? name : join(dirname(path), name)
    const ruleText = await readSource(source, rulePath)
    if (!ruleText.ok) {
      const message = `cannot read the rule file ${name}: ${ruleText.reason}`
      found.push(diagnosticAt(path, START, { code: ruleText.code, message }))
      continue
    }
    files.push({ path: rulePath, text: ruleText.text })
    const parsed = parseRules(ruleText.text, rulePath)
    found.push(...parsed.diagnostics)
    rules.push(...parsed.value)
  }
  return { inventory: value, rules, files, diagnostics: found }
}

const START = { line: 1, column: 1, offset: 0 }
