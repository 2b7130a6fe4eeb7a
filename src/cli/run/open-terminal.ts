import type { TerminalSize } from '../../engine/ports/terminal.ts'
import type { PersonTerminal } from '../../tui/run-client.ts'
import { createPassThrough } from '../../tui/term/pass-through.ts'
import type { CliWorld } from '../cli-world.ts'
import type { Keyboard } from '../plain/keyboard.ts'

/** The size of the terminal that this process stands on. */
export function selectTerminalSize({ env }: Pick<CliWorld, 'env'>): TerminalSize {
  const { columns = 80, rows = 24 } = process.stdout
  return { columns, rows, term: env['TERM'] ?? 'dumb' }
}

/** Hands a plain terminal to an interactive command and takes it back; questions wait meanwhile. */
export function openTerminal(world: CliWorld, keyboard: Keyboard): PersonTerminal {
  return createPassThrough({
    take: keyboard.lend,
    size: () => selectTerminalSize(world),
    stdin: world.stdin,
    print: (bytes) => void world.stdout.write(Buffer.from(bytes).toString('utf8')),
    resizes: process.stdout,
  })
}
