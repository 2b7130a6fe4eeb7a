/** Path of a runbook that another one refers to, relative to the same place as the path of that other one. */
export function resolveRunbookPath(from: string, reference: string): string {
  const isAbsolute = reference.startsWith('/')
  const folder = isAbsolute ? [] : from.split('/').slice(0, -1)
  const out: string[] = []
  for (const part of [...folder, ...reference.split('/')]) {
    if (part === '..' && out.length > 0 && out.at(-1) !== '..' && out.at(-1) !== '') out.pop()
    else if (part !== '.' && (part !== '' || out.length === 0)) out.push(part)
  }
  return out.join('/')
}
