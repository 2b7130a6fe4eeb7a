/** Sections of an ini text; comments begin with `;` or `#`, and a later key wins. */
export function parseIni(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let section = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const head = /^\s*\[([^\]]+)\]/.exec(line)?.[1]
    const pair = /^\s*([^;#=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line)
    if (head !== undefined) {
      section = sections.get(head) ?? new Map<string, string>()
      sections.set(head, section)
    } else if (pair?.[1] !== undefined) section.set(pair[1].toLowerCase(), pair[2] ?? '')
  }
  return sections
}
