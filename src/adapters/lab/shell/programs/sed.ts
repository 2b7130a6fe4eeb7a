import { formatFsError } from '../../fs/fs-error.ts'
import type { Program, ProgramContext } from '../../program.ts'
import { linesOf, readInputs } from './read-inputs.ts'
import { parseSed } from './sed-parse.ts'
import type { SedAction, SedAddress, SedCommand } from './sed-parse.ts'

/** `sed [-nErsi[SUFFIX]] [-e SCRIPT]… [-f FILE] SCRIPT [FILE…]`: s y p d q a i c n N = g G h H x D P and blocks. */
export const sed: Program = async (context) => {
  const call = parseCall(context)
  if (typeof call === 'string') return complain(context, call)
  const commands = parseSed(call.script, call.extended)
  if (typeof commands === 'string') return complain(context, `-e expression #1, char 0: ${commands}`)
  if (call.suffix === undefined) {
    const { inputs, failed } = await readInputs(
      {
        ...context,
        writeError: (text) =>
          context.writeError(
            text.replace(/: (?=[^:]*$)/, ': ').replace(/^sed: (.*): /, "sed: can't read $1: "),
          ),
      },
      call.files,
    )
    const text = inputs.map((input) => input.text).join('')
    const run = new SedRun(commands, text, call.quiet)
    run.execute()
    context.write(run.output)
    return failed ? 2 : run.code
  }
  return editInPlace(context, commands, call)
}

type Call = {
  readonly script: string
  readonly files: readonly string[]
  readonly quiet: boolean
  readonly extended: boolean
  readonly suffix: string | undefined
}

function parseCall(context: ProgramContext): Call | string {
  const scripts: string[] = []
  const rest: string[] = []
  let quiet = false
  let extended = false
  let suffix: string | undefined
  const { args } = context
  for (let at = 0; at < args.length; at += 1) {
    const text = args[at] ?? ''
    if (text === '--') {
      rest.push(...args.slice(at + 1))
      break
    }
    if (text === '-e' || text === '--expression') scripts.push(args[(at += 1)] ?? '')
    else if (text.startsWith('--expression=')) scripts.push(text.slice('--expression='.length))
    else if (text === '-f') {
      const script = context.fs.readFile(args[(at += 1)] ?? '')
      if (!script.ok) return `couldn't open file ${args[at]}: ${formatFsError(script.code)}`
      scripts.push(script.value)
    } else if (/^-[nErsuz]*i/.test(text) || text.startsWith('--in-place')) {
      suffix = text.startsWith('--') ? (text.split('=')[1] ?? '') : text.slice(text.indexOf('i') + 1)
      quiet ||= /^-[Ers]*n[nErs]*i/.test(text)
      extended ||= /^-[ns]*[Er][nErs]*i/.test(text)
    } else if (/^-[nErsu]+$/.test(text)) {
      quiet ||= text.includes('n')
      extended ||= /[Er]/.test(text)
    } else if (/^-[nErs]*e$/.test(text)) {
      quiet ||= text.includes('n')
      extended ||= /[Er]/.test(text)
      scripts.push(args[(at += 1)] ?? '')
    } else if (text === '--quiet' || text === '--silent') quiet = true
    else if (text === '--regexp-extended') extended = true
    else if (/^-./.test(text)) return `unknown option: ${text} (the practice host's sed does not have it)`
    else rest.push(text)
  }
  if (scripts.length === 0) {
    const script = rest.shift()
    if (script === undefined) return 'no script specified'
    scripts.push(script)
  }
  return { script: scripts.join('\n'), files: rest, quiet, extended, suffix }
}

function editInPlace(context: ProgramContext, commands: readonly SedCommand[], call: Call): number {
  let status = 0
  for (const path of call.files) {
    const text = context.fs.readFile(path)
    if (!text.ok) {
      context.writeError(`sed: can't read ${path}: ${formatFsError(text.code)}\n`)
      status = 2
      continue
    }
    const run = new SedRun(commands, text.value, call.quiet)
    run.execute()
    if (call.suffix !== undefined && call.suffix !== '')
      context.fs.writeFile(`${path}${call.suffix}`, text.value)
    const written = context.fs.writeFile(path, run.output)
    if (written.ok) continue
    context.writeError(`sed: couldn't write to ${path}: ${formatFsError(written.code)}\n`)
    status = 4
  }
  return status
}

class SedRun {
  output = ''
  code = 0
  private readonly commands: readonly SedCommand[]
  private readonly lines: readonly string[]
  private readonly endsWithNewline: boolean
  private readonly quiet: boolean
  private at = 0
  private space = ''
  private hold = ''
  private appended: string[] = []
  private readonly active = new Map<SedCommand, number>()
  constructor(commands: readonly SedCommand[], text: string, quiet: boolean) {
    this.commands = commands
    this.lines = linesOf(text)
    this.endsWithNewline = text.endsWith('\n')
    this.quiet = quiet
  }

  execute(): void {
    while (this.at < this.lines.length) {
      this.space = this.lines[this.at] ?? ''
      this.at += 1
      const outcome = this.runAll(this.commands)
      if (!this.quiet && outcome !== 'delete' && outcome !== 'quit-silently') this.print(this.space)
      for (const text of this.appended.splice(0)) this.output += `${text}\n`
      if (outcome === 'quit' || outcome === 'quit-silently') return
    }
  }

  private print(text: string): void {
    const isCut = this.at >= this.lines.length && !this.endsWithNewline
    this.output += isCut ? text : `${text}\n`
  }

  private runAll(commands: readonly SedCommand[]): 'delete' | 'quit' | 'quit-silently' | undefined {
    for (const command of commands) {
      if (this.selects(command) === command.negated) continue
      const outcome = this.run(command.action)
      if (outcome !== undefined) return outcome
    }
    return undefined
  }

  private selects(command: SedCommand): boolean {
    const { from, to } = command
    if (from === undefined) return true
    if (to === undefined) return this.matches(from)
    const until = this.active.get(command)
    if (until !== undefined) {
      const isEnd = until > 0 ? this.at >= until : this.matches(to)
      if (isEnd) this.active.delete(command)
      return until <= 0 || this.at <= until
    }
    if (!this.matches(from)) return false
    const end = to.kind === 'line' ? to.line : to.kind === 'more' ? this.at + to.count : 0
    if (end === 0 || end > this.at) this.active.set(command, end)
    return true
  }

  private matches(address: SedAddress): boolean {
    if (address.kind === 'line') return this.at === address.line
    if (address.kind === 'last') return this.at >= this.lines.length
    return address.kind === 'regex' && address.regex.test(this.space)
  }

  private run(action: SedAction): 'delete' | 'quit' | 'quit-silently' | undefined {
    switch (action.kind) {
      case 'block':
        return this.runAll(action.commands)
      case 'substitute':
        this.substitute(action)
        return undefined
      case 'translate':
        this.space = [...this.space].map((char) => action.map.get(char) ?? char).join('')
        return undefined
      case 'text':
        if (action.letter === 'a') this.appended.push(action.text)
        else this.output += `${action.text}\n`
        return action.letter === 'c' ? 'delete' : undefined
      case 'simple':
        return this.runSimple(action.letter, action.code)
    }
  }

  private runSimple(letter: string, code: number): 'delete' | 'quit' | 'quit-silently' | undefined {
    if (letter === 'd') return 'delete'
    if (letter === 'q' || letter === 'Q') {
      this.code = code
      return letter === 'q' ? 'quit' : 'quit-silently'
    }
    if (letter === 'p') this.print(this.space)
    else if (letter === 'P') this.output += `${this.space.split('\n')[0]}\n`
    else if (letter === '=') this.output += `${this.at}\n`
    else if (letter === 'g') this.space = this.hold
    else if (letter === 'G') this.space += `\n${this.hold}`
    else if (letter === 'h') this.hold = this.space
    else if (letter === 'H') this.hold += `\n${this.space}`
    else if (letter === 'x') [this.space, this.hold] = [this.hold, this.space]
    else if (letter === 'n' || letter === 'N') return this.nextLine(letter)
    else if (letter === 'D') {
      const cut = this.space.indexOf('\n')
      if (cut < 0) return 'delete'
      this.space = this.space.slice(cut + 1)
      return this.runAll(this.commands) ?? undefined
    }
    return undefined
  }

  private nextLine(letter: 'n' | 'N'): 'quit' | 'quit-silently' | undefined {
    if (this.at >= this.lines.length) return 'quit'
    if (letter === 'n' && !this.quiet) this.print(this.space)
    const line = this.lines[this.at] ?? ''
    this.at += 1
    this.space = letter === 'n' ? line : `${this.space}\n${line}`
    return undefined
  }

  private substitute(action: SedAction & { kind: 'substitute' }): void {
    let output = ''
    let from = 0
    let count = 0
    let changed = false
    while (from <= this.space.length) {
      const match = action.regex.find(this.space, from)
      if (match === undefined) break
      count += 1
      const isWanted = action.every ? count >= action.nth : count === action.nth
      output += this.space.slice(from, match.start)
      output += isWanted ? fill(action.replacement, match.groups) : this.space.slice(match.start, match.end)
      changed ||= isWanted
      if (match.end > match.start) from = match.end
      else {
        output += this.space.slice(match.end, match.end + 1)
        from = match.end + 1
      }
      if (isWanted && !action.every) break
    }
    if (!changed) return
    this.space = `${output}${this.space.slice(from)}`
    if (action.prints) this.print(this.space)
  }
}

function fill(replacement: string, groups: readonly (string | undefined)[]): string {
  return replacement.replace(
    /\\([0-9])|\\([\s\S])|&/g,
    (whole, group: string | undefined, char: string | undefined) => {
      if (group !== undefined) return groups[Number(group)] ?? ''
      if (char !== undefined) return ({ n: '\n', t: '\t' } as Readonly<Record<string, string>>)[char] ?? char
      return whole === '&' ? (groups[0] ?? '') : whole
    },
  )
}

function complain(context: ProgramContext, message: string): number {
  context.writeError(`sed: ${message}\n`)
  return 1
}
