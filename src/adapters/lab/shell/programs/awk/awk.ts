import type { Program, ProgramContext } from '../../../program.ts'
import { readInputs } from '../read-inputs.ts'
import { parseAwk } from './awk-parser.ts'
import { AwkRun } from './awk-run.ts'
import { AwkProblem } from './awk-syntax.ts'

/**
 * `awk [-F S] [-v NAME=VALUE]… [-f FILE | PROGRAM] [FILE|NAME=VALUE…]`, as POSIX says except for what is not there and
 * says so: getline, system, close, output to a command.
 */
export const awk: Program = async (context) => {
  const call = parseCall(context)
  if (typeof call === 'string') return complain(context, call)
  const program = parseAwk(call.source)
  if (typeof program === 'string') return complain(context, program)
  const run = new AwkRun(program, context)
  try {
    for (const [name, value] of call.assignments) run.setOutside(name, value)
    run.begin()
    const failed = run.readsInput && (await readFiles(context, run, call.files))
    run.end()
    return failed ? 2 : run.status
  } catch (problem) {
    if (!(problem instanceof AwkProblem)) throw problem
    return complain(context, problem.message)
  }
}

type AwkCall = {
  readonly source: string
  readonly assignments: readonly (readonly [string, string])[]
  readonly files: readonly string[]
}

function parseCall(context: ProgramContext): AwkCall | string {
  const pending = [...context.args]
  const assignments: [string, string][] = []
  let source: string | undefined
  while (/^-./.test(pending[0] ?? '')) {
    const option = pending.shift() ?? ''
    if (option === '--') break
    const value = option.length > 2 ? option.slice(2) : (pending.shift() ?? '')
    if (option.startsWith('-F')) assignments.push(['FS', value === 't' ? '\t' : value])
    else if (option.startsWith('-v'))
      assignments.push([value.split('=')[0] ?? '', value.slice(value.indexOf('=') + 1)])
    else if (option.startsWith('-f')) {
      const text = context.fs.readFile(value)
      if (!text.ok) return `can't open file ${value}`
      source = `${source ?? ''}${text.value}\n`
    } else return `unknown option ${option} (the practice host's awk does not have it)`
  }
  source ??= pending.shift()
  return source === undefined
    ? 'usage: awk [-F fs] [-v var=value] prog [file ...]'
    : { source, assignments, files: pending }
}

async function readFiles(context: ProgramContext, run: AwkRun, files: readonly string[]): Promise<boolean> {
  let failed = false
  let hasFile = false
  for (const name of files) {
    const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(name)
    if (assignment !== null) {
      run.setOutside(assignment[1] ?? '', assignment[2] ?? '')
      continue
    }
    hasFile = true
    const read = await readInputs(context, [name])
    failed ||= read.failed
    for (const { path, text } of read.inputs) run.readText(path, text)
  }
  if (!hasFile) run.readText('', await context.stdin.readAll())
  return failed
}

function complain(context: ProgramContext, message: string): number {
  context.writeError(`awk: ${message}\n`)
  return 2
}
