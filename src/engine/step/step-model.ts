import type { HostName, StepId } from '../../core/base/ids.ts'
import type { ActionWork, HostStepWork } from '../../core/plan/model.ts'

/** A host-step at work in this process. */
export type HostPlace = {
  readonly step: StepId
  readonly host: HostName
  /** Monotonic, when this process took it up. */
  readonly beganMs: number
}

/** How far this process came with a host-step. `parked` waits for somebody; `detached` goes on without us. */
export type HostStepEnd = 'ended' | 'parked' | 'detached'

/** One action of a host-step at work. */
export type ActionPlace = {
  readonly place: HostPlace
  readonly work: HostStepWork
  readonly action: ActionWork
}

/** What became of one action: on with the next, once more in a new attempt, or the host-step stops here. */
export type ActionEnd = 'next' | 'again' | HostStepEnd
