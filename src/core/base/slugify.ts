/** The anchor that GitHub gives a heading: lower case, punctuation removed, blanks as hyphens. May be empty. */
export function slugify(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}
