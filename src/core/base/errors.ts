/** Thrown when the person asked for something that cannot be; `nextSteps` says what to type instead. Exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly nextSteps: readonly string[]
  constructor(message: string, nextSteps: readonly string[] = []) {
    super(message)
    this.nextSteps = nextSteps
  }
}

/** Thrown when the machine lacks something (a directory, a permission, a program). Exit code given by `exitCode`. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
  readonly nextSteps: readonly string[]
  /** One of the documented exit codes; 6 (journal) unless told. */
  readonly exitCode: number
  constructor(message: string, nextSteps: readonly string[] = [], exitCode = 6) {
    super(message)
    this.nextSteps = nextSteps
    this.exitCode = exitCode
  }
}

/** Thrown when an invariant of our own is broken; never caused by a host or a person. */
export class BugError extends Error {
  override readonly name = 'BugError'
}

/** Marks a `switch` over a closed union as complete; throws {@link BugError} if it is reached after all. */
export function assertNever(value: never): never {
  throw new BugError(`unreachable: ${JSON.stringify(value)}`)
}

/** Throws {@link BugError} with `message` unless `condition` holds. Assertions stay on in production. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BugError(message)
}
