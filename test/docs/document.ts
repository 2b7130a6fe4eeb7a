import { readFileSync } from 'node:fs'

/** The text of a document of the repository. */
export function readDocument(path: string): string {
  return readFileSync(path, 'utf8')
}

/** What stands in fences of four or more backticks in `language`: examples that hold fences of their own. */
export function findExamples(document: string, language: string): readonly string[] {
  const pattern = new RegExp(`^(\`{3,})${language}\\n([^]*?)^\\1$`, 'gm')
  return [...document.matchAll(pattern)].map((match) => match[2] ?? '')
}

/** Replaces the fence between `<!-- picture: NAME -->` and `<!-- end -->` by the screen of that name. */
export function fillInPictures(document: string, screenOf: (name: string) => string): string {
  return document.replaceAll(
    /(<!-- picture: (.+?) -->\n)[^]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => `${start}\`\`\`text\n${screenOf(name)}\n\`\`\`\n${end}`,
  )
}

/** Reads the screens of a snapshot file by name; unknown names are an error. */
export function readScreens(snapshots: string): (name: string) => string {
  const screens = new Map(
    [...snapshots.matchAll(/^exports\[`(.+) \d+`\] = `\n"\n([^]*?)\n"\n`;$/gm)].map((match) => [
      match[1] ?? '',
      (match[2] ?? '').replaceAll(/\\(.)/g, '$1').replaceAll(/ +$/gm, ''),
    ]),
  )
  return (name) => {
    const screen = screens.get(name)
    if (screen === undefined) throw new Error(`no screen is called ${name}`)
    return screen
  }
}

/** The rows of the first table whose head is `head`. */
export function findTable(document: string, head: string): string {
  const from = document.indexOf(`${head}\n`)
  return from < 0 ? '' : (document.slice(from).split('\n\n', 1)[0] ?? '').trim()
}

/** The keys of each event that `events.ts` declares, in their order; `?` marks those that may be absent. */
export function findEventKeys(source: string): ReadonlyMap<string, string> {
  const union = source.split('export type RunEvent =')[1]?.split('\n\nexport', 1)[0] ?? ''
  const members = splitMembers(union).map((member) =>
    [...member.matchAll(/readonly (\w+\??):(?: '([a-z-]+)')?/g)].map(([, key = '', literal]) => ({
      key,
      literal,
    })),
  )
  return new Map(
    members.map(([type, ...keys]) => [type?.literal ?? '', keys.map(({ key }) => key).join(', ')]),
  )
}

/** The text of each member of a union of objects, without the objects inside of them. */
function splitMembers(union: string): string[] {
  const members: string[] = []
  let depth = 0
  for (const character of union.replaceAll(/\/\*\*[^]*?\*\//g, '')) {
    if (character === '{' && depth === 0) members.push('')
    if (character === '{') depth += 1
    if (depth === 1) members[members.length - 1] += character
    if (character === '}') depth -= 1
  }
  return members
}

/** The keys that the tables of a document give each event. */
export function findEventRows(document: string): ReadonlyMap<string, string> {
  const rows = [...document.matchAll(/^\| `([a-z]+(?:-[a-z]+)+)` \| (`[^|]*`) \|/gm)]
  return new Map(rows.map(([, type = '', keys = '']) => [type, keys.replaceAll('`', '')]))
}
