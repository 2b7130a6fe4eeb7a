import type { HostName } from '../../core/base/ids.ts'
import { isUnderWay, workHosts } from '../../core/run/settled.ts'
import type { RunState } from '../../core/run/state.ts'
import type { RunClient } from '../run-client.ts'
import { selectTried } from './tried-hosts.ts'

/** What can be done about hosts that are waited for; without a host it is about all of them. */
export type WaitChoice = {
  readonly key: string
  readonly deed: 'try-now' | 'stop-waiting'
  readonly host?: HostName
  readonly label: string
  readonly cost: string
}

/** The choices, the harmless one first; none where no host is waited for. */
export function selectWaitChoices(
  client: Pick<RunClient, 'state' | 'progress'>,
  wallMs: number,
): WaitChoice[] {
  const tried = selectTried(client, wallMs)
  const [only] = tried
  if (only === undefined) return []
  const busy = selectBusyHosts(client.state)
  const now: WaitChoice = {
    key: 'try',
    deed: 'try-now',
    label: 'Try now',
    cost: tried.length === 1 ? `connects to ${only} at once` : 'connects to all of them at once',
  }
  const all: WaitChoice = {
    key: 'stop',
    deed: 'stop-waiting',
    label: 'Stop waiting for all',
    cost: `${tried.length} hosts; what runs there goes on`,
  }
  const each = tried.map((host): WaitChoice => ({
    key: `stop ${host}`,
    deed: 'stop-waiting',
    host,
    label: `Stop waiting for ${host}`,
    cost: busy.has(host) ? 'its command goes on; its end is not known' : 'nothing is known to run there',
  }))
  return tried.length === 1 ? [now, ...each] : [now, all, ...each]
}

/** The choice that the cursor is on; the first where that one is gone. */
export function selectWaitChoice(choices: readonly WaitChoice[], cursor: string): WaitChoice | undefined {
  return choices.find(({ key }) => key === cursor) ?? choices[0]
}

/** Hosts where something of the run was started and has no end that is known. */
export function selectBusyHosts(state: RunState): ReadonlySet<HostName> {
  const hosts = [...state.steps.values()]
    .flatMap(workHosts)
    .filter(
      (hostStep) => isUnderWay(hostStep) && hostStep.attempt?.jobs.some((job) => job.state === 'running'),
    )
  return new Set(hosts.map(({ host }) => host))
}
