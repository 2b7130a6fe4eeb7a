/** Files of Ink by name, and how the text of each is changed; throws on a file that is not the known one. */
export const INK_PATCHES: readonly {
  readonly file: RegExp
  readonly apply: (text: string, path: string) => string
}[]
