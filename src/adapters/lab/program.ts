/**
 * The contract between a practice host and the programs that run on it.
 *
 * Text is one JavaScript string per byte stream: valid UTF-8 is itself, every other byte 0x80..0xFF
 * is the lone surrogate U+DC80..U+DCFF, so that any input comes back byte for byte (see `bytes.ts`).
 */
import type { Duplex } from 'node:stream'

/** A program of a practice host; it resolves with the exit code (0..255) and never rejects on what a user can cause. */
export type Program = (context: ProgramContext) => Promise<number>

/**
 * The programs of a host. A bare name (`nodetool`) is installed as `/usr/bin/NAME`; a key that begins
 * with `/` (`/opt/cassandra/bin/nodetool`) is installed exactly there. Installed means: a file of mode
 * 0755 that a person can move, remove or make unexecutable like any other.
 */
export type ProgramTable = ReadonlyMap<string, Program>

/** All that a program may see and touch. */
export type ProgramContext = {
  /** The arguments after the program's name. */
  readonly args: readonly string[]
  /** The name by which it was called, as typed (`nodetool` or `/opt/cassandra/bin/nodetool`). */
  readonly name: string
  /** The absolute path of the file that was run; shell built-ins have none. */
  readonly path: string | undefined
  /** The exported variables. */
  readonly env: ReadonlyMap<string, string>
  readonly cwd: string
  readonly user: LabUser
  readonly pid: number
  readonly stdin: LabInput
  /** The file system as this user sees it; relative paths start at `cwd`. */
  readonly fs: LabFs
  readonly host: LabHostHandle
  readonly clock: LabClock
  /** Aborted when the process is killed or its reader is gone; a program that waits must look at it. */
  readonly signal: AbortSignal
  write(text: string): void
  writeError(text: string): void
  /** Runs another program with this one's streams, environment and directory; 127 when there is none. */
  run(command: readonly string[], options?: RunOptions): Promise<number>
}

/** What a child gets that differs from its parent. */
export type RunOptions = {
  readonly user?: LabUser
  readonly env?: ReadonlyMap<string, string>
  readonly cwd?: string
  /** The whole standard input; absent: the parent's. */
  readonly stdin?: string
  readonly signal?: AbortSignal
  /** Takes the child's standard output instead of the parent's. */
  readonly write?: (text: string) => void
  readonly writeError?: (text: string) => void
  /** The child takes the caller's place and keeps its pid, as after exec; the caller does nothing more. */
  readonly replaces?: boolean
  /** The child leads a process group of its own. */
  readonly ownGroup?: boolean
}

/** A standard input that is shared and read bit by bit, as a real one is. */
export type LabInput = {
  /** The next line without its newline; undefined at the end. `newline` is false for a last line without one. */
  readLine(): Promise<{ readonly text: string; readonly newline: boolean } | undefined>
  /** All that is left, waiting for the end of the input. */
  readAll(): Promise<string>
}

/** An account of a practice host. */
export type LabUser = {
  readonly name: string
  readonly uid: number
  readonly gid: number
  /** The name of the primary group. */
  readonly group: string
  /** The names of all groups, the primary one included. */
  readonly groups: readonly string[]
  readonly home: string
}

/** The lab's time; tests and scenarios may run it faster or set it wrong. */
export type LabClock = {
  nowMs(): number
  /** Resolves when the time has passed, or at once when `signal` is aborted (look at `signal.aborted`). */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
}

export type FsErrorCode =
  | 'EACCES'
  | 'EEXIST'
  | 'EINVAL'
  | 'EISDIR'
  | 'ELOOP'
  | 'ENOENT'
  | 'ENOSPC'
  | 'ENOTDIR'
  | 'ENOTEMPTY'
  | 'EPERM'
  | 'EROFS'

/** A file operation's result: what a host can refuse is a value; `formatFsError` words the code. */
export type FsResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: FsErrorCode }

export type FsKind = 'file' | 'directory' | 'symlink'

export type FsStat = {
  readonly kind: FsKind
  /** Permission bits, 0..0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly owner: string
  readonly group: string
  readonly sizeBytes: number
  readonly mtimeMs: number
  readonly inode: number
  readonly links: number
}

export type WriteOptions = {
  readonly append?: boolean
  /** Permission bits of a new file before the umask; default 0666. */
  readonly mode?: number
}

/** A host's file system with one user's rights (root passes all checks); paths may be relative. */
export type LabFs = {
  /** The absolute, normalised form of a path; symbolic links are not followed. */
  resolve(path: string): string
  exists(path: string): boolean
  stat(path: string): FsResult<FsStat>
  /** Like `stat`, but of a symbolic link itself. */
  lstat(path: string): FsResult<FsStat>
  can(path: string, access: 'read' | 'write' | 'execute'): boolean
  readFile(path: string): FsResult<string>
  writeFile(path: string, text: string, options?: WriteOptions): FsResult<void>
  /** Makes a file of mode 0755 that runs the named entry of the host's program table. */
  writeProgram(path: string, program: string): FsResult<void>
  mkdir(path: string, options?: { readonly parents?: boolean; readonly mode?: number }): FsResult<void>
  /** Removes a file or a link; a directory only with `recursive`, or empty with `directory`. */
  remove(
    path: string,
    options?: { readonly recursive?: boolean; readonly directory?: boolean },
  ): FsResult<void>
  rename(from: string, to: string): FsResult<void>
  /** The names in a directory, sorted, without `.` and `..`. */
  list(path: string): FsResult<readonly string[]>
  chmod(path: string, mode: number): FsResult<void>
  /** By name; an unknown name is EINVAL. */
  chown(path: string, to: { readonly owner?: string; readonly group?: string }): FsResult<void>
  symlink(target: string, path: string): FsResult<void>
  link(existing: string, path: string): FsResult<void>
  readLink(path: string): FsResult<string>
  /** Sets the time of change, and makes an empty file where there is none. */
  touch(path: string, mtimeMs?: number): FsResult<void>
  usage(): { readonly capacityBytes: number; readonly usedBytes: number }
}

export type LabHostFacts = {
  readonly hostname: string
  readonly fqdn: string
  readonly addresses: readonly string[]
  /** As in `/etc/os-release`. */
  readonly os: { readonly id: string; readonly versionId: string; readonly prettyName: string }
  readonly kernel: string
  readonly cpus: number
  readonly memoryBytes: number
}

export type LabSignal = 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'TERM' | 'USR1' | 'USR2' | 'STOP' | 'CONT'

/** A row of the process table. */
export type LabProcess = {
  readonly pid: number
  readonly ppid: number
  /** The process group; a signal to it reaches all its members. */
  readonly group: number
  readonly user: string
  /** The whole command line, as `ps -o args` shows it. */
  readonly command: string
  readonly startedAtMs: number
  /** The ports that it holds open; they close with it. */
  readonly ports: readonly number[]
}

export type ProcessOptions = {
  /** A fixed number, for the first processes of a host; else the next free one. */
  readonly pid?: number
  readonly user: string
  readonly command: string
  readonly ppid?: number
  readonly group?: number
  /** Services that live as long as the process, by port. */
  readonly services?: ReadonlyMap<number, LabService>
  /** Called for a signal; return true when it is handled and the process lives on (KILL always ends it). */
  readonly onSignal?: (signal: LabSignal) => boolean
  /** Called once when the process ends, however it ends. */
  readonly onEnd?: (cause: ProcessEnd) => void
}

export type ProcessChange = {
  readonly command?: string
  readonly group?: number
  readonly user?: string
  /** Replaces what handled signals; undefined: nothing does any more. */
  readonly onSignal: ((signal: LabSignal) => boolean) | undefined
}

export type ProcessEnd =
  | { readonly kind: 'exit' }
  | { readonly kind: 'signal'; readonly signal: LabSignal }
  | { readonly kind: 'reboot' }

/** What listens on a port: an HTTP answerer, or anything that takes a byte stream. */
export type LabService =
  | { readonly kind: 'http'; respond(request: LabHttpRequest): Promise<LabHttpResponse> }
  | { readonly kind: 'stream'; connect(stream: Duplex): void }

export type LabHttpRequest = {
  readonly method: string
  /** With the query, as sent. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export type LabHttpResponse = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** A practice host as its programs see it. */
export type LabHostHandle = {
  readonly name: string
  readonly facts: LabHostFacts
  readonly network: LabNetwork
  /** Changes with every reboot. */
  bootId(): string
  bootedAtMs(): number
  users(): readonly LabUser[]
  processes(): readonly LabProcess[]
  /** Adds a simulated daemon to the process table. */
  startProcess(options: ProcessOptions): LabProcess
  /** Makes a process another program's, as exec does; its pid, parent and start stay. */
  changeProcess(pid: number, change: ProcessChange): void
  /** Ends a process on its own account (no signal). */
  endProcess(pid: number): void
  /** Sends a signal; false when there is no such process. */
  signalProcess(pid: number, signal: LabSignal): boolean
  /** Opens a port that no process of the table owns. */
  listen(port: number, service: LabService): void
  unlisten(port: number): void
  ports(): readonly number[]
  service(port: number): LabService | undefined
}

/** The hosts of one lab, for programs that talk to another host. */
export type LabNetwork = {
  /** By name, fully qualified name or address; undefined: no such name. */
  find(nameOrAddress: string): LabHostHandle | undefined
  /** False while a fault separates the two, or the other one is down. */
  reaches(from: string, to: string): boolean
}
