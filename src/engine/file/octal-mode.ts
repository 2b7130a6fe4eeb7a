/** The mode that the letters of `ls -l` stand for (`drwxr-xr-x`), in octal without a leading zero: `755`, `4755`. */
export function formatOctalMode(listed: string): string {
  const letters = listed.slice(1, 10)
  const digits = [0, 3, 6].map((at) =>
    sumBits(Array.from(letters.slice(at, at + 3), (letter) => /[rwxst]/.test(letter))),
  )
  const special = sumBits([2, 5, 8].map((at) => /[sStT]/.test(letters[at] ?? '')))
  return `${special === 0 ? '' : special}${digits.join('')}`
}

function sumBits(bits: readonly boolean[]): number {
  return bits.reduce((sum, bit, index) => sum + (bit ? 4 >> index : 0), 0)
}
