import { suggestHint, suggestName } from '../base/suggest-name.ts'
import type { Findings } from './findings.ts'
import { VERBS } from './model.ts'
import type { OptionName, OptionPlace, OptionSpec, OptionValues } from './option-table.ts'
import { isOptionName, OPTION_TABLE } from './option-table.ts'
import type { OptionWord } from './option-words.ts'
import type { SourceText } from './source-text.ts'

export type ReadOptionsContext = {
  readonly source: SourceText
  readonly findings: Findings
  readonly place: OptionPlace
  /** Language of the fence. */
  readonly language?: string
}

/** Gives written words their meaning at a place; what is unknown, misplaced, doubled or unreadable is reported. */
export function readOptions(words: readonly OptionWord[], context: ReadOptionsContext): OptionValues {
  const values: { [name: string]: unknown } = {}
  const seen = new Set<string>()
  for (const word of words) {
    const name = findName(word, context)
    if (name === undefined) continue
    if (seen.has(name)) {
      const message = `\`${name}\` is given twice`
      context.findings.add('HR6104', context.source.positionAt(word.at), {
        message,
        hint: 'remove one of the two',
      })
    } else if (isAllowed(name, word, context)) {
      const value = readValue(name, word, context)
      if (value !== undefined) values[name] = value
    }
    seen.add(name)
  }
  return values as OptionValues
}

/** A place of options in words, e.g. `a check`. */
export function describePlace(place: OptionPlace): string {
  if (place === 'document') return 'the document'
  if (place === 'phase' || place === 'step') return `a ${place}`
  if (place === 'fixture') return 'a `file … temporary`'
  return `${/^[aeiou]/.test(place) ? 'an' : 'a'} \`${place}\``
}

function findName(word: OptionWord, { source, findings }: ReadOptionsContext): OptionName | undefined {
  const { name } = word
  if (isOptionName(name)) return name
  const isVerb = (VERBS as readonly string[]).includes(name)
  const known = Object.keys(OPTION_TABLE)
  const message = isVerb ? `\`${name}\` is a verb, not an option` : `unknown option \`${name}\``
  const near = suggestName(name, known)
  const hint = isVerb
    ? `one verb stands in the info string, right behind the language: \`sh ${name}\``
    : near === undefined
      ? 'the options are listed in the reference of the format'
      : `did you mean \`${near}\`?`
  findings.add('HR6101', source.positionAt(word.at), { message, hint })
  return undefined
}

function isAllowed(name: OptionName, word: OptionWord, context: ReadOptionsContext): boolean {
  const { places, languages }: OptionSpec<unknown> = OPTION_TABLE[name]
  const { place, language, findings, source } = context
  const at = source.positionAt(word.at)
  if (name === 'capture' && (place === 'run' || place === 'undo')) {
    const hint = 'capture in a `check` or `verify`, which may be asked again at any time'
    findings.add('HR6110', at, { message: '`capture` does not go on an action', hint })
    return false
  }
  if (!places.includes(place)) {
    const message = `\`${name}\` does not go on ${describePlace(place)}`
    findings.add('HR6103', at, { message, hint: `it goes on ${joinPlaces(places)}` })
    return false
  }
  const isForLanguage = languages === undefined || language === undefined || languages.includes(language)
  if (!isForLanguage || (language === 'cel' && !CEL_OPTIONS.has(name))) {
    const message = `\`${name}\` does not go on a fence in \`${language}\``
    const hint = isForLanguage
      ? 'a `cel` condition touches no host'
      : `it goes on fences in ${languages.join(', ')}`
    findings.add('HR6103', at, { message, hint })
    return false
  }
  return true
}

/** A condition is evaluated by the program itself: what says how a host is asked means nothing there. */
const CEL_OPTIONS: ReadonlySet<string> = new Set<OptionName>(['when', 'every', 'for', 'passes', 'warn'])

function joinPlaces(places: readonly OptionPlace[]): string {
  return places
    .map(describePlace)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1')
}

function readValue(name: OptionName, word: OptionWord, context: ReadOptionsContext): unknown {
  const { kind }: OptionSpec<unknown> = OPTION_TABLE[name]
  const { source, findings } = context
  const isFlag = kind.written === 'flag'
  if (isFlag !== (word.value === undefined)) {
    const message = isFlag ? `\`${name}\` takes no value` : `\`${name}\` needs a value`
    const hint = isFlag ? `write just \`${name}\`` : `write ${name}=…: ${kind.written}`
    findings.add('HR6105', source.positionAt(word.at), { message, hint })
    return undefined
  }
  const value = word.value ?? ''
  if (!isFlag && value.trim() === '') {
    const finding = {
      message: `\`${name}\` has an empty value`,
      hint: suggestHint(name, []) ?? `write ${kind.written}`,
    }
    findings.add('HR6105', source.positionAt(word.at), finding)
    return undefined
  }
  const start = source.positionAt(word.valueAt)
  // Later lines of a value in a comment over several lines begin at the margin.
  return kind.read({ name, value, place: { file: source.file, start, indent: 0 }, findings })
}
