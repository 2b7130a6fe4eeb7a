import type { RunClient } from '../run-client.ts'

/** How whoever looks on comes to drive the run. */
export function sayHowToDrive(client: RunClient | undefined): string {
  return client?.isOnlyWatching === true ? `leave and type handrail open ${client.run}` : 'D takes the wheel'
}

/** How a run whose process is gone comes to have one again. */
export function sayHowToStart(client: RunClient): string {
  return client.isOnlyWatching === true ? sayHowToDrive(client) : 'D starts it anew'
}
