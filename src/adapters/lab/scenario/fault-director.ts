import { UsageError } from '../../../core/base/errors.ts'
import type { ClusterModel } from '../cluster/create-cluster.ts'
import type { ClusterDescription } from '../cluster/describe-cluster.ts'
import type { LabHost } from '../host/lab-host.ts'
import type { LabFault } from '../server/faults.ts'
import type { RunningLabHost } from '../server/start-lab-host.ts'
import { evaluateGoal } from './goals.ts'
import type { FaultKindData, Moment, ScenarioFault } from './scenario-schema.ts'

/** A program began or ended on a host. */
export type ProgramMoment = {
  readonly host: string
  readonly program: string
  readonly args: string
  readonly at: 'start' | 'end'
}

/** What faults strike. */
export type FaultPlace = {
  readonly hosts: ReadonlyMap<string, LabHost>
  readonly running: ReadonlyMap<string, RunningLabHost>
}

/** Brings the faults of a scenario about, each at its moment. */
export type FaultDirector = {
  /** From now on faults can strike; those without a moment do at once. */
  begin(place: FaultPlace, faults: readonly ScenarioFault[]): void
  add(fault: ScenarioFault): void
  /** Calls back once at a moment. */
  watch(when: Moment, act: () => void): void
  /** Calls back once at a moment. */
  watch(when: Moment, act: () => void): void
  tell(moment: ProgramMoment): void
  /** The moments so far, in order: what was started on the hosts. */
  history(): readonly ProgramMoment[]
}

/** Makes the director of one lab. */
export function createFaultDirector(options: {
  readonly cluster: ClusterModel
  readonly now: () => ClusterDescription
}): FaultDirector {
  const waiting: Waiting[] = []
  const history: ProgramMoment[] = []
  let place: FaultPlace | undefined
  const strike = (fault: ScenarioFault): void => {
    if (place !== undefined) strikeFault(fault, { ...place, cluster: options.cluster })
  }
  const add = (fault: ScenarioFault): void => {
    if (place !== undefined && !place.hosts.has(fault.fault.host))
      throw new UsageError(`a fault names the host ${fault.fault.host}, which the scenario has not`, [
        `its hosts are ${[...place.hosts.keys()].join(', ')}`,
      ])
    if (fault.when === undefined) strike(fault)
    else
      waiting.push({
        when: fault.when,
        act: () => strike(fault),
        times: fault.times ?? 1,
        passed: 0,
        struck: 0,
      })
  }
  return {
    begin: (at, faults) => {
      place = at
      faults.forEach(add)
    },
    add,
    watch: (when, act) => void waiting.push({ when, act, times: 1, passed: 0, struck: 0 }),
    history: () => history,
    tell: (moment) => {
      history.push(moment)
      if (history.length > MAX_HISTORY) history.shift()
      for (const each of waiting) {
        if (!isMoment(each.when, moment) || !holds(each.when.if, options.now)) continue
        each.passed += 1
        if (each.passed <= (each.when.skip ?? 0) || each.struck >= each.times) continue
        each.struck += 1
        each.act()
      }
    },
  }
}

/** Something that happens at a moment. */
type Waiting = {
  readonly when: Moment
  readonly act: () => void
  readonly times: number
  passed: number
  struck: number
}

/** Enough for the longest test; a lab that is used for hours must not grow. */
const MAX_HISTORY = 20_000

function isMoment(when: Moment, moment: ProgramMoment): boolean {
  return (
    when.program === moment.program &&
    (when.at ?? 'start') === moment.at &&
    (when.host === undefined || when.host === moment.host) &&
    (when.holds === undefined || moment.args.includes(when.holds))
  )
}

function holds(condition: string | undefined, now: () => ClusterDescription): boolean {
  if (condition === undefined) return true
  return evaluateGoal({ says: 'the condition of a fault', holds: condition }, now()).met
}

type StrikePlace = FaultPlace & { readonly cluster: ClusterModel }

function strikeFault(planned: ScenarioFault, { hosts, running, cluster }: StrikePlace): void {
  const { fault } = planned
  const server = running.get(fault.host)
  switch (fault.kind) {
    case 'stop-node':
      return cluster.stopNode(fault.host)
    case 'start-node':
      return void cluster.startNode(fault.host)
    case 'stale-health':
      return cluster.staleHealth(fault.host, true)
    case 'partition':
      return cluster.partition(fault.host, fault.other, { oneWay: fault.oneWay ?? false })
    case 'heal':
      return cluster.healPartition(fault.host, fault.other)
    case 'clear':
      cluster.staleHealth(fault.host, false)
      cluster.clockSkew(fault.host, 0)
      return server?.faults.clear()
    case 'reboot':
      if (fault.afterOutputBytes === undefined) return hosts.get(fault.host)?.reboot()
      break
    case 'drop-line':
      if (fault.afterOutputBytes === undefined) return server?.dropConnections()
      break
    case 'clock-skew':
      cluster.clockSkew(fault.host, fault.byMs)
      break
  }
  server?.faults.add(toLabFault(fault), triggerOf(planned))
}

function toLabFault(fault: FaultKindData): LabFault {
  const { host: _host, ...rest } = fault
  return rest as LabFault
}

/** A fault with a moment strikes the next chance after it; one without, every chance unless told. */
function triggerOf({ user, textHolds, skip, times, when }: ScenarioFault) {
  const often = times ?? (when === undefined ? undefined : 1)
  return {
    ...(user === undefined ? {} : { user }),
    ...(textHolds === undefined ? {} : { textHolds }),
    ...(skip === undefined ? {} : { skip }),
    ...(often === undefined ? {} : { times: often }),
  }
}
