/** What the terminal can do, and what its person wants; decided once, by the caller. */
export type Capabilities = {
  readonly hasColor: boolean
  /** Plain ASCII for borders and signs. */
  readonly isAscii: boolean
}

/** Reads the environment: NO_COLOR, a locale without UTF-8, and the options that were given. */
export function detectCapabilities(
  env: { readonly [name: string]: string | undefined },
  options: { readonly ascii?: boolean; readonly color?: boolean },
): Capabilities {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  const isUtf8 = /utf-?8/i.test(locale)
  const noColor = (env['NO_COLOR'] ?? '') !== ''
  return { hasColor: options.color ?? !noColor, isAscii: options.ascii ?? !isUtf8 }
}
