/** Something that goes wrong on a practice host, as data; where it applies is said per kind. */
export type LabFault =
  /** A new TCP connection is closed at once (the port looks shut). */
  | { readonly kind: 'refuse-connections' }
  /** A new TCP connection is taken and never answered. */
  | { readonly kind: 'hang-connection' }
  /** A command runs, but nothing of it is ever heard. */
  | { readonly kind: 'hang-command' }
  /** Every command begins this much later. */
  | { readonly kind: 'slow'; readonly perCommandMs: number }
  /** The line is cut once this many bytes of a command's output have been sent; the command goes on. */
  | { readonly kind: 'drop-line'; readonly afterOutputBytes: number }
  /** A command's channel closes without telling how it ended. */
  | { readonly kind: 'no-exit-status' }
  /** The host is booted again once this many bytes of a command's output have been sent. */
  | { readonly kind: 'reboot'; readonly afterOutputBytes: number }
  /** The disk takes no further byte; while the fault lasts. */
  | { readonly kind: 'disk-full' }
  /** The host's clock is wrong by this much; while the fault lasts. */
  | { readonly kind: 'clock-skew'; readonly byMs: number }
  /** New connections are shown another host key. */
  | { readonly kind: 'host-key-changed' }
  /** Every login is refused. */
  | { readonly kind: 'auth-refused' }

export type FaultKind = LabFault['kind']

/** When a fault strikes; what is absent does not matter. */
export type FaultTrigger = {
  /** Only for this account. */
  readonly user?: string
  /** Only for commands whose text (the remote command and its input so far) holds this. */
  readonly textHolds?: string
  /** Lets this many chances pass first. */
  readonly skip?: number
  /** How often it strikes; for ever unless told. */
  readonly times?: number
}

export type PlannedFault = { readonly fault: LabFault; readonly trigger?: FaultTrigger }

/** What is known where a fault might strike. */
export type FaultChance = { readonly user?: string; readonly text?: string }

/** The faults of one host; scenarios and tests add and remove them while it runs. */
export class FaultInjector {
  /** Told of each fault that came or went; for those that are a state of the host. */
  onChange: (active: readonly LabFault[]) => void = () => {}
  private readonly planned: Planned[] = []

  /** Adds a fault; the returned function takes it away. */
  add(fault: LabFault, trigger: FaultTrigger = {}): () => void {
    const planned = { fault, trigger, passed: 0, struck: 0 }
    this.planned.push(planned)
    this.tell()
    return () => {
      const place = this.planned.indexOf(planned)
      if (place >= 0) this.planned.splice(place, 1)
      this.tell()
    }
  }

  clear(): void {
    this.planned.length = 0
    this.tell()
  }

  /** The faults that are planned now. */
  list(): readonly PlannedFault[] {
    return this.planned.map(({ fault, trigger }) => ({ fault, trigger }))
  }

  /** The fault of this kind that strikes here, if one does; this uses up one of its times. */
  take<K extends FaultKind>(kind: K, chance: FaultChance = {}): Extract<LabFault, { kind: K }> | undefined {
    for (const planned of this.planned) {
      const { fault, trigger } = planned
      if (fault.kind !== kind || !isMeant(trigger, chance)) continue
      if (planned.struck >= (trigger.times ?? Number.POSITIVE_INFINITY)) continue
      planned.passed += 1
      if (planned.passed <= (trigger.skip ?? 0)) continue
      planned.struck += 1
      return fault as Extract<LabFault, { kind: K }>
    }
    return undefined
  }

  private tell(): void {
    this.onChange(this.planned.map(({ fault }) => fault))
  }
}

type Planned = PlannedFault & { readonly trigger: FaultTrigger; passed: number; struck: number }

function isMeant(trigger: FaultTrigger, chance: FaultChance): boolean {
  if (trigger.user !== undefined && trigger.user !== chance.user) return false
  return trigger.textHolds === undefined || (chance.text ?? '').includes(trigger.textHolds)
}
