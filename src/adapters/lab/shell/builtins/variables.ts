import { ShellInterrupt } from '../interrupt.ts'
import { getVariable, setVariable } from '../state.ts'
import type { ShellState } from '../state.ts'
import type { Builtin, BuiltinCall } from './builtin.ts'

/** `export [-p] [NAME[=VALUE]…]`. */
export const exportVariables: Builtin = (call) => mark(call, 'exported')

/** `readonly [-p] [NAME[=VALUE]…]`. */
export const makeReadonly: Builtin = (call) => mark(call, 'readonly')

/** `local NAME[=VALUE]…`: the variable gets its old value back when the function ends. */
export const makeLocal: Builtin = (call) => {
  const { state, args } = call
  const scope = state.scopes.at(-1)
  if (scope === undefined) return fail(call, 'not in a function')
  for (const text of args) {
    const [name, value] = divide(text)
    const variable = state.variables.get(name)
    if (!scope.has(name)) scope.set(name, variable === undefined ? undefined : { ...variable })
    if (value !== undefined && !setVariable(state, name, value)) return fail(call, `${name}: is read only`)
  }
  return 0
}

/** `unset [-v|-f] NAME…`. */
export const unset: Builtin = (call) => {
  const { state, args } = call
  const isFunction = args[0] === '-f'
  for (const name of args.filter((text) => text !== '-f' && text !== '-v')) {
    if (isFunction) state.functions.delete(name)
    else if (state.variables.get(name)?.readonly === true) return fail(call, `${name}: is read only`)
    else state.variables.delete(name)
  }
  return 0
}

/** `shift [N]`. */
export const shift: Builtin = (call) => {
  const { state, args } = call
  const count = Number(args[0] ?? '1')
  if (!Number.isInteger(count) || count < 0) return fail(call, `Illegal number: ${args[0]}`)
  if (count > state.positional.length) return fail(call, "can't shift that many")
  state.positional = state.positional.slice(count)
  return 0
}

/** `set [-eufxC] [-o NAME] [--] [ARG…]`; without anything it lists the variables. */
export const set: Builtin = (call) => {
  const { state, args } = call
  if (args.length === 0) {
    for (const name of [...state.variables.keys()].toSorted()) {
      const value = getVariable(state, name)
      if (value !== undefined) call.write(`${name}=${quote(value)}\n`)
    }
    return 0
  }
  let at = 0
  for (; at < args.length; at += 1) {
    const text = args[at] ?? ''
    if (text === '--') {
      state.positional = args.slice(at + 1)
      return 0
    }
    if (!/^[-+]./.test(text)) break
    const isOn = text.startsWith('-')
    if (text.slice(1) === 'o') {
      at += 1
      if (!setOption(state, longOptions[args[at] ?? ''], isOn))
        return fail(call, `Illegal option -o ${args[at]}`)
    } else {
      for (const letter of text.slice(1)) {
        if (!setOption(state, letter, isOn)) return fail(call, `Illegal option -${letter}`)
      }
    }
  }
  if (at < args.length) state.positional = args.slice(at)
  return 0
}

/** `read [-r] NAME…`: one line of standard input, cut at IFS; status 1 at the end of the input. */
export const read: Builtin = async (call) => {
  const { state, args } = call
  const isRaw = args[0] === '-r'
  const names = isRaw || args[0] === '--' ? args.slice(1) : args
  if (names.length === 0) return fail(call, 'arg count')
  const input = state.streams.get(0)?.input
  let line = await input?.readLine()
  let text = line?.text ?? ''
  while (continuesLine(text, line?.newline === true && !isRaw)) {
    line = await input?.readLine()
    text = `${text.slice(0, -1)}${line?.text ?? ''}`
  }
  const values = cut(text, { ifs: getVariable(state, 'IFS') ?? ' \t\n', count: names.length, isRaw })
  for (const [index, name] of names.entries()) {
    if (!setVariable(state, name, values[index] ?? '')) return fail(call, `${name}: is read only`)
  }
  return line?.newline === true ? 0 : 1
}

function continuesLine(text: string, isPossible: boolean): boolean {
  return isPossible && /(?:^|[^\\])(?:\\\\)*\\$/.test(text)
}

const longOptions: Readonly<Record<string, string>> = {
  errexit: 'e',
  nounset: 'u',
  xtrace: 'x',
  noglob: 'f',
  noclobber: 'C',
  pipefail: 'P',
}

function setOption(state: ShellState, letter: string | undefined, isOn: boolean): boolean {
  const { options } = state
  if (letter === 'e') options.errexit = isOn
  else if (letter === 'u') options.nounset = isOn
  else if (letter === 'x') options.xtrace = isOn
  else if (letter === 'f') options.noglob = isOn
  else if (letter === 'C') options.noclobber = isOn
  else if (letter === 'P') options.pipefail = isOn
  else return letter !== undefined && 'abmnvVI'.includes(letter)
  return true
}

function mark(call: BuiltinCall, flag: 'exported' | 'readonly'): number {
  const { state, args, name } = call
  const wanted = args.filter((text) => text !== '-p' && text !== '--')
  if (wanted.length === 0) {
    for (const [key, variable] of [...state.variables].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (!variable[flag]) continue
      call.write(`${name} ${key}${variable.value === undefined ? '' : `=${quote(variable.value)}`}\n`)
    }
  }
  for (const text of wanted) {
    const [key, value] = divide(text)
    if (!/^[A-Za-z_]\w*$/.test(key)) return fail(call, `${key}: bad variable name`)
    if (value !== undefined && !setVariable(state, key, value)) return fail(call, `${key}: is read only`)
    const variable = state.variables.get(key) ?? { value: undefined, exported: false, readonly: false }
    variable[flag] = true
    state.variables.set(key, variable)
  }
  return 0
}

function divide(text: string): [string, string | undefined] {
  const cut = text.indexOf('=')
  return cut < 0 ? [text, undefined] : [text.slice(0, cut), text.slice(cut + 1)]
}

/** A wrong use of a special built-in ends the shell. */
function fail(call: BuiltinCall, message: string): never {
  call.complain(message)
  throw new ShellInterrupt({ kind: 'exit', status: 2 })
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`
}

function cut(
  text: string,
  options: { readonly ifs: string; readonly count: number; readonly isRaw: boolean },
): string[] {
  const chars = unescape(text, options.isRaw)
  const isBlank = (at: number): boolean => isSeparator(at) && ' \t\n'.includes(chars[at]?.char ?? '')
  const isSeparator = (at: number): boolean => {
    const item = chars[at]
    return item !== undefined && !item.quoted && options.ifs.includes(item.char)
  }
  const values: string[] = []
  let at = 0
  while (isBlank(at)) at += 1
  while (at < chars.length && values.length < options.count - 1) {
    let value = ''
    while (at < chars.length && !isSeparator(at)) value += chars[at++]?.char ?? ''
    while (isBlank(at)) at += 1
    if (isSeparator(at) && !isBlank(at)) {
      at += 1
      while (isBlank(at)) at += 1
    }
    values.push(value)
  }
  let end = chars.length
  while (end > at && isBlank(end - 1)) end -= 1
  const rest = chars.slice(at, end)
  const lastIsSeparator = end > at && isSeparator(end - 1)
  const separators = rest.filter((_, index) => isSeparator(at + index) && !isBlank(at + index)).length
  if (lastIsSeparator && separators === 1) rest.pop()
  values.push(rest.map(({ char }) => char).join(''))
  return values
}

function unescape(text: string, isRaw: boolean): { readonly char: string; readonly quoted: boolean }[] {
  const chars: { char: string; quoted: boolean }[] = []
  const source = [...text]
  for (let at = 0; at < source.length; at += 1) {
    const quoted = !isRaw && source[at] === '\\'
    if (quoted) at += 1
    if (at < source.length) chars.push({ char: source[at] ?? '', quoted })
  }
  return chars
}
