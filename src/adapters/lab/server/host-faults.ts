import type { LabHost } from '../host/lab-host.ts'
import type { FaultInjector, LabFault } from './faults.ts'

/** Keeps a host's lasting conditions (full disk, wrong clock) true to its faults. */
export function applyHostFaults(host: LabHost, faults: FaultInjector): void {
  let filledBytes = 0
  faults.onChange = (active) => {
    const { disk } = host
    disk.usedBytes -= filledBytes
    filledBytes = active.some((fault) => fault.kind === 'disk-full') ? disk.capacityBytes - disk.usedBytes : 0
    disk.usedBytes += filledBytes
    const skew = active.find(
      (fault): fault is LabFault & { kind: 'clock-skew' } => fault.kind === 'clock-skew',
    )
    host.skewClock(skew?.byMs ?? 0)
  }
  faults.onChange(faults.list().map(({ fault }) => fault))
}
