import type { HostLock, SignalReset } from './job-request.ts'
import type { ReplyEvent } from './reply-parser.ts'
import type { ReplyLine } from './reply-line.ts'

/** What `base` found out about a host and the account there; to be recorded with the run. */
export interface HostFacts {
  /** The base directory chosen. */
  readonly base: string
  readonly marker: string
  /** Changes with every boot (of the machine or of its container). */
  readonly boot: string
  readonly uid: number
  /** How a job gets a session of its own; with `none` cancel reaches the job's first process only. */
  readonly session: 'setsid' | 'perl' | 'none'
  readonly signals: SignalReset
  /** `yes`: the login manager ends jobs with the connection, so that nothing outlives it there. */
  readonly killsUserProcesses: 'yes' | 'no' | 'unknown'
  readonly freeKiB: number | undefined
  readonly operatingSystem: string
  /** Type of the base's file system (`tmpfs` forgets everything at a reboot); `-` if unknown. */
  readonly fileSystem: string
}

/** Reads the reply to `base`; undefined if it was refused (no safe directory) or makes no sense. */
export function parseHostFacts(events: readonly ReplyEvent[]): HostFacts | undefined {
  let header: ReplyLine | undefined
  let base: string | undefined
  let facts: ReplyLine | undefined
  for (const event of events) {
    if (event.type === 'header') header = event.line
    if (event.type === 'item' && event.line.kind === 'path') base = event.line.rest
    if (event.type === 'trailer' && event.line.word === 'done') facts = event.line
  }
  const { marker, boot } = header?.fields ?? {}
  if (facts === undefined || base === undefined || marker === undefined || boot === undefined)
    return undefined
  const { uid, setsid, signals, kill, free, os, fs } = facts.fields
  return {
    base,
    marker,
    boot,
    uid: Number(uid),
    session: oneOf(['setsid', 'perl', 'none'], setsid) ?? 'none',
    signals: oneOf(['env', 'perl', 'none'], signals) ?? 'none',
    killsUserProcesses: oneOf(['yes', 'no', 'unknown'], kill) ?? 'unknown',
    freeKiB: free !== undefined && /^\d+$/.test(free) ? Number(free) : undefined,
    operatingSystem: os ?? '-',
    fileSystem: fs ?? '-',
  }
}

/** The lock in a `lock`, `unlock`, `lock-show` trailer or in a `locked` refusal; undefined if there is none. */
export function parseHostLock({ fields }: ReplyLine): HostLock | undefined {
  const mode = oneOf(['lock', 'notice'], fields['mode'])
  const { run, holder, since } = fields
  if (mode === undefined || run === undefined || holder === undefined || since === undefined) return undefined
  return { mode, run, holder: decodeField(holder), since: decodeField(since) }
}

function oneOf<const T extends string>(allowed: readonly T[], text: string | undefined): T | undefined {
  return allowed.find((each) => each === text)
}

function decodeField(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
