/** How a shell leaves the command at hand; thrown by the interpreter and caught by it, never seen outside. */
export class ShellInterrupt extends Error {
  override readonly name = 'ShellInterrupt'
  readonly reason: InterruptCause
  constructor(cause: InterruptCause) {
    super(cause.kind)
    this.reason = cause
  }
}

export type InterruptCause =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'return'; readonly status: number }
  | { readonly kind: 'break'; readonly levels: number }
  | { readonly kind: 'continue'; readonly levels: number }
  /** The process was ended by a signal or by its reader's going away. */
  | { readonly kind: 'killed' }
