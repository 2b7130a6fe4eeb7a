import type { Program } from '../../program.ts'
import { CHARACTER_CLASSES } from '../pattern.ts'
import { parseOptions, refuseOption } from './options.ts'
import { joinLines, linesOf, readInputs } from './read-inputs.ts'

/** `cut -f LIST [-d C] [-s]`, `cut -c LIST`. */
export const cut: Program = async (context) => {
  const options = parseOptions(context.args, {
    flags: ['s', 'n', 'complement'],
    values: ['f', 'c', 'b', 'd', 'delimiter', 'fields', 'characters', 'bytes', 'output-delimiter'],
  })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const { values, flags } = options
  const fields = values.get('f') ?? values.get('fields')
  const characters = values.get('c') ?? values.get('b') ?? values.get('characters') ?? values.get('bytes')
  const list = parseRanges(fields ?? characters ?? '')
  if (list === undefined) {
    context.writeError('cut: you must specify a list of bytes, characters, or fields\n')
    return 1
  }
  const delimiter = values.get('d') ?? values.get('delimiter') ?? '\t'
  const isWanted = (index: number): boolean => list(index) !== flags.has('complement')
  const { inputs, failed } = await readInputs(context, options.rest)
  for (const { text } of inputs) {
    const output: string[] = []
    for (const line of linesOf(text)) {
      if (fields === undefined) output.push([...line].filter((_, index) => isWanted(index + 1)).join(''))
      else if (!line.includes(delimiter)) {
        if (!flags.has('s')) output.push(line)
      } else {
        const kept = line.split(delimiter).filter((_, index) => isWanted(index + 1))
        output.push(kept.join(values.get('output-delimiter') ?? delimiter))
      }
    }
    context.write(joinLines(output))
  }
  return failed ? 1 : 0
}

/** `tr [-dsc] SET1 [SET2]`. */
export const tr: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['d', 's', 'c', 'C'] })
  const [first = '', second] = options.rest
  const isDeleting = options.flags.has('d')
  const isSqueezing = options.flags.has('s')
  if (second === undefined && !isDeleting && !isSqueezing) {
    context.writeError(`tr: missing operand after '${first}'\n`)
    return 1
  }
  const from = expandSet(first)
  const to = expandSet(second ?? '')
  const complemented = options.flags.has('c') || options.flags.has('C')
  const inFirst = new Set(from)
  const isInFirst = (char: string): boolean => inFirst.has(char) !== complemented
  const squeezed = new Set(second === undefined || isDeleting ? (isDeleting ? to : from) : to)
  const translate = (char: string): string => {
    if (isDeleting || second === undefined || !isInFirst(char)) return char
    const place = complemented ? to.length - 1 : Math.min(from.lastIndexOf(char), to.length - 1)
    return to[place] ?? char
  }
  let output = ''
  let last = ''
  for (const char of await context.stdin.readAll()) {
    if (isDeleting && isInFirst(char)) continue
    const mapped = translate(char)
    const isRepeat =
      isSqueezing &&
      mapped === last &&
      (second === undefined && complemented ? isInFirst(mapped) : squeezed.has(mapped))
    if (!isRepeat) output += mapped
    last = mapped
  }
  context.write(output)
  return 0
}

function parseRanges(list: string): ((index: number) => boolean) | undefined {
  const ranges: (readonly [number, number])[] = []
  for (const part of list.split(',')) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part)
    if (match === null || part === '' || part === '-') return undefined
    const low = match[1] === '' ? 1 : Number(match[1])
    const high = match[2] === '' ? low : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])
    ranges.push([low, high])
  }
  return (index) => ranges.some(([low, high]) => index >= low && index <= high)
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '0': '\0',
  f: '\f',
  v: '\v',
  a: '\u0007',
  b: '\b',
}

function expandSet(source: string): string[] {
  const chars: string[] = []
  for (let at = 0; at < source.length;) {
    const named = /^\[:([a-z]+):\]/.exec(source.slice(at))
    if (named !== null) {
      const expression = CHARACTER_CLASSES[named[1] ?? '']
      for (let code = 0; code < 128; code += 1) {
        const char = String.fromCharCode(code)
        if (expression?.test(char) === true) chars.push(char)
      }
      at += named[0].length
      continue
    }
    const low = readChar(source, at)
    at += low.length
    if (source[at] === '-' && at + 1 < source.length) {
      const high = readChar(source, at + 1)
      at += 1 + high.length
      for (let code = low.char.charCodeAt(0); code <= high.char.charCodeAt(0); code += 1) {
        chars.push(String.fromCharCode(code))
      }
    } else chars.push(low.char)
  }
  return chars
}

function readChar(source: string, at: number): { readonly char: string; readonly length: number } {
  if (source[at] !== '\\') {
    const char = String.fromCodePoint(source.codePointAt(at) ?? 0)
    return { char, length: char.length }
  }
  const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1))
  if (octal !== null)
    return { char: String.fromCharCode(Number.parseInt(octal[0], 8)), length: 1 + octal[0].length }
  const char = source[at + 1] ?? '\\'
  return { char: escapes[char] ?? char, length: 2 }
}
