import type { LabFs, Program, ProgramContext } from '../program.ts'
import { parseArchive, unpackDistribution } from './installation.ts'

/** tar for the archives of the lab: `-xzf FILE [-C DIR] [--strip-components=1]` and `-tzf FILE`. */
export function tarProgram(): Program {
  return (context) => Promise.resolve(runTar(context))
}

type Options = { mode: 'x' | 't' | ''; file: string; directory: string; strip: number }

function runTar(context: ProgramContext): number {
  const options = parseOptions(context)
  const read = context.fs.readFile(options.file)
  if (options.mode === '')
    return fail(context, "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options")
  if (!read.ok)
    return fail(
      context,
      `${options.file}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now`,
    )
  const version = parseArchive(read.value)
  if (version === undefined) {
    context.writeError('\ngzip: stdin: not in gzip format\n')
    return fail(context, 'Child returned status 1\ntar: Error is not recoverable: exiting now')
  }
  const top = `apache-cassandra-${version}`
  if (options.mode === 't') {
    context.write(
      ['', 'bin/', 'bin/cassandra', 'bin/cqlsh', 'bin/nodetool', 'conf/', 'conf/cassandra.yaml']
        .map((path) => `${top}/${path}\n`)
        .join(''),
    )
    return 0
  }
  return extract(context, options, version)
}

function extract(context: ProgramContext, options: Options, version: string): number {
  const { fs } = context
  if (!isDirectory(fs, options.directory)) {
    return fail(
      context,
      `${options.directory}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now`,
    )
  }
  const home = options.strip > 0 ? options.directory : `${options.directory}/apache-cassandra-${version}`
  const result = unpackDistribution(fs, version, home.replaceAll(/\/+/g, '/'))
  if (result.ok) return 0
  return fail(
    context,
    `${home}: Cannot mkdir: Permission denied\ntar: Exiting with failure status due to previous errors`,
  )
}

function parseOptions(context: ProgramContext): Options {
  const options: Options = { mode: '', file: '', directory: context.cwd, strip: 0 }
  const { args } = context
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    const strip = /^--strip-components=(\d+)$/.exec(arg)
    const isBundle = /^-[a-zA-Z]+$/.test(arg) || (index === 0 && /^[xtzvf]+$/.test(arg))
    if (strip !== null) options.strip = Number(strip[1])
    else if (arg === '--strip-components' || arg === '--strip')
      options.strip = Number(args[(index += 1)] ?? 0)
    else if (arg === '-C' || arg === '--directory')
      options.directory = context.fs.resolve(args[(index += 1)] ?? '')
    else if (arg.startsWith('--directory='))
      options.directory = context.fs.resolve(arg.slice('--directory='.length))
    else if (isBundle) {
      if (arg.includes('x')) options.mode = 'x'
      if (arg.includes('t')) options.mode = 't'
      if (arg.includes('f')) options.file = args[(index += 1)] ?? ''
    }
  }
  return options
}

function isDirectory(fs: LabFs, path: string): boolean {
  const stat = fs.stat(path)
  return stat.ok && stat.value.kind === 'directory'
}

function fail(context: ProgramContext, message: string): number {
  context.writeError(`tar: ${message}\n`)
  return 2
}
