/** Languages of an `edit` fence. */
export const EDIT_LANGUAGES = ['yaml', 'json', 'properties', 'ini', 'xml', 'crontab'] as const
export type EditLanguage = (typeof EDIT_LANGUAGES)[number]

/** One key that an edit is responsible for; absent `before`: it is added, absent `after`: it is removed. */
export type ManagedKey = { readonly key: string; readonly before?: string; readonly after?: string }

/** Something found in the wanted text (`HR31xx`, `HR33xx`: lines of the fence's body) or in the file (`HR32xx`). */
export type Finding = {
  readonly code: string
  readonly message: string
  readonly line: number
  readonly column?: number
}

/** What one language makes of a file; an error among the findings means that `text` must not be written. */
export type LanguageEdit = {
  readonly text: string
  readonly findings: readonly Finding[]
  readonly managed: readonly ManagedKey[]
}

/** A refusal: the file stays as it is. */
export function refuseEdit(text: string, findings: readonly Finding[]): LanguageEdit {
  return { text, findings, managed: [] }
}
