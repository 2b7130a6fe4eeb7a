/**
 * The person's own terminal, handed to an interactive command. Exists because such a command cannot run detached.
 * `attach` takes the keyboard until `release`; what the command prints goes to `show` as it comes.
 */
export type Terminal = {
  readonly size: () => { readonly columns: number; readonly rows: number; readonly term: string }
  readonly attach: (input: {
    readonly write: (bytes: Uint8Array) => void
    readonly resize: (columns: number, rows: number) => void
  }) => AttachedTerminal
}

export type AttachedTerminal = { readonly show: (bytes: Uint8Array) => void; readonly release: () => void }
