/** Names further away than this (edits for each three letters of the word, at least one) are not suggested. */
const LETTERS_PER_EDIT = 3

/** The candidate that was probably meant by a misspelt word, or `undefined` when none is near. */
export function suggestName(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / LETTERS_PER_EDIT))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** A hint in words: the suggestion, else the list of what is known when it is short. */
export function suggestHint(word: string, candidates: Iterable<string>): string | undefined {
  const known = [...candidates]
  const near = suggestName(word, known)
  if (near !== undefined) return `Did you mean \`${near}\`?`
  return known.length > 0 && known.length <= 20 ? `Known here: ${known.join(', ')}.` : undefined
}

/** Optimal string alignment: insert, delete, replace, and swap of two neighbours cost 1. */
function editDistance(a: string, b: string): number {
  let twoBack: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, twoBack[j - 2]! + 1)
      row.push(cost)
    }
    twoBack = previous
    previous = row
  }
  return previous[b.length]!
}
