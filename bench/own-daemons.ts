// Daemons end with the benchmark, also when it is interrupted.
import { rmSync } from 'node:fs'
import type { Sshd } from '../test/e2e/support/sshd.ts'

const running = new Set<Sshd>()

/** Remembers a daemon until it is stopped; `stopDaemons` or the end of the process stops it by its own pid. */
export function keepDaemon(sshd: Sshd): Sshd {
  if (running.size === 0) process.on('exit', killAll)
  running.add(sshd)
  return sshd
}

/** Stops daemons in an orderly way. */
export async function stopDaemons(sshds: readonly Sshd[]): Promise<void> {
  await Promise.all(sshds.map((sshd) => sshd.stop()))
  for (const sshd of sshds) running.delete(sshd)
  if (running.size === 0) process.off('exit', killAll)
}

function killAll(): void {
  for (const sshd of running) {
    sshd.killSessions()
    process.kill(sshd.pid, 'SIGKILL')
    rmSync(sshd.dir, { recursive: true, force: true })
  }
}
