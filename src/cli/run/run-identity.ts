import { randomBytes } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import type { LockHolder } from '../../adapters/journal/run-lock.ts'
import type { RunStoreOptions } from '../../adapters/journal/run-store.ts'
import type { CliContext } from '../cli-context.ts'

/** Who drives: `--operator`, else the login name. */
export function selectOperator({ input, world }: Pick<CliContext, 'input' | 'world'>): string {
  return input.text('operator') ?? world.env['USER'] ?? userInfo().username
}

/** How this process opens a run. */
export function buildStoreOptions(operator: string, now: Date): RunStoreOptions {
  const holder: LockHolder = { pid: process.pid, host: hostname(), operator, since: now.toISOString() }
  return {
    session: randomBytes(4).toString('hex'),
    actor: operator,
    holder,
    // The engine learns of it by its next append, which is refused.
    onPoisoned: () => undefined,
  }
}
