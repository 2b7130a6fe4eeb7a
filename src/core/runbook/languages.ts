import { EDIT_LANGUAGES } from '../edit/edit-result.ts'
import type { LiteralStyle } from '../expr/value.ts'
import type { Expectation, FenceVerb, Verb } from './model.ts'

/** Languages that mark a fence as documentation: transcripts and output. */
export const DOCUMENTATION_LANGUAGES: ReadonlySet<string> = new Set(['console', 'output'])

/** Languages that need no entry under `interpreters:`. */
export const BUILT_IN_LANGUAGES: ReadonlySet<string> = new Set(['sh', 'http', 'cel'])

const STYLES: { readonly [language: string]: LiteralStyle } = {
  sh: 'sh',
  bash: 'sh',
  shell: 'sh',
  zsh: 'sh',
  ksh: 'sh',
  cql: 'cql',
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  // Scalars and lists of JSON are literals in these languages too.
  javascript: 'json',
  js: 'json',
  python: 'json',
  properties: 'properties',
  ini: 'ini',
  xml: 'xml',
  crontab: 'crontab',
  http: 'http',
}

/**
 * How values are written into the body of a fence of this language. A `file` of another language gets them plain;
 * for a program of another language there is no form: undefined.
 */
export function literalStyleOf(language: string, verb: FenceVerb): LiteralStyle | undefined {
  if (Object.hasOwn(STYLES, language)) return STYLES[language]
  return verb === 'file' || verb === 'fixture' ? 'plain' : undefined
}

/** How values are written into what output is compared with. */
export function expectationStyleOf(match: Expectation['match']): LiteralStyle {
  return match === 'text' || match === 'exact' ? 'plain' : match
}

/** Whether a verb goes with a language; if not, what does, in words. */
export function findLanguageProblem(verb: Verb, language: string): string | undefined {
  if (DOCUMENTATION_LANGUAGES.has(language)) return `\`${language}\` marks documentation, which takes no verb`
  if (verb === 'edit' && !(EDIT_LANGUAGES as readonly string[]).includes(language))
    return `\`edit\` knows ${EDIT_LANGUAGES.join(', ')}; other files are written as a whole with \`file\``
  if (language === 'cel' && !['check', 'verify', 'require'].includes(verb))
    return 'a `cel` condition goes with `check`, `verify` and `require`'
  if (language === 'http' && verb === 'expect')
    return 'what a reply must hold is written in `text`, `json` or `yaml`'
  return undefined
}
