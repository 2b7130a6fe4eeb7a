/**
 * Reads cassandra-rackdc.properties as Java's `Properties` do: blanks before a value are dropped,
 * blanks after it stay and become part of the name.
 */
export function parseRackdc(text: string): { dc: string; rack: string; preferLocal: boolean } {
  const values = parseJavaProperties(text)
  return {
    dc: values.get('dc') ?? '',
    rack: values.get('rack') ?? '',
    preferLocal: values.get('prefer_local')?.trim() === 'true',
  }
}

/** Key and value of each line of a Java properties text, without continuation lines. */
export function parseJavaProperties(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^[ \t]*([^#!\s=:][^\s=:]*)[ \t]*[=: \t][ \t]*(.*)$/.exec(line)
    if (match?.[1] !== undefined) values.set(match[1], match[2] ?? '')
  }
  return values
}
