import type { ClusterModel } from '../cluster/create-cluster.ts'
import type { CqlSession } from '../cluster/cql-context.ts'
import { runCql } from '../cluster/cql-session.ts'
import { splitCqlStatements } from '../cluster/cql-text.ts'
import { selectTraits } from '../cluster/version-traits.ts'
import type { VersionTraits } from '../cluster/version-traits.ts'
import type { Program, ProgramContext } from '../program.ts'
import { connectCql } from './cqlsh-connect.ts'
import { parseCqlshOptions } from './cqlsh-options.ts'
import type { CqlshOptions } from './cqlsh-options.ts'
import { formatCqlError, formatCqlResult } from './cqlsh-output.ts'
import { findHome, readInstalledVersion } from './installation.ts'

/** The version of cqlsh outside an installation. */
const LOOSE_VERSION = '5.0.2'

/** cqlsh: exit 1 where it cannot connect or log in, 2 where a statement failed. */
export function cqlshProgram(cluster: ClusterModel): Program {
  return async (context) => {
    cluster.advance()
    const traits = selectTraits(readInstalledVersion(context.fs, findHome(context)) ?? LOOSE_VERSION)
    if (!hasPython(context, traits)) return fail(context, 'No appropriate python interpreter found.', 1)
    const parsed = parseCqlshOptions(context, traits.hasQuorumAuth)
    if (!parsed.ok)
      return fail(context, `Usage: cqlsh.py [options] [host [port]]\n\ncqlsh.py: error: ${parsed.message}`, 2)
    const options = await askPassword(context, parsed.options)
    if (options.showVersion) {
      context.write(`cqlsh ${traits.cqlsh.version}\n`)
      return 0
    }
    if (options.hasOldCredentials) context.writeError(OLD_CREDENTIALS)
    const source = await readSource(context, options)
    if (source === undefined) {
      return fail(
        context,
        `Can't open '${options.file ?? ''}': [Errno 2] No such file or directory: '${options.file ?? ''}'`,
        1,
      )
    }
    const connection = connectCql(cluster.world, context, { options, traits })
    if (!connection.ok) return fail(context, connection.message, 1)
    const session = { ...connection.session, keyspace: options.keyspace }
    return runSource({ cluster, context, session, source, banner: formatBanner(connection.node, options) })
  }
}

const OLD_CREDENTIALS =
  '\nNotice: Credentials in the cqlshrc file is deprecated and will be ignored in the future.\nPlease use a credentials file to specify the username and password.\n'

type Source = { readonly name: string; readonly text: string; readonly countsLines: boolean }

async function readSource(context: ProgramContext, options: CqlshOptions): Promise<Source | undefined> {
  if (options.execute !== undefined) return { name: '<stdin>', text: options.execute, countsLines: false }
  if (options.file === undefined)
    return { name: '<stdin>', text: await context.stdin.readAll(), countsLines: true }
  const read = context.fs.readFile(options.file)
  return read.ok ? { name: options.file, text: read.value, countsLines: true } : undefined
}

type Running = {
  readonly cluster: ClusterModel
  readonly context: ProgramContext
  readonly session: CqlSession
  readonly source: Source
  readonly banner: { readonly version: string; readonly host: string; readonly traits: VersionTraits }
}

/** Runs all statements, also after one that failed, as cqlsh does off a terminal. */
function runSource({ cluster, context, session: first, source, banner }: Running): number {
  let session = first
  let code = 0
  for (const statement of splitCqlStatements(source.text)) {
    const text = statement.text.trim()
    if (/^(exit|quit)$/i.test(text)) break
    const shell = runShellCommand(text, banner)
    if (shell !== undefined) {
      context.write(shell)
      continue
    }
    cluster.advance()
    const run = runCql(cluster.world, session, text)
    session = run.session
    if (run.result.kind === 'error') {
      const line = source.countsLines ? statement.endLine + 1 : 1
      context.writeError(`${source.name}:${line}:${formatCqlError(run.result, banner.traits)}\n`)
      code = 2
    } else context.write(formatCqlResult(run.result))
  }
  return code
}

function runShellCommand(text: string, banner: Running['banner']): string | undefined {
  if (/^show\s+version$/i.test(text)) return `${banner.version}\n`
  if (/^show\s+host$/i.test(text)) return `${banner.host}\n`
  if (/^paging(\s+\S+)?$/i.test(text)) return 'Disabled Query paging.\n'
  return undefined
}

function formatBanner(
  node: { version: string; saved: { clusterName: string } | undefined },
  options: CqlshOptions,
): Running['banner'] {
  const traits = selectTraits(node.version)
  const { version, spec, protocol } = traits.cqlsh
  return {
    traits,
    version: `[cqlsh ${version} | Cassandra ${node.version} | CQL spec ${spec} | Native protocol ${protocol}]`,
    host: `Connected to ${node.saved?.clusterName ?? ''} at ${options.host}:${options.port}.`,
  }
}

/** A user without a password is asked for it; off a terminal the answer comes from standard input. */
async function askPassword(context: ProgramContext, options: CqlshOptions): Promise<CqlshOptions> {
  if (options.user === undefined || options.password !== undefined) return options
  context.writeError('Password: ')
  const line = await context.stdin.readLine()
  context.writeError('\n')
  return { ...options, password: line?.text ?? '' }
}

function hasPython(context: ProgramContext, traits: VersionTraits): boolean {
  const names = traits.isModern ? ['python3'] : ['python2.7', 'python2']
  const path = context.env.get('PATH') ?? '/usr/local/bin:/usr/bin:/bin'
  return path.split(':').some((directory) => names.some((name) => context.fs.exists(`${directory}/${name}`)))
}

function fail(context: ProgramContext, message: string, code: number): number {
  context.writeError(`${message}\n`)
  return code
}
