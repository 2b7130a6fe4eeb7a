import type { ClusterModel } from '../cluster/create-cluster.ts'
import { refuseLaunch } from '../cluster/start-checks.ts'
import { launchNode } from '../cluster/start-node.ts'
import { stopNode } from '../cluster/stop-node.ts'
import { selectTraits } from '../cluster/version-traits.ts'
import { findNode } from '../cluster/world.ts'
import type { Program, ProgramContext } from '../program.ts'
import { bindHost } from './bind-host.ts'
import { findJava } from './find-java.ts'
import { findHome, readInstalledVersion } from './installation.ts'

/** bin/cassandra: `-v`, `-p PIDFILE`, `-f` (stay), `-R` (as root). Without `-f` it returns before the node is up. */
export function cassandraProgram(cluster: ClusterModel): Program {
  return async (context) => {
    cluster.advance()
    const home = findHome(context)
    const version = readInstalledVersion(context.fs, home)
    const java = findJava(context)
    if (version === undefined)
      return fail(
        context,
        'Error: Could not find or load main class org.apache.cassandra.service.CassandraDaemon',
      )
    if (context.args.includes('-v')) {
      context.write(`${version}\n`)
      return 0
    }
    if (java === undefined)
      return fail(context, 'Unable to find java executable. Check JAVA_HOME and PATH environment variables.')
    const isRoot = context.user.uid === 0
    const refusal = refuseLaunch({
      traits: selectTraits(version),
      java,
      isRoot,
      allowRoot: context.args.includes('-R'),
    })
    if (refusal !== undefined) return fail(context, refusal)
    const running = findNode(cluster.world, context.host.name)
    if (running === undefined || running.phase === 'stopped')
      bindHost(cluster, { handle: context.host, fs: context.fs })
    const launched = launchNode(cluster.world, {
      host: context.host.name,
      home,
      version,
      user: context.user.name,
      java,
    })
    if (!launched.ok) return fail(context, launched.message)
    const pidFile = context.args[context.args.indexOf('-p') + 1]
    if (context.args.includes('-p') && pidFile !== undefined)
      context.fs.writeFile(pidFile, `${launched.pid}\n`)
    return context.args.includes('-f') ? stay(cluster, context) : 0
  }
}

/** How often a daemon in the foreground looks after itself. */
const LOOK_MS = 500
/** Java's own code for a daemon that its checks ended. */
const START_FAILED = 3

async function stay(cluster: ClusterModel, context: ProgramContext): Promise<number> {
  const { name } = context.host
  const { starts } = findNode(cluster.world, name) ?? { starts: 0 }
  for (;;) {
    await context.clock.sleep(LOOK_MS, context.signal)
    cluster.advance()
    const node = findNode(cluster.world, name)
    if (context.signal.aborted) {
      if (node?.starts === starts) stopNode(cluster.world, name, 'shutdown')
      return 143
    }
    if (node === undefined || node.starts !== starts) return 0
    if (node.phase === 'stopped') {
      if (node.failure !== undefined)
        context.writeError(`Exception encountered during startup: ${node.failure}\n`)
      return node.failure === undefined ? 143 : START_FAILED
    }
  }
}

function fail(context: ProgramContext, message: string): number {
  context.writeError(`${message}\n`)
  return 1
}
