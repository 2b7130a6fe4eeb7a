export type FormSpec = {
  readonly title: string
  readonly fields: readonly FormField[]
  /** Problems by field name for these texts; pure and quick: called on every key. */
  readonly validate: (values: FormValues) => { readonly [name: string]: string }
}

export type FormField = {
  readonly name: string
  readonly help?: string
  /** As written in the runbook: `int`, `enum`, `secret` … */
  readonly type: string
  readonly choices?: readonly string[]
  readonly initial: string
  readonly isSecret: boolean
  /** A secret that is being created: asked twice. */
  readonly isNew: boolean
}

export type FormValues = { readonly [name: string]: string }
