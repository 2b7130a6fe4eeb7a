import { INVENTORY } from './command-spec.ts'
import type { CommandSpec } from './command-spec.ts'

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'lint',
    arguments: '<file...>',
    summary: 'check runbooks, inventories and rule files',
    group: 'Prepare',
    options: [INVENTORY],
    examples: ['lint upgrade.md -i production.yaml', 'lint production.yaml rules/*.yaml --json'],
    load: async () => (await import('./commands/lint.ts')).runLint,
  },
  {
    name: 'explain',
    arguments: '<code>',
    summary: 'what a diagnostic code means and what to do',
    group: 'Help',
    options: [],
    examples: ['explain HR2002'],
    load: async () => (await import('./commands/explain.ts')).runExplain,
  },
  {
    name: 'inventory',
    arguments: '<inventory>',
    summary: 'validate an inventory, list its hosts, evaluate its rules',
    group: 'Prepare',
    options: [],
    examples: ['inventory production.yaml', 'inventory production.yaml --json'],
    load: async () => (await import('./commands/inventory.ts')).runInventory,
  },
]
