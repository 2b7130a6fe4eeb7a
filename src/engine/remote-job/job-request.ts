import type { Digest, HostName, JobId, RunId } from '../../core/base/ids.ts'

/** What every exchange but `base` says about where the host's directory is and what must be true of it. */
export interface Place {
  /** Absolute base directory, as `base` answered. */
  readonly base: string
  readonly host: HostName
  /** Marker that `base` answered; another one on the host means that its storage was lost. */
  readonly marker: string
}

/** Names one exchange; 32 lower-case hex digits, fresh for each (half frames the reply, half names the claim). */
export type Nonce = string

interface Exchange {
  readonly nonce: Nonce
}
interface AtPlace extends Exchange {
  readonly place: Place
}
interface AtJob extends AtPlace {
  readonly job: JobId
}

/** Chooses and verifies the base directory; once per host, account and run. */
export interface BaseRequest extends Exchange {
  readonly verb: 'base'
  readonly host: HostName
  /** Absolute directory wanted by the inventory; tried before `~/.cache/handrail` and `/var/tmp/handrail-UID`. */
  readonly configured?: string
}

/** From which byte of each stream to send, and how long to stay. */
export interface FollowWindow {
  readonly outOffset: number
  readonly errOffset: number
  /** 0 = send what is there and return; else the exchange ends with `running` after about that long. */
  readonly waitMs: number
}

/** What the job is. */
export interface JobSpec {
  /** The exact bytes (UTF-8) that the interpreter gets; no NUL. */
  readonly body: string
  /** Interpreter as rendered sh words, reading the body on standard input; absent = `/bin/sh` on the body. */
  readonly interpreter?: string
  /** Absolute directory on the host; absent = where the account's shell begins. */
  readonly cwd?: string
  /** Exported to the job alone; sent on standard input, never written to disk. Names must not begin with `h_`. */
  readonly env?: Readonly<Record<string, string>>
  /** True unlinks the body before it runs. */
  readonly isBodySecret?: boolean
  /** Between TERM and KILL. */
  readonly graceSeconds?: number
  /** Only for `on-timeout=kill`: the host itself ends the job after that long. */
  readonly killAfterSeconds?: number
  /** As `base` answered (`signals`): how the job gets back the INT and QUIT that a background shell ignores. */
  readonly signals?: SignalReset
}

/** A program on the host that restores default signals before it starts another. */
export type SignalReset = 'env' | 'perl' | 'none'

/** Starts a job once, and follows it in the same exchange. */
export interface StartRequest extends AtJob, FollowWindow {
  readonly verb: 'start'
  readonly run: RunId
  /** The lease epoch of the run; lower than the one stored on the host is refused. 0 to 999999998. */
  readonly epoch: number
  /** Boot token known when the intent was recorded; with another one an absent job is not started. */
  readonly boot?: string
  readonly spec: JobSpec
  /** Refused unless the file still has that digest (`absent`: does not exist). */
  readonly expectFile?: { readonly path: string; readonly digest: Digest | 'absent' }
}

/** Sends output from the offsets until the job's end or `waitMs`. */
export interface FollowRequest extends AtJob, FollowWindow {
  readonly verb: 'follow'
  readonly boot?: string
}

/** Asks for the state of any number of jobs. */
export interface StatusRequest extends AtPlace {
  readonly verb: 'status'
  readonly jobs: readonly JobId[]
  readonly boot?: string
}

/** Ends a job (`cancel`), or ends it and makes sure that an id that never ran never will (`tombstone`). */
export interface StopRequest extends AtJob {
  readonly verb: 'cancel' | 'tombstone'
  readonly run: RunId
  readonly graceSeconds?: number
  readonly boot?: string
}

/** Removes outputs and body of a finished job; its directory stays as tombstone. */
export interface OutputsRemoveRequest extends AtJob {
  readonly verb: 'outputs-remove'
}

/** Of a run that has ended: seals it on the host and removes its job directories older than 24 h. */
export interface GcRequest extends AtPlace {
  readonly verb: 'gc'
  readonly run: RunId
}

/** What the advisory lock of a host says. A `notice` (of a paused run) may be replaced after a confirmation. */
export interface HostLock {
  readonly mode: 'lock' | 'notice'
  readonly run: string
  readonly holder: string
  /** As the client wrote it (ISO 8601). */
  readonly since: string
}

/** Takes the host's lock for a run, or turns it into a notice. */
export interface LockRequest extends AtPlace {
  readonly verb: 'lock'
  readonly lock: HostLock & { readonly run: RunId }
  /** True replaces another run's lock or notice: a person has confirmed it. */
  readonly force?: boolean
}

/** Gives the lock back (`unlock`, only the run's own) or shows it (`lock-show`). */
export interface UnlockRequest extends AtPlace {
  readonly verb: 'unlock' | 'lock-show'
  readonly run: RunId
}

/** Stores a run's lease epoch on the host and makes its private directory (`run.dir`). */
export interface EpochRequest extends AtPlace {
  readonly verb: 'epoch'
  readonly run: RunId
  readonly epoch: number
}

/** One exchange with the remote job program. */
export type JobRequest =
  | BaseRequest
  | StartRequest
  | FollowRequest
  | StatusRequest
  | StopRequest
  | OutputsRemoveRequest
  | GcRequest
  | LockRequest
  | UnlockRequest
  | EpochRequest
