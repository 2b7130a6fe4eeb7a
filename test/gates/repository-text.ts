/** What the repository's own text must not hold; each row has a canary in tidy.test.ts. */
export type TextRule = {
  readonly name: string
  readonly pattern: RegExp
  /** Which files are looked at; all unless told. */
  readonly files?: RegExp
}

/** The files that say which texts are refused, and so hold some of them. */
export const SELF = /^test\/gates\/(repository-text|tidy\.test)\.ts$/

export const TEXT_RULES: readonly TextRule[] = [
  {
    name: 'an absolute path of one machine',
    pattern: /(?<![\w.$}~*-])\/(?:work|workspaces?|builds|Users|mnt\/[a-z])\/[\w.-]/,
  },
  {
    name: 'a host of a package registry',
    pattern: /registry\.(?:npmjs|yarnpkg)|npmjs\.org|npm\.pkg\.github/i,
  },
  { name: 'where a package was downloaded', pattern: /"resolved":/, files: /(^|\/)package-lock\.json$/ },
  {
    name: 'a word on what wrote the text',
    pattern:
      /\bAIs?\b|\bA\.I\.|\bLLMs?\b|\bGPT\b|\bChatGPT\b|\bCopilot\b|\bClaude\b|\bAnthropic\b|\bOpenAI\b|[Ll]anguage model|\b[Aa]ssistants?\b|\bagent wrote|\b[Cc]hatbot|written by an? agent/,
  },
  {
    name: 'a task left in the source',
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    files: /^(src|scripts|bench|bin)\//,
  },
  {
    name: 'a compiler check switched off',
    pattern: /@ts-(?:ignore|nocheck)/,
    files: /^(src|test|scripts|bench)\//,
  },
  {
    name: 'a lint rule switched off without a reason',
    pattern: /(?:oxlint|eslint)-disable(?!-next-line [\w/,-]+ -- \S)/,
    files: /^(src|test|scripts|bench)\//,
  },
  { name: 'a test that is left alone', pattern: /\b(?:test|it|describe)\.only\b/, files: /^test\// },
  {
    name: 'a test that is skipped without words',
    pattern: /\b(?:test|it|describe)\.(?:skip|skipIf|runIf|todo)\(/,
    files: /^test\/(?!support\/skip)/,
  },
]

/** Gives `file:line: rule: text` for each line of a file that breaks a rule. */
export function findRefusedText(file: string, text: string): string[] {
  if (SELF.test(file)) return []
  const rules = TEXT_RULES.filter(({ files }) => files === undefined || files.test(file))
  return text
    .split('\n')
    .flatMap((line, index) =>
      rules
        .filter(({ pattern }) => pattern.test(line))
        .map(({ name }) => `${file}:${index + 1}: ${name}: ${line.trim().slice(0, 120)}`),
    )
}

/** First folders and files that a document may mean when it names a path of the repository. */
const OWN_PATH =
  /(?<![\w./~$:-])(?:\.ci|bench|bin|docs|inventories|runbooks|scripts|src|test)\/[\w./-]*[\w]|(?<![\w./-])(?:(?:README|CONTRIBUTING|CHANGELOG|SECURITY)\.md|LICENSE|NOTICE|package\.json|knip\.json|vitest\.config\.ts|\.oxlintrc\.json|\.oxfmtrc\.json|tsconfig(?:\.base)?\.json)\b/g

/** Gives the paths of the repository that a Markdown document names, in text, code and relative links. */
export function findNamedPaths(document: string): string[] {
  const links = [...document.matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)/g)].map(
    ([, path]) => `link:${path}`,
  )
  const named = [...document.replaceAll(/\]\([^)]*\)/g, ']').matchAll(OWN_PATH)].map(([path]) => path)
  return [...new Set([...links, ...named])]
}
