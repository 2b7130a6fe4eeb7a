/** Where in a shell script an expression stands, which decides how its value is written and whether it may. */
export type ShellContext =
  | {
      readonly kind: 'word'
      readonly role: 'command' | 'argument' | 'assignment' | 'redirect'
      /** The word is the expression and nothing else. */
      readonly alone: boolean
      /** `NAME={{ … }}` and nothing else, where the shell takes it for an assignment. */
      readonly wholeAssignment: boolean
      /** First word of the command, when it is plain text. */
      readonly command?: string
    }
  | {
      readonly kind: 'heredoc'
      readonly quoted: boolean
      readonly delimiter: string
      readonly stripTabs: boolean
    }
  | {
      readonly kind:
        | 'arithmetic'
        | 'single-quoted'
        | 'double-quoted'
        | 'backquoted'
        | 'parameter'
        | 'comment'
        | 'escaped'
        | 'heredoc-substitution'
        | 'delimiter'
    }

/** Something about the script's own text that the lint reports; `offset` counts in the template's source. */
export type ShellFinding = {
  readonly kind: 'placeholder' | 'pipeline' | 'typographic' | 'ansi-quote' | 'unclosed'
  readonly offset: number
  readonly text: string
}

/** A here-document that was announced on the current line. */
export type PendingHeredoc = {
  readonly delimiter: string
  readonly quoted: boolean
  readonly stripTabs: boolean
}

/** The state of a walk over a shell script. `holes` are the offsets at which expressions stand. */
export type ShellScan = {
  readonly text: string
  readonly holes: ReadonlySet<number>
  readonly contexts: Map<number, ShellContext>
  readonly findings: ShellFinding[]
  /** Here-documents whose bodies begin after the next line break. */
  readonly pending: PendingHeredoc[]
  /** Reads commands up to the end or, with `nested`, after the `)` that closes them. */
  readonly commands: (scan: ShellScan, nested: boolean) => void
  at: number
  depth: number
  /** Open `NAME=(` of other shells, in which nothing is a here-document. */
  arrays: number
}

/** What is known of the command that is being read. */
export type CommandState = {
  atCommand: boolean
  command: string | undefined
  redirect: boolean
  /** Open `case` words; while a pattern is read, `)` and `|` are its own. */
  cases: number
  inPattern: boolean
}
