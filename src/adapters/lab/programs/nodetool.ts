import type { ClusterModel } from '../cluster/create-cluster.ts'
import { javaMajor } from '../cluster/start-checks.ts'
import { selectTraits } from '../cluster/version-traits.ts'
import { findNode, isRunning } from '../cluster/world.ts'
import type { Program, ProgramContext } from '../program.ts'
import { findJava } from './find-java.ts'
import { findHome, readInstalledVersion } from './installation.ts'
import { NODETOOL_ACTIONS } from './nodetool-actions.ts'
import type { NodetoolCommand } from './nodetool-call.ts'
import { describeClusterCommand } from './nodetool-describecluster.ts'
import { NODETOOL_REPORTS } from './nodetool-reports.ts'
import { REPAIR_COMMANDS } from './nodetool-repair.ts'
import { statusCommand } from './nodetool-status.ts'

/** nodetool: talks to the node of its own host over JMX, which listens on the loopback address only. */
export function nodetoolProgram(cluster: ClusterModel): Program {
  return async (context) => {
    const options = parseOptions(context.args)
    const refusal = refuseConnection(cluster, context, options)
    if (refusal !== undefined) return fail(context, refusal)
    const command = COMMANDS.get(options.command)
    const node = findNode(cluster.world, context.host.name)
    if (options.command === '' || options.command === 'help') return help(context)
    if (command === undefined || node === undefined) {
      return fail(
        context,
        `Found unexpected parameters: [${[options.command, ...options.rest].join(', ')}]\n${SEE_HELP}`,
      )
    }
    const traits = selectTraits(node.version)
    return command({ cluster, world: cluster.world, node, traits, args: options.rest, context })
  }
}

const SEE_HELP = "See 'nodetool help' or 'nodetool help <command>'."

const COMMANDS: ReadonlyMap<string, NodetoolCommand> = new Map([
  ['status', statusCommand],
  ['describecluster', describeClusterCommand],
  ...NODETOOL_REPORTS,
  ...REPAIR_COMMANDS,
  ...NODETOOL_ACTIONS,
])

type Options = {
  readonly host: string
  readonly port: number
  readonly isLegacyUrl: boolean
  readonly command: string
  readonly rest: readonly string[]
}

function parseOptions(args: readonly string[]): Options {
  let host = '127.0.0.1'
  let port = 7199
  let index = 0
  const isLegacyUrl = args.includes(LEGACY_URL)
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    if (arg === '-h' || arg === '--host') host = args[(index += 1)] ?? host
    else if (arg === '-p' || arg === '--port') port = Number(args[(index += 1)] ?? port)
    else if (arg === '-u' || arg === '-pw' || arg === '-pwf') index += 1
    else if (!arg.startsWith('-')) break
  }
  const rest = args.slice(index + 1).filter((arg) => arg !== LEGACY_URL)
  return {
    host: host === 'localhost' ? '127.0.0.1' : host,
    port,
    isLegacyUrl,
    command: args[index] ?? '',
    rest,
  }
}

const LEGACY_URL = '-Dcom.sun.jndi.rmiURLParsing=legacy'

function refuseConnection(
  cluster: ClusterModel,
  context: ProgramContext,
  options: Options,
): string | undefined {
  cluster.advance()
  const at = `'${options.host}:${options.port}'`
  if (hasUrlTrouble(context, options)) {
    return `Failed to connect to ${at} - URISyntaxException: 'Malformed IPv6 address at index 7: rmi://[${options.host}]:${options.port}'.`
  }
  const node = findNode(cluster.world, context.host.name)
  const isHere = options.host.startsWith('127.') && options.port === 7199
  if (isHere && node !== undefined && isRunning(node)) return undefined
  return `Failed to connect to ${at} - ConnectException: 'Connection refused (Connection refused)'.`
}

/** Java from 8u332 and 11.0.15 on refuses the URL that older versions of nodetool build (CASSANDRA-17581). */
function hasUrlTrouble(context: ProgramContext, options: Options): boolean {
  const home = findHome(context)
  const version = readInstalledVersion(context.fs, home)
  const java = findJava(context)
  if (version === undefined || java === undefined || selectTraits(version).isModern) return false
  const update = Number(/_(\d+)/.exec(java.version)?.[1] ?? '0')
  const isNewJava = javaMajor(java.version) === 8 ? update >= 332 : javaMajor(java.version) > 8
  const env = context.fs.readFile(`${home}/conf/cassandra-env.sh`)
  const texts = [context.env.get('JVM_OPTS'), context.env.get('JVM_EXTRA_OPTS'), env.ok ? env.value : '']
  return isNewJava && !options.isLegacyUrl && !texts.some((text) => text?.includes(LEGACY_URL))
}

function fail(context: ProgramContext, message: string): number {
  context.writeError(`nodetool: ${message}\n`)
  return 1
}

function help(context: ProgramContext): number {
  context.write(
    'usage: nodetool [(-h <host> | --host <host>)] [(-p <port> | --port <port>)] <command> [<args>]\n\n',
  )
  context.write(`The practice cluster knows: ${[...COMMANDS.keys()].toSorted().join(', ')}\n`)
  return 0
}
