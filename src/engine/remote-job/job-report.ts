/** What stands between a start and its job. */
export type RefusalReason =
  | 'epoch'
  | 'locked'
  | 'disk'
  | 'digest'
  | 'cwd'
  | 'storage'
  | 'rebooted'
  | 'base'
  | 'not-final'

/** What was found on the host about one job: the rows of the decision table. */
export type JobReport =
  /** No directory, the base's marker is the known one and the host has not been booted since. */
  | { readonly kind: 'never-started' }
  /** No directory, and the marker is missing or another. */
  | { readonly kind: 'storage-lost' }
  /** Claimed, but the supervisor is dead: surely not started. */
  | { readonly kind: 'not-started' }
  | { readonly kind: 'running'; readonly isStarted: boolean; readonly pid: number }
  /** Booted since the job was claimed (or, without a directory, since the intent). */
  | { readonly kind: 'rebooted' }
  /** The supervisor is dead, the job lives: no exit code will come. */
  | { readonly kind: 'orphan'; readonly pid: number }
  /** Supervisor and job are dead without a result, in the same boot. */
  | { readonly kind: 'killed' }
  | { readonly kind: 'exited'; readonly code: number }
  /** `code` is undefined for an id that never ran or whose code nobody saw; survivors = something outlived KILL. */
  | {
      readonly kind: 'cancelled'
      readonly hasRun: boolean
      readonly code: number | undefined
      readonly hasSurvivors: boolean
    }
  | { readonly kind: 'timed-out'; readonly code: number; readonly hasSurvivors: boolean }
  | {
      readonly kind: 'refused'
      readonly why: RefusalReason
      readonly detail: Readonly<Record<string, string>>
    }

/** What may be done without a person, by the decision table. */
export type SafeAction =
  | 'start-same-id'
  /** Write the tombstone for this id first; only if that answers `cancelled`, not run, start a new attempt. */
  | 'tombstone-then-new-attempt'
  | 'follow'
  /** Follow while it lives; its outcome is unknown all the same. */
  | 'follow-then-unknown'
  | 'unknown'
  | 'use-result'
  /** Nothing was started; the reason says what has to change. */
  | 'show-refusal'

/** The safe action for what was found on the host. */
export function decideSafeAction(report: JobReport): SafeAction {
  return SAFE_ACTIONS[report.kind]
}

/** Reads a verdict's words (`exit code=007`); undefined if they are none. */
export function parseJobReport(
  verdict: string,
  fields: Readonly<Record<string, string>>,
): JobReport | undefined {
  const hasSurvivors = fields['left'] === '1'
  const code = parseNumber(fields['code'])
  const pid = parseNumber(fields['pid'])
  switch (verdict) {
    case 'absent':
      return { kind: 'never-started' }
    case 'lost':
      return { kind: 'storage-lost' }
    case 'not-started':
    case 'rebooted':
    case 'killed':
      return { kind: verdict }
    case 'running':
      return pid === undefined
        ? undefined
        : { kind: 'running', isStarted: fields['started'] === 'running', pid }
    case 'orphan':
      return pid === undefined ? undefined : { kind: 'orphan', pid }
    case 'exit':
      return code === undefined ? undefined : { kind: 'exited', code }
    case 'cancelled':
      return { kind: 'cancelled', hasRun: fields['code'] !== '---', code, hasSurvivors }
    case 'timeout':
      return code === undefined ? undefined : { kind: 'timed-out', code, hasSurvivors }
    case 'refused':
      return parseRefusal(fields)
    default:
      return undefined
  }
}

const SAFE_ACTIONS = {
  'never-started': 'start-same-id',
  'storage-lost': 'unknown',
  'not-started': 'tombstone-then-new-attempt',
  running: 'follow',
  rebooted: 'unknown',
  orphan: 'follow-then-unknown',
  killed: 'unknown',
  exited: 'use-result',
  cancelled: 'use-result',
  'timed-out': 'use-result',
  refused: 'show-refusal',
} as const satisfies Record<JobReport['kind'], SafeAction>

const REFUSALS: readonly RefusalReason[] = [
  'epoch',
  'locked',
  'disk',
  'digest',
  'cwd',
  'storage',
  'rebooted',
  'base',
  'not-final',
]

function parseRefusal(fields: Readonly<Record<string, string>>): JobReport | undefined {
  const why = REFUSALS.find((reason) => reason === fields['why'])
  return why === undefined ? undefined : { kind: 'refused', why, detail: fields }
}

function parseNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
