import { getVariable, setVariable } from '../state.ts'
import type { Builtin } from './builtin.ts'

/** `getopts LETTERS NAME [ARG…]`: one option at a time; where it stands is kept in OPTIND and OPTPOS. */
export const getopts: Builtin = ({ state, args, writeError }) => {
  const [letters = '', name = '', ...given] = args
  const words = args.length > 2 ? given : state.positional
  let index = Number(getVariable(state, 'OPTIND') ?? '1')
  let offset =
    index === 1 && getVariable(state, 'OPTWORD') !== '1' ? 1 : Number(getVariable(state, 'OPTPOS') ?? '1')
  const word = words[index - 1]
  const finish = (): number => {
    setVariable(state, name, '?')
    return 1
  }
  if (word === undefined || !/^-./.test(word)) return finish()
  if (word === '--') {
    setVariable(state, 'OPTIND', String(index + 1))
    return finish()
  }
  const letter = word[offset] ?? ''
  const place = letters.indexOf(letter)
  let found = letter
  state.variables.delete('OPTARG')
  offset += 1
  if (letter === ':' || place < 0) {
    found = '?'
    if (letters.startsWith(':')) setVariable(state, 'OPTARG', letter)
    else writeError(`Illegal option -${letter}\n`)
  } else if (letters[place + 1] === ':') {
    const attached = word.slice(offset)
    const value = attached === '' ? words[index] : attached
    if (attached === '') index += 1
    offset = word.length
    if (value !== undefined) setVariable(state, 'OPTARG', value)
    else if (letters.startsWith(':')) {
      found = ':'
      setVariable(state, 'OPTARG', letter)
    } else {
      found = '?'
      writeError(`No arg for -${letter} option\n`)
    }
  }
  const isWordDone = offset >= word.length
  setVariable(state, name, found)
  setVariable(state, 'OPTIND', String(isWordDone ? index + 1 : index))
  setVariable(state, 'OPTPOS', String(isWordDone ? 1 : offset))
  setVariable(state, 'OPTWORD', String(isWordDone ? '0' : '1'))
  return 0
}
