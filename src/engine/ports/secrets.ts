/**
 * Resolves secrets by name, in memory only. Exists so that values never enter plan, journal or state.
 * An implementation asks at most once for each name until the value is rejected.
 */
export type Secrets = {
  readonly resolve: (name: string) => Promise<SecretValue>
  /** The value was refused somewhere; it is forgotten and never sent again. */
  readonly reject: (name: string) => void
  /** Values resolved so far, for masking. */
  readonly known: () => readonly { readonly name: string; readonly value: string }[]
}

export type SecretValue =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly reason: string; readonly hint: string }
