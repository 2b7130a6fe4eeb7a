/** Applies a mode in octal or letters (`u+x,g=rX`) to permission bits; undefined when it cannot be read. */
export function applyMode(mode: string, before: number, isDirectory: boolean): number | undefined {
  if (/^[0-7]{1,4}$/.test(mode)) return Number.parseInt(mode, 8)
  let bits = before
  for (const clause of mode.split(',')) {
    const match = /^([ugoa]*)([-+=][rwxXst]*)+$/.exec(clause)
    if (match === null) return undefined
    const who = match[1] === '' || match[1]?.includes('a') === true ? 'ugo' : (match[1] ?? '')
    for (const action of clause.slice((match[1] ?? '').length).match(/[-+=][rwxXst]*/g) ?? []) {
      bits = applyAction({ bits, who, action, isDirectory })
    }
  }
  return bits
}

/** Permission bits as `ls -l` shows them, with the letter of the kind. */
export function formatMode(kind: 'file' | 'directory' | 'symlink', mode: number): string {
  const letters = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'))
  const special = [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ] as const
  for (const [bit, place, letter] of special) {
    if ((mode & bit) !== 0) letters[place] = letters[place] === 'x' ? letter : letter.toUpperCase()
  }
  return `${{ file: '-', directory: 'd', symlink: 'l' }[kind]}${letters.join('')}`
}

type Action = {
  readonly bits: number
  readonly who: string
  readonly action: string
  readonly isDirectory: boolean
}

function applyAction({ bits, who, action, isDirectory }: Action): number {
  const shifts: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 }
  const letters = action.slice(1)
  let result = bits
  for (const class_ of who) {
    const shift = shifts[class_] ?? 0
    let part = 0
    if (letters.includes('r')) part |= 4
    if (letters.includes('w')) part |= 2
    if (letters.includes('x') || (letters.includes('X') && (isDirectory || (bits & 0o111) !== 0))) part |= 1
    if (action.startsWith('+')) result |= part << shift
    else if (action.startsWith('-')) result &= ~(part << shift)
    else result = (result & ~(7 << shift)) | (part << shift)
  }
  const special =
    (letters.includes('t') ? 0o1000 : 0) |
    (letters.includes('s') ? (who.includes('u') ? 0o4000 : 0) | (who.includes('g') ? 0o2000 : 0) : 0)
  return action.startsWith('-') ? result & ~special : result | special
}
