import type { Code } from 'mdast'
import { suggestName } from '../base/suggest-name.ts'
import type { Findings } from './findings.ts'
import type { Verb } from './model.ts'
import { VERBS } from './model.ts'
import type { OptionWord } from './option-words.ts'
import { parseOptionWords } from './option-words.ts'
import type { SourceText } from './source-text.ts'

/** What the first line of a fence says. */
export type FenceInfo = {
  /** Lower case; empty if there is none. */
  readonly language: string
  readonly verb?: Verb
  /** Options of the info string. */
  readonly words: readonly OptionWord[]
  /** Offset of the info string. */
  readonly at: number
}

const FORBIDDEN = /[`&\\]/
const OPENING = /^([ \t]*(?:`{3,}|~{3,})[ \t]*)(.*)$/

/** Reads the info string of a fence. Without a verb it is documentation; words that look like one are reported. */
export function parseFenceInfo(node: Code, source: SourceText, findings: Findings): FenceInfo {
  const start = node.position?.start.offset ?? 0
  const line = source.text.slice(start, endOfLine(source.text, start))
  const [, lead = '', written = ''] = OPENING.exec(line) ?? []
  const info = written.trimEnd()
  const at = start + lead.length
  const language = /^\S*/.exec(info)?.[0] ?? ''
  const rest = info.slice(language.length)
  if (isVerb(language)) {
    const hint = `write the language first: \`sh ${language}\``
    findings.add('HR6106', source.positionAt(at), {
      message: `\`${language}\` is a verb, not a language`,
      hint,
    })
    return { language: '', words: [], at }
  }
  if (rest.trim() === '') return { language: language.toLowerCase(), words: [], at }
  const forbidden = FORBIDDEN.exec(info)
  if (forbidden !== null) {
    const message = `an info string cannot hold ${forbidden[0] === '`' ? 'a backtick' : `\`${forbidden[0]}\``}`
    const hint =
      forbidden[0] === '`'
        ? 'remove the backtick'
        : 'put the option into a comment `<!-- handrail … -->` above the fence'
    findings.add('HR6002', source.positionAt(at + forbidden.index), { message, hint })
  }
  const words = parseOptionWords(source, { from: at + language.length, to: at + info.length }, findings)
  return { language: language.toLowerCase(), at, ...takeVerb(words, source, findings) }
}

function takeVerb(
  words: readonly OptionWord[],
  source: SourceText,
  findings: Findings,
): Pick<FenceInfo, 'verb' | 'words'> {
  const [first, ...rest] = words
  if (first === undefined) return { words: [] }
  if (first.value === undefined && isVerb(first.name)) return { verb: first.name, words: rest }
  const at = source.positionAt(first.at)
  const later = rest.find((word) => word.value === undefined && isVerb(word.name))
  if (later !== undefined) {
    const message = `the verb \`${later.name}\` does not stand right behind the language`
    findings.add('HR6102', at, { message, hint: 'write the language, the verb, then the options' })
  } else if (first.value === undefined) {
    const near = suggestName(first.name, VERBS)
    const hint = near === undefined ? `the verbs are: ${VERBS.join(', ')}` : `did you mean \`${near}\`?`
    findings.add('HR6102', at, { message: `unknown verb \`${first.name}\``, hint })
  } else {
    const message = 'a fence without a verb has options'
    findings.add('HR6109', at, { message, hint: 'add a verb behind the language, or remove the options' })
  }
  return { words: [] }
}

function isVerb(word: string): word is Verb {
  return (VERBS as readonly string[]).includes(word)
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}
