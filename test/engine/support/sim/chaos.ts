import type { HostName } from '../../../../src/core/base/ids.ts'
import type { Random } from './random.ts'
import { killSupervisor, loseStorage, rebootHost, type SimHost } from './sim-host.ts'
import type { SimTool, SimWorld } from './sim-world.ts'

/** Shares per step of the scheduler; each run has its own mix. */
export type Faults = {
  readonly crash: number
  readonly line: number
  readonly outage: number
  readonly reboot: number
  readonly storage: number
  readonly supervisor: number
  readonly person: number
  readonly drift: number
  readonly detach: number
  readonly lock: number
  /** Steps of the scheduler after which nothing bad happens any more. */
  readonly untilStep: number
}

export function chooseFaults(random: Random): Faults {
  const some = (share: number, most: number): number => (random.chance(share) ? random.next() * most : 0)
  return {
    crash: some(0.7, 0.01),
    line: some(0.6, 0.02),
    outage: some(0.4, 0.004),
    reboot: some(0.3, 0.002),
    storage: some(0.2, 0.001),
    supervisor: some(0.3, 0.005),
    person: some(0.3, 0.003),
    drift: some(0.2, 0.002),
    detach: some(0.2, 0.002),
    lock: some(0.15, 0.001),
    untilStep: random.between(100, 4000),
  }
}

/** Lets something bad happen, or not; true when the tool is dead. */
export function doHarm(world: SimWorld, tool: SimTool, faults: Faults): boolean {
  const { random, scheduler, network } = world
  const host = (): SimHost => random.pick([...world.hosts.values()].filter(({ name }) => name !== 'local'))
  const disconnect = (name: string): void => tool.transport.breakLine(name)
  if (random.chance(faults.line)) disconnect(host().name)
  if (random.chance(faults.outage)) {
    const { name } = host()
    network.down.add(name)
    disconnect(name)
    scheduler.after(random.pick([200, 5000, 60_000, 20 * 60_000]), () => network.down.delete(name))
  }
  if (random.chance(faults.reboot)) {
    const victim = host()
    disconnect(victim.name)
    rebootHost(victim, random.between(100, 60_000))
  }
  if (random.chance(faults.storage)) loseStorage(host())
  if (random.chance(faults.supervisor)) killSupervisor(host(), random.chance(0.5))
  if (random.chance(faults.drift)) driftAway(host(), random)
  if (random.chance(faults.lock)) lockForOther(host())
  if (random.chance(faults.person)) interfere(world, tool)
  if (random.chance(faults.detach)) tool.engine.detach()
  if (!random.chance(faults.crash)) return false
  tool.kill()
  return true
}

function driftAway(host: SimHost, random: Random): void {
  const keys = [...host.counters.keys()]
  if (keys.length > 0) host.counters.set(random.pick(keys), 0)
  const paths = [...host.files.keys()].filter((path) => path.startsWith('/etc/'))
  if (paths.length > 0) host.files.set(random.pick(paths), `somebody else wrote this ${random.int(100)}\n`)
}

function lockForOther(host: SimHost): void {
  host.lock ??= { mode: 'lock', run: 'other-0002', holder: 'bob', since: '1' }
}

/** What a person does without being asked. */
function interfere(world: SimWorld, tool: SimTool): void {
  const { random } = world
  const { engine, state } = tool
  const submit = (intent: Parameters<typeof engine.submit>[0]): void =>
    void engine.submit(intent).catch(() => undefined)
  const running = [...state.jobs.values()].filter((job) => job.state === 'running')
  switch (random.int(9)) {
    case 0:
    case 1:
      return submit({ type: 'pause', by: 'ann' })
    case 2:
      return submit({
        type: 'exclude-host',
        by: 'ann',
        host: random.pick([...world.hosts.keys()]) as HostName,
        reason: 'bad disk',
      })
    case 3:
      if (random.chance(0.2)) submit({ type: 'abort', by: 'ann', reason: 'enough' })
      return
    case 4:
      return submit({ type: 'stop-waiting', by: 'ann' })
    default:
      if (running.length > 0) {
        const { step, host } = random.pick(running)
        submit({ type: 'cancel-job', by: 'ann', step, host })
      }
  }
}
